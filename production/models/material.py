"""What products are made of: components, stock, who has a claim on it, and what is on its way.

``Stock`` is changed by conditional updates only, and every change leaves a ``StockMove``; a stock's
numbers are the sums of its moves. A component that has no stock row at a plant is not counted
there: it is always at hand.
"""

from django.db import models
from django.db.models import F, Q

from cosmo.lib.ids import new_public_id
from production.lifecycle import (
    ProposalStatus,
    PurchaseStatus,
    ReservationStatus,
    StockMoveKind,
)

DIGITS, PLACES = 18, 6


class Component(models.Model):
    """A bought part or material of a factory, the same at all its plants."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="components"
    )
    code = models.CharField(max_length=60, help_text="As bills of materials name it.")
    names = models.JSONField(default=dict, help_text="Language code to name; may be empty.")
    unit = models.CharField(max_length=10, help_text="piece, kg, m2 ...: of all its quantities.")
    lead_time_days = models.PositiveIntegerField(
        help_text="Calendar days in plant time from ordering to having."
    )
    lot_size = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=1, help_text="Bought in multiples of it."
    )
    minimum_order = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="The least that is bought."
    )
    unit_cost = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, help_text="Of one unit, net."
    )
    currency = models.CharField(max_length=3, blank=True, help_text="Of unit_cost.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="production_component_code"
            ),
            models.CheckConstraint(
                condition=Q(lot_size__gt=0, minimum_order__gte=0),
                name="production_component_lot",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Stock(models.Model):
    """How much of a component a plant has, and how much of it is spoken for.

    Free is ``on_hand - held - reserved``. A claim that finds too little waits as a whole:
    ``awaited`` is what such claims need, so a later claim never overtakes them.
    """

    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="stocks")
    component = models.ForeignKey(
        "production.Component", on_delete=models.PROTECT, related_name="stocks"
    )
    on_hand = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=0)
    held = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="Kept for quoted units."
    )
    reserved = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="Kept for sold units."
    )
    awaited = models.DecimalField(
        max_digits=DIGITS,
        decimal_places=PLACES,
        default=0,
        help_text="Needed by claims that found too little.",
    )
    reorder_level = models.DecimalField(
        max_digits=DIGITS,
        decimal_places=PLACES,
        default=0,
        help_text="More is proposed when free and ordered together fall below it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plant", "component"], name="production_stock_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, held__gte=0, reserved__gte=0, awaited__gte=0),
                name="production_stock_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("held") + F("reserved")),
                name="production_stock_covers_claims",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} at {self.plant}"


class StockMove(models.Model):
    """One change of one stock. Never changed, never deleted: a trigger in the database refuses."""

    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField(help_text="Of the plant's material_seq: rises.")
    stock = models.ForeignKey("production.Stock", on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=12, choices=StockMoveKind.choices)
    on_hand = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="Signed change."
    )
    held = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="Signed change."
    )
    reserved = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=0, help_text="Signed change."
    )
    reason = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    purchase = models.ForeignKey(
        "production.PurchaseOrder", on_delete=models.PROTECT, null=True, related_name="moves"
    )
    plant_time = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plant", "seq"], name="production_stockmove_seq")
        ]
        indexes = [models.Index(fields=["stock", "-seq"], name="production_stockmove_stock")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.stock}"


class Reservation(models.Model):
    """What one unit needs of one component: a claim on stock, or on what is to come.

    It is kept with the unit's hold, becomes the work order's on confirmation, and ends when the
    unit's first operation begins (issued) or it is not needed any more (released).
    """

    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey(
        "production.Stock", on_delete=models.PROTECT, related_name="reservations"
    )
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="reservations")
    hold = models.ForeignKey(
        "production.Hold", on_delete=models.PROTECT, null=True, related_name="reservations"
    )
    work_order = models.ForeignKey(
        "production.WorkOrder", on_delete=models.PROTECT, null=True, related_name="reservations"
    )
    quantity = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    instead_of = models.CharField(
        max_length=60, blank=True, help_text="Code of the component it is a substitute for."
    )
    status = models.CharField(
        max_length=10, choices=ReservationStatus.choices, default=ReservationStatus.HELD
    )
    is_covered = models.BooleanField(help_text="From stock; otherwise it waits for more.")
    due_at = models.DateTimeField(help_text="Plant time the unit must be made by: who comes first.")
    available_at = models.DateTimeField(
        null=True, help_text="Plant time it is expected; null while it is covered."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "stock", "instead_of"],
                condition=Q(status__in=["held", "confirmed"]),
                name="production_reservation_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="production_reservation_positive"
            ),
            models.CheckConstraint(
                condition=Q(status="held", hold__isnull=False)
                | Q(status__in=["confirmed", "issued"], work_order__isnull=False)
                | Q(status="released"),
                name="production_reservation_owner",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock", "due_at"],
                condition=Q(status__in=["held", "confirmed"], is_covered=False),
                name="production_reservation_waiting",
            ),
            models.Index(fields=["work_order"], name="production_reservation_order"),
            models.Index(fields=["hold"], name="production_reservation_hold"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.stock} for {self.unit}"


class PurchaseProposal(models.Model):
    """What should be bought, until when it must be ordered, and for which units. Open ones are
    brought up to date whenever stock or claims change; one a component and plant.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey(
        "production.Stock", on_delete=models.PROTECT, related_name="proposals"
    )
    quantity = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    order_by = models.DateTimeField(help_text="Plant time; in the past: it will come late.")
    needed_at = models.DateTimeField(help_text="Plant time the first unit that waits begins.")
    units = models.ManyToManyField("orders.Unit", related_name="+")
    status = models.CharField(
        max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.OPEN
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stock"], condition=Q(status="open"), name="production_proposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="production_proposal_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.stock}"


class PurchaseOrder(models.Model):
    """What was ordered and is expected: all of it on one day, received in one part or several."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey(
        "production.Stock", on_delete=models.PROTECT, related_name="purchases"
    )
    proposal = models.OneToOneField(
        "production.PurchaseProposal",
        on_delete=models.PROTECT,
        null=True,
        related_name="purchase",
    )
    quantity = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    received = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=0)
    ordered_at = models.DateTimeField(help_text="Plant time.")
    expected_at = models.DateTimeField(help_text="Plant time it is expected now.")
    promised_at = models.DateTimeField(help_text="Plant time it was expected when ordered.")
    status = models.CharField(
        max_length=10, choices=PurchaseStatus.choices, default=PurchaseStatus.OPEN
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0), name="production_purchase_positive"
            )
        ]
        indexes = [
            models.Index(
                fields=["plant", "expected_at"],
                condition=Q(status="open"),
                name="production_purchase_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.stock} expected {self.expected_at:%Y-%m-%d}"
