"""Jobs to be taken back from a line: each row is its own outbox row."""

from django.db import models
from django.db.models import Q


class Recall(models.Model):
    """Tell the line not to make this any more, until it has said that it will not."""

    work_order = models.OneToOneField(
        "production.WorkOrder", on_delete=models.PROTECT, related_name="recall"
    )
    next_at = models.DateTimeField(help_text="Real time from which the line is asked (again).")
    attempts = models.PositiveIntegerField(default=0, help_text="Calls that got no answer.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="Real time.")
    answer = models.CharField(max_length=40, blank=True, help_text="done, or the line's refusal.")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(answered_at=None),
                name="production_recall_open",
            )
        ]

    def __str__(self) -> str:
        return f"recall of {self.work_order}"
