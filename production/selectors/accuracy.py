"""Promised against reached: how good the plant's word was, and what to add to it next time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from design.selectors.texts import ProductTexts, texts_in
from orders.lifecycle import ChangeStatus
from orders.models import ChangeOrder, OrderLine
from production.compile import floor_of
from production.lifecycle import HoldStatus, WorkOrderStatus
from production.models import HeldUnit, Plant, Shipment, WorkOrder

LOOK_BACK = timedelta(days=90)  # plant time
MOST_UNITS = 20_000  # of one report, the newest
# The buffer that is learnt: from so many units on, to so many of a hundred, never above.
FEWEST_UNITS = 20
LEARNT_FROM = 500
KEPT_OF_HUNDRED = 95
LARGEST_BUFFER_MIN = 2 * 24 * 60


@dataclass(frozen=True, slots=True)
class Delivered:
    """One unit at its customer. ``promised`` is what was said first, or for a change it asked for;
    a slip the customer lived with does not make the word better.
    """

    serial: str
    product: str
    texts_id: int
    selection: dict[str, Any]
    promised: date
    reached: date

    @property
    def days_early(self) -> int:
        """Promised minus reached: below zero it was late."""
        return (self.promised - self.reached).days


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The word about some units. ``median_days`` is of promised minus reached."""

    product: str
    feature: str
    option: str
    units: int
    kept: int
    median_days: float
    worst_days: int

    @property
    def kept_percent(self) -> float:
        return round(100 * self.kept / self.units, 1)


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """``whole`` is None while nothing was delivered in the time looked back on."""

    whole: Accuracy | None
    products: tuple[Accuracy, ...]
    options: tuple[Accuracy, ...]


def delivered_units(plant: Plant, *, since: datetime) -> list[Delivered]:
    """Units delivered since, newest first; one statement."""
    zone = floor_of(plant).book.zone
    rows = (
        Shipment.objects.filter(plant=plant, delivered_at__gte=since)
        .annotate(promised=Coalesce(_changed_to(), _held_for("promise_date", "unit_id")))
        .exclude(promised=None)
        .order_by("-delivered_at")
        .values_list(
            *("unit__serial", "unit__line__product__slug", "unit__line__texts_id"),
            *("unit__line__selection", "promised", "delivered_at"),
        )[:MOST_UNITS]
    )
    return [
        Delivered(serial, product, texts, selection, promised, at.astimezone(zone).date())
        for serial, product, texts, selection, promised, at in rows
    ]


def _changed_to() -> Subquery:
    done = ChangeOrder.objects.filter(unit=OuterRef("unit_id"), status=ChangeStatus.DONE)
    return Subquery(done.order_by("-id").values("promise_after")[:1])


def _held_for(field: str, unit: str) -> Subquery:
    """What was said of the unit when its hold was confirmed."""
    held = HeldUnit.objects.filter(unit=OuterRef(unit), hold__status=HoldStatus.CONFIRMED)
    return Subquery(held.order_by("-id").values(field)[:1])


def accuracy_of(plant: Plant, *, since: datetime) -> AccuracyReport:
    """By product and by chosen option, those whose word was kept least first."""
    units = delivered_units(plant, since=since)
    products = _grouped(units, lambda unit: [(unit.product, "", "")])
    options = _grouped(units, _options)
    return AccuracyReport(
        whole=_measure(("", "", ""), units) if units else None,
        products=products,
        options=tuple(sorted(options, key=lambda one: (one.kept_percent, -one.units))),
    )


def _options(unit: Delivered) -> Iterable[tuple[str, str, str]]:
    for feature, answer in sorted(unit.selection.items()):
        if isinstance(answer, str) and answer not in ("", "none") and len(answer) <= 40:
            yield unit.product, feature, answer


def _grouped(
    units: Sequence[Delivered], keys: Callable[[Delivered], Iterable[tuple[str, str, str]]]
) -> tuple[Accuracy, ...]:
    groups: dict[tuple[str, str, str], list[Delivered]] = {}
    for unit in units:
        for key in keys(unit):
            groups.setdefault(key, []).append(unit)
    return tuple(_measure(key, groups[key]) for key in sorted(groups))


def _measure(key: tuple[str, str, str], units: Sequence[Delivered]) -> Accuracy:
    days = [unit.days_early for unit in units]
    return Accuracy(
        product=key[0],
        feature=key[1],
        option=key[2],
        units=len(units),
        kept=sum(early >= 0 for early in days),
        median_days=float(median(days)),
        worst_days=min(days),
    )


def product_texts(products: Iterable[str], language: str) -> dict[str, ProductTexts]:
    """The words of each product as it was last sold."""
    lines = (
        OrderLine.objects.filter(product__slug__in=set(products))
        .select_related("texts", "product")
        .order_by("product_id", "-id")
        .distinct("product_id")
    )
    return {line.product.slug: texts_in(line.texts, language) for line in lines}


# What is added to promises


def buffer_min(*, plant_id: int, offer_id: int) -> int:
    """Plant minutes to add to what is promised of this offer, beyond the plant's own buffer.

    So much that of a hundred of the last units 95 would have left in time. What had been learnt
    when they were promised counts as used: a buffer that works does not unlearn itself. Nothing
    while too few were made to tell; two days at most, because who is that late has another trouble.
    """
    plant = Plant.objects.get(pk=plant_id)
    late = lateness_min(plant, offer_id=offer_id)
    if len(late) < FEWEST_UNITS:
        return 0
    upper = quantiles(late, n=100, method="inclusive")[KEPT_OF_HUNDRED - 1]
    extra = int(upper) - floor_of(plant).book.promise_buffer_min
    return max(0, min(extra, LARGEST_BUFFER_MIN))


def lateness_min(plant: Plant, *, offer_id: int) -> list[int]:
    """Minutes by which units left the line after the moment their promise allowed, less what had
    been learnt by then; below zero where they were early. The newest units of the time looked back
    on; one statement.
    """
    rows = _made(plant, offer_id)[:LEARNT_FROM]
    return [int((row.ends - row.due).total_seconds() // 60) + row.learnt for row in rows]


def _made(plant: Plant, offer_id: int) -> QuerySet[Any]:
    return (
        WorkOrder.objects.filter(
            plant=plant,
            engineering__offer_id=offer_id,
            status__in=[WorkOrderStatus.COMPLETED, WorkOrderStatus.CLOSED],
        )
        .annotate(
            ends=Max("operations__ended_at"),
            due=Coalesce(_held_for("due_at", "unit_id"), F("due_at")),
            learnt=Coalesce(_held_for("buffer_min", "unit_id"), 0),
        )
        .filter(ends__gte=plant.clock.now() - LOOK_BACK)
        .order_by("-ends", "-id")
    )
