"""Orders, their frozen lines and the units: identity and commercial state only."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import OrderStatus


class Order(models.Model):
    """What somebody ordered, at the price and date that were said."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    number = models.CharField(
        max_length=20, unique=True, help_text="Said to people: C-2026-000001."
    )
    seller = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="orders_sold"
    )
    partner = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_placed",
    )
    partner_reference = models.CharField(max_length=80, blank=True)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(
        max_length=12, choices=OrderStatus.choices, default=OrderStatus.QUOTED
    )
    language = models.CharField(max_length=16, default="en")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postal_code = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    phone = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross.")
    tax_total = models.DecimalField(max_digits=12, decimal_places=2, help_text="Included in total.")
    promise_date = models.DateField(help_text="Latest day of delivery of all lines, as promised.")
    offered_date = models.DateField(
        null=True, blank=True, help_text="A later day offered after the hold ended, while asked."
    )
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="Real time until which the promise is kept unpaid."
    )
    hold_extensions = models.PositiveSmallIntegerField(
        default=0, help_text="How often paying has made the hold last longer."
    )
    price_until = models.DateTimeField(
        null=True, blank=True, help_text="Real time until which the price is good unpaid."
    )
    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()
    checkout_key = models.CharField(
        max_length=64, unique=True, help_text="One per review page: a double click orders once."
    )
    chain_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["seller", "status", "id"], name="orders_order_seller"),
            models.Index(fields=["partner", "id"], name="orders_order_partner"),
            models.Index(fields=["user", "id"], name="orders_order_user"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """``quantity`` units of one frozen design revision, at the price and date that were said."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey("design.Product", on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey("design.Offer", on_delete=models.PROTECT, related_name="+")
    texts = models.ForeignKey("design.TextBundle", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(
        "design.DesignRevision", on_delete=models.PROTECT, related_name="order_lines"
    )
    selection = models.JSONField()
    price_lines = models.JSONField(help_text="[{id, feature, amount}] of one unit, gross.")
    unit_price = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross.")
    quantity = models.PositiveSmallIntegerField()
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, help_text="Included.")
    tax = models.DecimalField(max_digits=12, decimal_places=2, help_text="Included, all units.")
    promise_date = models.DateField(help_text="Day of delivery at the customer, as promised.")
    plant_code = models.CharField(max_length=40, blank=True, help_text="Who promised it.")
    cancelled_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time; its units are not made, its money went back."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_orderline_position"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="orders_orderline_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} line {self.position}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class Unit(models.Model):
    """One physical product with a serial; tracked. Its progress is production's."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="units")
    position = models.PositiveSmallIntegerField(help_text="1 .. quantity of the line.")
    gtin = models.CharField(max_length=14)
    serial = models.CharField(max_length=20, help_text="GS1 AI 21: at most 20 characters.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="orders_unit_position"),
            models.UniqueConstraint(fields=["gtin", "serial"], name="orders_unit_serial"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def digital_link(self) -> str:
        """GS1 Digital Link path; with the installation's address before it, a URI."""
        return f"/01/{self.gtin.zfill(14)}/21/{self.serial}"


class UnitIdentifier(models.Model):
    """A further name of a unit in another scheme (Handle, OID, Ecode ...)."""

    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="orders_unitidentifier_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
