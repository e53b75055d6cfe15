"""How an offer is made at a plant: an immutable document."""

from django.db import models

from cosmo.lib.ids import new_public_id


class Engineering(models.Model):
    """The 150 % bill of materials and the routing of one offer at one plant."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    offer = models.ForeignKey("design.Offer", on_delete=models.PROTECT, related_name="engineerings")
    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="engineerings"
    )
    number = models.PositiveIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True, help_text="New work orders use this one.")
    learnt_buffer_min = models.PositiveIntegerField(
        default=0, help_text="Added to promises, as past lateness taught; nightly."
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "plant", "content_hash"], name="production_engineering_hash"
            ),
            models.UniqueConstraint(
                fields=["offer", "plant"],
                condition=models.Q(is_current=True),
                name="production_engineering_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer} at {self.plant}"
