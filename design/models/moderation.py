"""What people reported, and what moderators did about it."""

from django.db import models
from django.db.models import Q

from design.lifecycle import ModerationVerdict


class Report(models.Model):
    """Somebody thinks that a contribution should not be shown."""

    contribution = models.ForeignKey(
        "design.Contribution", on_delete=models.PROTECT, related_name="reports"
    )
    reporter = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, help_text="A moderator has looked at it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "reporter"], name="design_report_once")
        ]
        indexes = [
            models.Index(
                fields=["contribution"], condition=Q(closed_at=None), name="design_report_open"
            )
        ]

    def __str__(self) -> str:
        return f"report of {self.contribution_id}"


class ModerationAct(models.Model):
    """What a moderator decided, and why. Written once, never changed."""

    contribution = models.ForeignKey(
        "design.Contribution", on_delete=models.PROTECT, related_name="acts"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=ModerationVerdict.choices)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.verdict} {self.contribution_id}"
