"""What happens to an order after it was placed: another address, a complaint."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import ComplaintReason, ComplaintStatus


class AddressChange(models.Model):
    """Where an order goes instead of where it went. Written once, never changed."""

    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, related_name="address_changes"
    )
    by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    before = models.JSONField(help_text="Name, street, postcode, town, country, telephone.")
    after = models.JSONField(help_text="The same, as it is from then on.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"address of {self.order}"


class Complaint(models.Model):
    """Something is wrong with a unit that has been delivered; and what came of it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="complaints")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        max_length=10, choices=ComplaintStatus.choices, default=ComplaintStatus.OPEN
    )
    reason = models.CharField(max_length=10, choices=ComplaintReason.choices)
    text = models.TextField(max_length=2000)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    refund = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="Gross, of the unit's price."
    )
    replacement = models.OneToOneField(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(status="open"), name="orders_complaint_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="refunded", refund__gt=0)
                | (~Q(status="refunded") & Q(refund=0)),
                name="orders_complaint_refund",
            ),
            models.CheckConstraint(
                condition=Q(status="remade", replacement__isnull=False)
                | (~Q(status="remade") & Q(replacement=None)),
                name="orders_complaint_replacement",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="open"), name="orders_complaint_waiting")
        ]

    def __str__(self) -> str:
        return f"complaint about {self.unit}"
