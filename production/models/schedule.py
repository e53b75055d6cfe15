"""Plans that were made, verified and published."""

from django.db import models

from cosmo.lib.ids import new_public_id


class ScheduleRun(models.Model):
    """One planning of one plant. Stored only after the independent checker passed it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="schedule_runs"
    )
    trigger = models.CharField(max_length=80, help_text="What asked for it.")
    started_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    was_published = models.BooleanField(default=False)
    refusal = models.CharField(max_length=300, blank=True, help_text="Why it was not published.")
    measures = models.JSONField(default=dict)
    moves = models.JSONField(default=list, help_text="[{operation, from, to}] against before.")
    booking_seq = models.BigIntegerField(help_text="The plant's booking_seq after publishing.")
    plant_time = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["plant", "-id"], name="production_schedulerun_last")]

    def __str__(self) -> str:
        return f"{self.plant} {self.created_at:%Y-%m-%d %H:%M:%S}"
