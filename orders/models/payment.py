"""Money that came in, did not, or went back."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import PaymentStatus


class Payment(models.Model):
    """One attempt to pay an order at a provider."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=40)
    provider_reference = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    status = models.CharField(
        max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.CREATED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    is_settled = models.BooleanField(
        default=False, help_text="What follows from its status was done to the order."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="paid"), name="orders_payment_one_paid"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(is_settled=False), name="orders_payment_unsettled"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_reference}"
