"""Money that came in, did not, or went back."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import PaymentStatus, RefundStatus


class Payment(models.Model):
    """One attempt to pay an order at a provider."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    change = models.OneToOneField(
        "orders.ChangeOrder",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payment",
        help_text="What a change costs more; empty for the payment of the order itself.",
    )
    provider = models.CharField(max_length=40)
    provider_reference = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    status = models.CharField(
        max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.CREATED
    )
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status="paid", change=None),
                name="orders_payment_one_paid",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=["created", "pending", "refunding"]),
                name="orders_payment_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_reference}"


class Refund(models.Model):
    """A part of a payment that goes back while the order goes on."""

    key = models.CharField(
        max_length=80, unique=True, help_text="What it is for; the same again is the same refund."
    )
    payment = models.ForeignKey("orders.Payment", on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    tax_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        help_text="Of what it is for; empty: of all that the order holds, in proportion.",
    )
    status = models.CharField(
        max_length=10, choices=RefundStatus.choices, default=RefundStatus.REFUNDING
    )
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="orders_refund_positive")
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="refunding"), name="orders_refund_open")
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment}"


class SimulatedCharge(models.Model):
    """What the simulated provider knows of a payment: its own ledger, apart from ours."""

    reference = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    outcome = models.CharField(max_length=10, blank=True, help_text="paid or refused, once chosen.")
    settles_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time from which the outcome is known."
    )
    refunded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reference


class SimulatedRefund(models.Model):
    """A part that the simulated provider gave back, in its own ledger."""

    charge = models.ForeignKey(
        "orders.SimulatedCharge", on_delete=models.PROTECT, related_name="refunds"
    )
    key = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.amount} of {self.charge}"
