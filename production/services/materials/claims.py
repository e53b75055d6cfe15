"""A unit's claims: with its hold, with its work order, used, given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from production.lifecycle import ReservationStatus, StockMoveKind
from production.locks import plant_lock
from production.models import HeldUnit, Plant, Reservation, WorkOrder
from production.selectors.materials import read_supply
from production.selectors.materials_supply import Counter, Need, Pick, needs_in
from production.services.materials.ledger import (
    Change,
    make_changes,
    try_changes,
    write_moves,
)
from production.services.materials.settling import settle
from production.services.materials.stocktaking import make_room


@dataclass(frozen=True, slots=True)
class _Claim:
    unit_id: int
    stock_id: int
    quantity: Decimal
    instead_of: str
    available_at: datetime | None


@transaction.atomic
def hold(
    *,
    hold_id: int,
    plant_id: int,
    needs: Mapping[int, Mapping[str, Decimal] | Sequence[Need]],
    due_at: Mapping[int, datetime],
    at: datetime,
) -> dict[int, datetime | None]:
    """Keep components for the units of a hold, whose rows are written; what is short waits in the
    order of due moments.

    Args:
        needs: By unit, see ``selectors.materials.needs_of``.
        due_at: By unit, plant time it must be made by.
        at: Plant time now.

    Returns:
        By unit, plant time from which everything is there; None: it is there now.
    """
    plant_lock(plant_id)
    claims, moments = _choose(plant_id, needs, at)
    _claim(plant_id, claims, due_at, at, StockMoveKind.HOLD, {"hold_id": hold_id})
    late = {unit_id: moment for unit_id, moment in moments.items() if moment is not None}
    for unit_id, moment in late.items():
        HeldUnit.objects.filter(hold_id=hold_id, unit_id=unit_id).update(material_at=moment)
    return moments


@transaction.atomic
def reserve(*, work_order: WorkOrder, needs: Sequence[Need]) -> datetime | None:
    """Claim components for a work order that no hold came before (a remake), and change its bill
    and release date to what was found. Returns when everything is there, None: it is now.
    """
    plant_lock(work_order.plant_id)
    at = work_order.plant.clock.now()
    claims, moments = _choose(work_order.plant_id, {work_order.unit_id: needs}, at)
    owner = {"work_order": work_order, "status": ReservationStatus.CONFIRMED}
    due_at = {work_order.unit_id: work_order.due_at}
    _claim(work_order.plant_id, claims, due_at, at, StockMoveKind.CONFIRM, owner)
    _note_on([work_order])
    if claims:
        settle(plant_id=work_order.plant_id, at=at, stock_ids={one.stock_id for one in claims})
    return moments[work_order.unit_id]


@transaction.atomic
def confirm(*, hold_id: int, work_orders: Sequence[WorkOrder]) -> None:
    """What the hold kept becomes the work orders' (saved ones); their bills name the substitutes
    that were taken, and nothing is released before its components are expected.
    """
    for plant_id in sorted({one.plant_id for one in work_orders}):
        plant_lock(plant_id)
        here = [one for one in work_orders if one.plant_id == plant_id]
        mine = _hand_over(hold_id, here)
        if not mine:
            continue
        at = here[0].plant.clock.now()
        changes = [
            Change(
                one.stock_id,
                StockMoveKind.CONFIRM,
                held=-one.quantity,
                reserved=one.quantity,
                unit_id=one.unit_id,
            )
            for one in mine
            if one.is_covered
        ]
        make_changes(changes)
        write_moves(plant_id, changes, at=at)
        _note_on(here)
        settle(plant_id=plant_id, at=at, stock_ids={one.stock_id for one in mine})


@transaction.atomic
def release(*, hold_id: int | None = None, work_order_id: int | None = None) -> int:
    """Give back what a hold or a work order kept and did not use; how many claims ended."""
    if hold_id is not None:
        open_claims = Reservation.objects.filter(hold_id=hold_id, status=ReservationStatus.HELD)
    else:
        open_claims = Reservation.objects.filter(
            work_order_id=work_order_id, status=ReservationStatus.CONFIRMED
        )
    kept = list(open_claims)
    for plant_id in sorted({one.plant_id for one in kept}):
        plant_lock(plant_id)
        mine = _end(ReservationStatus.RELEASED, [r.pk for r in kept if r.plant_id == plant_id])
        changes = [_given_back(one) for one in mine]
        at = Plant.objects.defer("document").get(pk=plant_id).clock.now()
        make_changes(changes)
        write_moves(plant_id, changes, at=at)
        settle(plant_id=plant_id, at=at, stock_ids={one.stock_id for one in mine})
    return len(kept)


@transaction.atomic
def issue(*, work_order_id: int, at: datetime) -> int:
    """The unit's components are used up: its first operation has begun. Safe to repeat.

    The line is right: what stock did not have, or had for others, is taken all the same; others
    wait anew, and what cannot have been there is noted as counted in.
    """
    kept = list(
        Reservation.objects.filter(work_order_id=work_order_id, status=ReservationStatus.CONFIRMED)
    )
    if not kept:
        return 0
    plant_id = kept[0].plant_id
    plant_lock(plant_id)
    mine = _end(ReservationStatus.ISSUED, [one.pk for one in kept])
    short: dict[int, Decimal] = {}  # of all claims on a stock: a unit may have several
    for one in mine:
        if not one.is_covered:
            short[one.stock_id] = short.get(one.stock_id, Decimal(0)) + one.quantity
    for stock_id, quantity in sorted(short.items()):
        make_changes([Change(stock_id, StockMoveKind.ISSUE, awaited=-quantity)])
        make_room(stock_id, quantity, plant_id=plant_id, at=at, counts_in=True)
    changes = [
        Change(
            one.stock_id,
            StockMoveKind.ISSUE,
            on_hand=-one.quantity,
            reserved=-one.quantity if one.is_covered else Decimal(0),
            unit_id=one.unit_id,
        )
        for one in mine
    ]
    make_changes(changes)
    write_moves(plant_id, changes, at=at)
    settle(plant_id=plant_id, at=at, stock_ids={one.stock_id for one in mine})
    return len(mine)


def _choose(
    plant_id: int, needs: Mapping[int, Mapping[str, Decimal] | Sequence[Need]], at: datetime
) -> tuple[list[_Claim], dict[int, datetime | None]]:
    """What serves each unit, one after the other, from what is there under the lock."""
    counter = Counter(read_supply(plant_id, 0), at)
    claims: dict[tuple[int, int, str], _Claim] = {}
    moments: dict[int, datetime | None] = {}
    for unit_id, wanted in needs.items():
        found = counter.take(needs_in(wanted))
        moments[unit_id] = found.at
        for pick in found.picks:
            if pick.stock_id is not None and pick.quantity:
                key = (unit_id, pick.stock_id, pick.instead_of)
                claims[key] = _added(claims.get(key), unit_id, pick, pick.stock_id)
    return list(claims.values()), moments


def _added(before: _Claim | None, unit_id: int, pick: Pick, stock_id: int) -> _Claim:
    if before is None:
        return _Claim(unit_id, stock_id, pick.quantity, pick.instead_of, pick.available_at)
    moments = [m for m in (before.available_at, pick.available_at) if m is not None]
    return _Claim(
        unit_id,
        stock_id,
        before.quantity + pick.quantity,
        pick.instead_of,
        max(moments, default=None),
    )


def _claim(
    plant_id: int,
    claims: Sequence[_Claim],
    due_at: Mapping[int, datetime],
    at: datetime,
    kind: StockMoveKind,
    owner: Mapping[str, Any],
) -> None:
    """Take what is there, let the rest wait; at most five statements."""
    if not claims:
        return
    there = [one for one in claims if one.available_at is None]
    wanted = [_kept(one, kind) for one in there]
    had = try_changes(wanted, is_new_claim=True)
    taken = [one for one in wanted if one.stock_id in had]
    covered = {id(one) for one in there if one.stock_id in had}
    make_changes(
        [
            Change(one.stock_id, kind, awaited=one.quantity)
            for one in claims
            if id(one) not in covered
        ]
    )
    Reservation.objects.bulk_create(
        Reservation(
            plant_id=plant_id,
            stock_id=one.stock_id,
            unit_id=one.unit_id,
            quantity=one.quantity,
            instead_of=one.instead_of,
            is_covered=id(one) in covered,
            due_at=due_at[one.unit_id],
            available_at=None if id(one) in covered else one.available_at or at,
            **owner,
        )
        for one in claims
    )
    write_moves(plant_id, taken, at=at)


def _kept(claim: _Claim, kind: StockMoveKind) -> Change:
    if kind == StockMoveKind.HOLD:
        return Change(claim.stock_id, kind, held=claim.quantity, unit_id=claim.unit_id)
    return Change(claim.stock_id, kind, reserved=claim.quantity, unit_id=claim.unit_id)


def _given_back(claim: Reservation) -> Change:
    kind, quantity = StockMoveKind.RELEASE, -claim.quantity
    if not claim.is_covered:
        return Change(claim.stock_id, kind, awaited=quantity)
    if claim.work_order_id is None:
        return Change(claim.stock_id, kind, held=quantity, unit_id=claim.unit_id)
    return Change(claim.stock_id, kind, reserved=quantity, unit_id=claim.unit_id)


def _hand_over(hold_id: int, work_orders: Sequence[WorkOrder]) -> list[Reservation]:
    """The hold's claims become those of its units' work orders."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE production_reservation r SET status = 'confirmed', work_order_id = v.work_order"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS v (unit, work_order)"
            " WHERE r.hold_id = %s AND r.status = 'held' AND r.unit_id = v.unit RETURNING r.id",
            [[one.unit_id for one in work_orders], [one.pk for one in work_orders], hold_id],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Reservation.objects.filter(pk__in=ids).order_by("pk")) if ids else []


def _end(status: ReservationStatus, ids: Sequence[int]) -> list[Reservation]:
    """Claims that ended by this, each once: who comes second gets none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE production_reservation SET status = %s WHERE id = ANY(%s)"
            " AND status IN ('held', 'confirmed') RETURNING id",
            [status, list(ids)],
        )
        ended = [row[0] for row in cursor.fetchall()]
    return list(Reservation.objects.filter(pk__in=ended).order_by("pk"))


def _note_on(work_orders: Sequence[WorkOrder]) -> None:
    """Substitutes into the frozen bills, and the day everything is there as release date."""
    claims: dict[int, list[Reservation]] = {}
    rows = Reservation.objects.filter(
        work_order__in=work_orders, status=ReservationStatus.CONFIRMED
    ).select_related("stock__component")
    for claim in rows:
        claims.setdefault(claim.unit_id, []).append(claim)
    changed = []
    for work_order in work_orders:
        mine = claims.get(work_order.unit_id, [])
        taken = {one.instead_of: one.stock.component.code for one in mine if one.instead_of}
        waits = [one.available_at for one in mine if one.available_at is not None]
        if not (taken or waits):
            continue
        work_order.bom = [
            {**line, "component": taken[line["component"]], "instead_of": line["component"]}
            if line["component"] in taken
            else line
            for line in work_order.bom
        ]
        work_order.release_at = max([work_order.release_at, *waits])
        changed.append(work_order)
    WorkOrder.objects.bulk_update(changed, ["bom", "release_at"])
