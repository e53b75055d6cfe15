"""Promises that can no longer be kept: found, told, answered, closed."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from production.lifecycle import SlipCause, SlipStatus


class Slip(models.Model):
    """One unit that will be at its customer later than promised, for one cause.

    ``promised`` is the promise it breaks; whoever agrees to ``expected`` has a new promise, and a
    later plan that breaks that one makes a slip of its own.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="slips")
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="slips")
    cause = models.CharField(max_length=12, choices=SlipCause.choices)
    cause_key = models.CharField(max_length=120, help_text="Which one of its kind.")
    facts = models.JSONField(default=dict, help_text="Component, resource, line ... by cause.")
    promised = models.DateField(help_text="Day of delivery that was promised.")
    expected = models.DateField(help_text="Day of delivery as it is planned now.")
    status = models.CharField(max_length=8, choices=SlipStatus.choices, default=SlipStatus.OPEN)
    answer_until = models.DateTimeField(
        help_text="Real time after which silence means: keep it, with the new day."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Real time.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "promised", "cause_key"], name="production_slip_once"
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(status="open"), name="production_slip_one_open"
            ),
            models.CheckConstraint(
                condition=Q(expected__gt=models.F("promised")) | Q(status="healed"),
                name="production_slip_later",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_until"], condition=Q(status="open"), name="production_slip_open"
            ),
            models.Index(fields=["plant", "status", "-id"], name="production_slip_plant"),
        ]

    def __str__(self) -> str:
        return f"slip of {self.unit} from {self.promised} to {self.expected}"


class SlipWord(models.Model):
    """What was said about a slip: by whom, when, what. Only ever added to."""

    slip = models.ForeignKey("production.Slip", on_delete=models.PROTECT, related_name="words")
    said = models.CharField(
        max_length=12, help_text="told, moved, healed, wait, change, refund, silence."
    )
    by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    speaker = models.CharField(max_length=12, help_text="factory, customer, staff or nobody.")
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["slip", "id"], name="production_slipword_slip")]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.said}"
