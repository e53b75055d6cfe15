"""What was changed after an order was confirmed: asked, priced, paid, done."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import ChangeStatus


class ChangeOrder(models.Model):
    """Another selection for one sold unit, at the price and date that were said for it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(
        max_length=10, choices=ChangeStatus.choices, default=ChangeStatus.ASKED
    )
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    selection_before = models.JSONField()
    selection_after = models.JSONField()
    price_lines_after = models.JSONField(help_text="[{id, feature, amount}] of one unit, gross.")
    price_before = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross.")
    price_after = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross.")
    promise_before = models.DateField()
    promise_after = models.DateField(help_text="As said when asked, then as planned when done.")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(status="asked"), name="orders_change_one_asked"
            )
        ]

    def __str__(self) -> str:
        return f"change of {self.unit}"
