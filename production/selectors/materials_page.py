"""What a planner sees of a plant's components: shortages, proposals, purchases, stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from production.lifecycle import ProposalStatus, PurchaseStatus, ReservationStatus
from production.models import Component, Plant, PurchaseOrder, PurchaseProposal, Reservation, Stock

UNITS = {"piece": _("pcs"), "set": _("sets"), "m2": "m²"}
WAITING = (ReservationStatus.HELD, ReservationStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Shortage:
    """One component that is short, and whom it keeps waiting.

    Attributes:
        available_at: When all of it is expected; None while nobody knows.
        waits: Claims in the order in which they will be served.
    """

    stock: Stock
    name: str
    short: Decimal
    available_at: datetime | None
    waits: tuple[Reservation, ...]

    @property
    def unit(self) -> str:
        return unit_of(self.stock.component)


@dataclass(frozen=True, slots=True)
class Named:
    """A row with the component's name in the reader's language."""

    row: Stock | PurchaseOrder | PurchaseProposal
    name: str
    is_late: bool = False
    plain: str = ""  # a quantity as an input takes it

    @property
    def unit(self) -> str:
        stock = self.row if isinstance(self.row, Stock) else self.row.stock
        return unit_of(stock.component)


def shortages(plant: Plant, language: str) -> list[Shortage]:
    """One statement; the component that keeps most waiting first."""
    by_stock: dict[int, list[Reservation]] = {}
    rows = (
        Reservation.objects.filter(plant=plant, status__in=WAITING, is_covered=False)
        .select_related("stock__component", "unit")
        .order_by("stock_id", "due_at", "pk")
    )
    for claim in rows:
        by_stock.setdefault(claim.stock_id, []).append(claim)
    found = [_shortage(claims, language) for claims in by_stock.values()]
    return sorted(found, key=lambda one: (-len(one.waits), one.name))


def _shortage(claims: Sequence[Reservation], language: str) -> Shortage:
    stock = claims[0].stock
    days = [claim.available_at for claim in claims if claim.available_at is not None]
    return Shortage(
        stock=stock,
        name=name_of(stock.component, language),
        short=sum((claim.quantity for claim in claims), Decimal(0)),
        available_at=max(days, default=None),
        waits=tuple(claims),
    )


def open_proposals(plant: Plant, language: str, now: datetime) -> list[Named]:
    """Two statements; what must be ordered first comes first."""
    rows = (
        PurchaseProposal.objects.filter(plant=plant, status=ProposalStatus.OPEN)
        .select_related("stock__component")
        .prefetch_related("units")
        .order_by("order_by", "pk")
    )
    return [Named(one, name_of(one.stock.component, language), one.order_by < now) for one in rows]


def open_purchases(plant: Plant, language: str, now: datetime) -> list[Named]:
    """One statement; what comes first comes first."""
    rows = (
        PurchaseOrder.objects.filter(plant=plant, status=PurchaseStatus.OPEN)
        .select_related("stock__component")
        .annotate(left=F("quantity") - F("received"))
        .order_by("expected_at", "pk")
    )
    return [
        Named(
            one,
            name_of(one.stock.component, language),
            one.expected_at < now,
            f"{one.left.normalize():f}",
        )
        for one in rows
    ]


def stocks(plant: Plant, language: str) -> list[Named]:
    """One statement; by code."""
    is_open = Q(purchases__status=PurchaseStatus.OPEN)
    rows = (
        Stock.objects.filter(plant=plant)
        .select_related("component")
        .annotate(
            free=F("on_hand") - F("held") - F("reserved"),
            kept=F("held") + F("reserved"),
            ordered=Coalesce(
                Sum(F("purchases__quantity") - F("purchases__received"), filter=is_open),
                Decimal(0),
            ),
        )
        .order_by("component__code")
    )
    return [
        Named(one, name_of(one.component, language), one.free + one.ordered < one.reorder_level)
        for one in rows
    ]


def unit_of(component: Component) -> str:
    """As people write it; kilograms and the like are the same everywhere."""
    return str(UNITS.get(component.unit, component.unit))


def name_of(component: Component, language: str) -> str:
    """The component's name, else its code."""
    names = component.names
    return str(names.get(language) or names.get("en") or component.code)
