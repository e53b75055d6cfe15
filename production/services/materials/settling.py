"""What follows when stock, claims or purchases have changed: waiting claims are covered in the
order of their due moments, the others get the day they can be served, work orders their release
date, and buyers their proposals.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from production.lifecycle import (
    PlanReason,
    ProposalStatus,
    ReservationStatus,
    StockMoveKind,
    WorkOrderStatus,
)
from production.locks import plant_lock
from production.models import (
    HeldUnit,
    Plant,
    PurchaseProposal,
    Reservation,
    Stock,
    WorkOrder,
)
from production.selectors.materials import read_supply
from production.selectors.materials_supply import ComponentSupply
from production.services.materials.ledger import Change, try_changes, write_moves
from production.services.materials.proposing import propose
from production.services.plan_events import mark_plan_wanted

DRIFT = timedelta(days=1)  # a day that moves by less is not told anew
OPEN = (ReservationStatus.HELD, ReservationStatus.CONFIRMED)


def settle(*, plant_id: int, at: datetime, stock_ids: Collection[int] | None = None) -> None:
    """Bring everything that hangs on these stocks (None: all of the plant) up to date. Under the
    plant's lock, in a transaction; safe to repeat. One statement where nothing waits or is low.
    """
    looked_at = _to_look_at(plant_id, stock_ids)
    if not looked_at:
        return
    waiting = _waiting(looked_at)
    touched = set()
    if waiting:
        touched = _cover(plant_id, waiting, at)
        touched |= _peg(plant_id, [one for one in waiting if not one.is_covered], at)
    if touched:
        _release_dates(plant_id, touched, at)
    propose(plant_id=plant_id, stock_ids=looked_at, at=at)


def settle_short_plants() -> int:
    """The sweep: days pass, deliveries become overdue, estimates by lead time move along. Each
    plant in a transaction of its own; how many there were.
    """
    low = Stock.objects.filter(
        Q(awaited__gt=0) | Q(on_hand__lt=F("held") + F("reserved") + F("reorder_level"))
    )
    plant_ids = sorted(set(low.values_list("plant_id", flat=True)))
    for plant_id in plant_ids:
        with transaction.atomic():
            plant_lock(plant_id)
            plant = Plant.objects.defer("document").get(pk=plant_id)
            settle(plant_id=plant_id, at=plant.clock.now())
    return len(plant_ids)


def _to_look_at(plant_id: int, stock_ids: Collection[int] | None) -> list[int]:
    stocks: QuerySet[Stock] = Stock.objects.filter(plant_id=plant_id)
    if stock_ids is not None:
        stocks = stocks.filter(pk__in=stock_ids)
    is_proposed = PurchaseProposal.objects.filter(stock=OuterRef("pk"), status=ProposalStatus.OPEN)
    is_low = Q(on_hand__lt=F("held") + F("reserved") + F("reorder_level"))
    found = stocks.filter(Q(awaited__gt=0) | is_low | Exists(is_proposed))
    return list(found.order_by("pk").values_list("pk", flat=True))


def _waiting(stock_ids: Sequence[int]) -> list[Reservation]:
    """Claims that wait, who is due first first."""
    return list(
        Reservation.objects.filter(stock_id__in=stock_ids, status__in=OPEN, is_covered=False)
        .select_related("stock__component")
        .order_by("stock_id", "due_at", "pk")
    )


def _cover(plant_id: int, waiting: Sequence[Reservation], at: datetime) -> set[int]:
    """Serve from stock as long as it lasts; nobody overtakes. The units that were served."""
    served: list[Reservation] = []
    changes: list[Change] = []
    empty: set[int] = set()
    for claim in waiting:
        if claim.stock_id in empty:
            continue
        change = _covering(claim)
        if not try_changes([change]):
            empty.add(claim.stock_id)
            continue
        claim.is_covered, claim.available_at = True, None
        served.append(claim)
        changes.append(change)
    if served:
        Reservation.objects.bulk_update(served, ["is_covered", "available_at"])
        write_moves(plant_id, changes, at=at, reason="had been awaited")
    return {one.unit_id for one in served}


def _covering(claim: Reservation) -> Change:
    is_held = claim.status == ReservationStatus.HELD
    return Change(
        claim.stock_id,
        StockMoveKind.HOLD if is_held else StockMoveKind.CONFIRM,
        held=claim.quantity if is_held else Decimal(0),
        reserved=Decimal(0) if is_held else claim.quantity,
        awaited=-claim.quantity,
        unit_id=claim.unit_id,
    )


def _peg(plant_id: int, waiting: Sequence[Reservation], at: datetime) -> set[int]:
    """The day each waiting claim can be served: from what is on its way, else if ordered now. The
    units whose day changed.
    """
    supply = {one.stock_id: one for one in read_supply(plant_id, 0).components.values()}
    ahead: dict[int, Decimal] = {}
    changed = []
    for claim in waiting:
        known = supply[claim.stock_id]
        ahead[claim.stock_id] = ahead.get(claim.stock_id, Decimal(0)) + claim.quantity
        moment = _day(known, claim.stock, ahead[claim.stock_id], at)
        if _is_told(claim.available_at, moment):
            continue
        claim.available_at = moment
        changed.append(claim)
    Reservation.objects.bulk_update(changed, ["available_at"])
    return {one.unit_id for one in changed}


def _day(known: ComponentSupply, stock: Stock, quantity: Decimal, at: datetime) -> datetime:
    """``known.free`` counts waiting claims as gone; here they are counted one by one."""
    alone = ComponentSupply(
        known.stock_id, known.free + stock.awaited, known.receipts, known.lead_time_days
    )
    return alone.when(quantity, at) or at


def _is_told(before: datetime | None, moment: datetime) -> bool:
    """An estimate by lead time moves along with every hour nobody orders; days are told."""
    return before is not None and before <= moment < before + DRIFT


def _release_dates(plant_id: int, unit_ids: Iterable[int], at: datetime) -> None:
    """Nothing begins before its components are there, and need not wait longer."""
    units = set(unit_ids)
    last = _last_days(units)
    planned = WorkOrder.objects.filter(
        plant_id=plant_id, unit_id__in=units, status=WorkOrderStatus.PLANNED
    )
    changed = []
    for work_order in planned.only("pk", "unit_id", "release_at"):
        moment = last.get(work_order.unit_id) or min(work_order.release_at, at)
        if moment != work_order.release_at:
            work_order.release_at = moment
            changed.append(work_order)
    WorkOrder.objects.bulk_update(changed, ["release_at"])
    held = list(
        HeldUnit.objects.filter(plant_id=plant_id, unit_id__in=units, hold__status="active")
    )
    for one in held:
        one.material_at = last.get(one.unit_id)
    HeldUnit.objects.bulk_update(held, ["material_at"])
    if changed:
        mark_plan_wanted(plant_id, PlanReason.MATERIAL)


def _last_days(unit_ids: Collection[int]) -> Mapping[int, datetime]:
    """By unit, the day its last component is there; none for units that wait for nothing."""
    rows = Reservation.objects.filter(
        unit_id__in=unit_ids, status__in=OPEN, is_covered=False, available_at__isnull=False
    ).values_list("unit_id", "available_at")
    found: dict[int, datetime] = {}
    for unit_id, moment in rows:
        if moment is not None:
            found[unit_id] = max(moment, found.get(unit_id, moment))
    return found
