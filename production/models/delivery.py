"""The way from the plant to the customer."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id


class Shipment(models.Model):
    """One unit's parcel."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField("orders.Unit", on_delete=models.PROTECT, related_name="shipment")
    carrier = models.CharField(max_length=40, help_text="A key of COSMO_CARRIERS.")
    parcel_number = models.CharField(max_length=40, unique=True)
    ready_at = models.DateTimeField(help_text="Plant time.")
    pickup_at = models.DateTimeField(help_text="Plant time the carrier comes.")
    expected_at = models.DateTimeField(help_text="Plant time the carrier means to deliver.")
    handed_over_at = models.DateTimeField(null=True, blank=True, help_text="Plant time.")
    goes_to = models.JSONField(
        default=dict, blank=True, help_text="The address it left for, as it was at that moment."
    )
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="Plant time.")

    class Meta:
        indexes = [
            models.Index(
                fields=["plant", "expected_at"],
                condition=Q(delivered_at=None),
                name="production_shipment_moving",
            )
        ]

    def __str__(self) -> str:
        return self.parcel_number
