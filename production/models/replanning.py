"""What asks for a new plan, what stands still, and what people report in a line's place."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from production.lifecycle import DowntimeKind, PlanReason


class PlanEvent(models.Model):
    """Something happened that the plan has to answer. However many there are, one plan answers
    them all: ``run`` is the one that did.
    """

    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="plan_events"
    )
    kind = models.CharField(max_length=24, choices=PlanReason.choices)
    said = models.CharField(max_length=80, help_text="In words for planners, English.")
    subject = models.CharField(
        max_length=80, blank=True, help_text="What it happened to; named once for good."
    )
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    run = models.ForeignKey(
        "production.ScheduleRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plant", "kind", "subject"],
                condition=~Q(subject=""),
                name="production_planevent_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["plant"], condition=Q(run__isnull=True), name="production_planevent_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plant}: {self.said}"


class Downtime(models.Model):
    """A resource that stands still for a while: nothing is planned on its lanes then."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="downtimes"
    )
    resource = models.ForeignKey(
        "production.Resource", on_delete=models.PROTECT, related_name="downtimes"
    )
    kind = models.CharField(max_length=12, choices=DowntimeKind.choices)
    period = DateTimeRangeField(help_text="Plant time, [start, end): as expected, then as it was.")
    reason = models.CharField(max_length=200, blank=True)
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time somebody said that it is over."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="production_downtime_not_empty"
            )
        ]
        indexes = [models.Index(fields=["plant", "-id"], name="production_downtime_plant")]

    def __str__(self) -> str:
        return f"{self.resource} {self.period}"


class HandReport(models.Model):
    """A planner said what the line could not: it is silent."""

    operation = models.ForeignKey(
        "production.Operation", on_delete=models.PROTECT, related_name="hand_reports"
    )
    event = models.CharField(max_length=10, help_text="started, ended or failed.")
    plant_time = models.DateTimeField()
    reason = models.CharField(max_length=200)
    reported_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.operation} {self.event} by hand"
