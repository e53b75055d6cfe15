"""What a planner sees of a plant's components: shortages, proposals, purchases, stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cosmo.accounts.models import Organisation
from production.lifecycle import ProposalStatus, PurchaseStatus, ReservationStatus
from production.models import (
    Component,
    Engineering,
    Plant,
    PurchaseOrder,
    PurchaseProposal,
    Reservation,
    Stock,
)

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
    substitutes: tuple[str, ...] = ()  # components that serve as well, by name

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


def substitutes_of(plants: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    """By plant and component, what may be taken in its place by the bills made now, the preferred
    first; one statement.
    """
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    bills = Engineering.objects.filter(plant__in=plants, is_current=True).order_by("pk")
    for plant_id, bill in bills.values_list("plant", "document__bom"):
        for line in bill or ():
            key = plant_id, line["component"]
            known = found.get(key, ())
            others = tuple(c for c in line.get("substitutes", ()) if c not in known)
            if others:
                found[key] = known + others
    return found


def stocks(plant: Plant, language: str) -> list[Named]:
    """Two statements; by code."""
    rows = list(counted_stocks([plant.pk]))
    names = {row.component.code: name_of(row.component, language) for row in rows}
    others = substitutes_of([plant.pk])
    return [
        Named(
            one,
            names[one.component.code],
            one.free + one.ordered < one.reorder_level,
            substitutes=tuple(
                names.get(code, code) for code in others.get((plant.pk, one.component.code), ())
            ),
        )
        for one in rows
    ]


def counted_stocks(plants: Sequence[int]) -> "QuerySet[Stock, Any]":
    """Every stock of these plants with ``free``, ``kept`` and ``ordered``, by plant and code."""
    is_open = Q(purchases__status=PurchaseStatus.OPEN)
    return (
        Stock.objects.filter(plant__in=plants)
        .select_related("component")
        .annotate(
            free=F("on_hand") - F("held") - F("reserved"),
            kept=F("held") + F("reserved"),
            ordered=Coalesce(
                Sum(F("purchases__quantity") - F("purchases__received"), filter=is_open),
                Decimal(0),
            ),
        )
        .order_by("plant__code", "component__code")
    )


def plants_of(organisation: Organisation) -> list[int]:
    return list(Plant.objects.filter(organisation=organisation).values_list("pk", flat=True))


def shortages_of(stocks: Sequence[int]) -> dict[int, tuple[Decimal, datetime | None]]:
    """By stock that is short, by how much and when all of it is expected; one statement."""
    rows = (
        Reservation.objects.filter(stock__in=stocks, status__in=WAITING, is_covered=False)
        .values_list("stock")
        .annotate(short=Sum("quantity"), until=Max("available_at"))
    )
    return {stock: (short.normalize(), until) for stock, short, until in rows}


def unit_of(component: Component) -> str:
    """As people write it; kilograms and the like are the same everywhere."""
    return str(UNITS.get(component.unit, component.unit))


def name_of(component: Component, language: str) -> str:
    """The component's name, else its code."""
    names = component.names
    return str(names.get(language) or names.get("en") or component.code)
