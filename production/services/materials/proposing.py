"""What should be bought: enough for the sold units that wait, and to fill up what is low."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db.models import F, Min, Sum

from production.lifecycle import ProposalStatus, PurchaseStatus, ReservationStatus
from production.models import (
    Booking,
    Component,
    PurchaseOrder,
    PurchaseProposal,
    Reservation,
    Stock,
)


def propose(*, plant_id: int, stock_ids: Collection[int], at: datetime) -> None:
    """Bring the open proposals of these stocks up to date: one each, or none. Under the plant's
    lock. A proposal that is not needed any more is dropped; what is ordered counts as coming.
    """
    stocks = Stock.objects.filter(pk__in=stock_ids).select_related("component").order_by("pk")
    coming = _coming(stock_ids)
    waiting = _waiting(stock_ids)
    known = {
        one.stock_id: one
        for one in PurchaseProposal.objects.filter(
            stock_id__in=stock_ids, status=ProposalStatus.OPEN
        )
    }
    begins = _begins([claim.unit_id for claims in waiting.values() for claim in claims])
    for stock in stocks:
        claims = waiting.get(stock.pk, [])
        free = stock.on_hand - stock.held - stock.reserved + coming.get(stock.pk, Decimal(0))
        after = free - sum((claim.quantity for claim in claims), Decimal(0))
        if after >= stock.reorder_level:
            _drop(known.get(stock.pk))
            continue
        short = _unserved(claims, free)
        needed_at = min(
            (begins.get(claim.unit_id, claim.due_at) for claim in short),
            default=at + timedelta(days=stock.component.lead_time_days),
        )
        quantity = lot(stock.component, stock.reorder_level - after)
        _write(known.get(stock.pk), stock, quantity, needed_at, [one.unit_id for one in short])


def lot(component: Component, quantity: Decimal) -> Decimal:
    """At least ``quantity``, as much as can be bought: whole lots, the least order or more."""
    wanted = max(quantity, component.minimum_order)
    lots = (wanted / component.lot_size).to_integral_value(rounding=ROUND_CEILING)
    return lots * component.lot_size


def _unserved(claims: Sequence[Reservation], free: Decimal) -> list[Reservation]:
    """The claims that neither stock nor what is ordered will serve."""
    short = []
    for claim in claims:
        free -= claim.quantity
        if free < 0:
            short.append(claim)
    return short


def _write(
    known: PurchaseProposal | None,
    stock: Stock,
    quantity: Decimal,
    needed_at: datetime,
    unit_ids: Sequence[int],
) -> None:
    order_by = needed_at - timedelta(days=stock.component.lead_time_days)
    values = {"quantity": quantity, "needed_at": needed_at, "order_by": order_by}
    if known is None:
        known = PurchaseProposal.objects.create(plant_id=stock.plant_id, stock=stock, **values)
    else:
        PurchaseProposal.objects.filter(pk=known.pk).update(**values)
    known.units.set(unit_ids)


def _drop(known: PurchaseProposal | None) -> None:
    if known is not None:
        PurchaseProposal.objects.filter(pk=known.pk, status=ProposalStatus.OPEN).update(
            status=ProposalStatus.DROPPED
        )


def _coming(stock_ids: Collection[int]) -> Mapping[int, Decimal]:
    rows = (
        PurchaseOrder.objects.filter(stock_id__in=stock_ids, status=PurchaseStatus.OPEN)
        .values("stock_id")
        .annotate(coming=Sum(F("quantity") - F("received")))
    )
    return {row["stock_id"]: row["coming"] for row in rows}


def _waiting(stock_ids: Collection[int]) -> Mapping[int, list[Reservation]]:
    """Of sold units only: nothing is bought for a quote."""
    found: dict[int, list[Reservation]] = {}
    for claim in Reservation.objects.filter(
        stock_id__in=stock_ids, status=ReservationStatus.CONFIRMED, is_covered=False
    ).order_by("due_at", "pk"):
        found.setdefault(claim.stock_id, []).append(claim)
    return found


def _begins(unit_ids: Collection[int]) -> Mapping[int, datetime]:
    """By unit, plant time its first operation is planned to begin."""
    rows = (
        Booking.objects.filter(unit_id__in=unit_ids, operation__isnull=False)
        .values("unit_id")
        .annotate(begins=Min("period__startswith"))
    )
    return {row["unit_id"]: row["begins"] for row in rows}
