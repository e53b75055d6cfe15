"""What a visitor means to buy. Prices and dates are looked up, never kept here."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id


class Cart(models.Model):
    """A visitor's basket, found by the id in the session or by the user who signed in."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, null=True, related_name="cart"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.public_id)


class CartLine(models.Model):
    """``quantity`` units of one design revision."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    cart = models.ForeignKey("orders.Cart", on_delete=models.CASCADE, related_name="lines")
    revision = models.ForeignKey(
        "design.DesignRevision", on_delete=models.PROTECT, related_name="+"
    )
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "revision"], name="orders_cartline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=20), name="orders_cartline_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.revision}"
