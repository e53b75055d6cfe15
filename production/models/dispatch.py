"""The inbox of what the line reported."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id


class LineReport(models.Model):
    """One report of the line, kept as it came; unique, so that a duplicate is recognised."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("production.Line", on_delete=models.PROTECT, related_name="reports")
    epoch = models.CharField(max_length=64)
    job = models.UUIDField(help_text="The work order's public id, known here or not.")
    seq = models.BigIntegerField(help_text="The line's count within epoch and job, from 1.")
    body = models.JSONField(help_text="JobResponse as received.")
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    flag = models.CharField(
        max_length=200, blank=True, help_text="Why it was stored but not followed."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "epoch", "job", "seq"], name="production_linereport_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["line", "job"],
                condition=Q(applied_at=None),
                name="production_linereport_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.epoch}/{self.seq}"
