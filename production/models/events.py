"""A unit's own history, in order, for its page, its partner and its passport."""

from django.db import models

from cosmo.lib.ids import new_public_id


class UnitEvent(models.Model):
    """Something that happened to a unit. ``seq`` rises within the plant without a gap."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="events")
    work_order = models.ForeignKey(
        "production.WorkOrder", on_delete=models.PROTECT, null=True, related_name="+"
    )
    stage = models.CharField(max_length=24, help_text="confirmed, planned, queued, next ...")
    facts = models.JSONField(default=dict, help_text="Step, station, reason, day ... by stage.")
    plant_time = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plant", "seq"], name="production_unitevent_seq")
        ]
        indexes = [models.Index(fields=["unit", "seq"], name="production_unitevent_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.seq} {self.stage}"
