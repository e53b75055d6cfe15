"""Capacity kept for a quoted order: taken, confirmed, given back, expired.

Every function takes the locks of the plants first and then the hold's row (production/locks.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.transitions import check_transition
from orders.models import Unit
from production.lifecycle import HOLD_MOVES, HoldStatus
from production.locks import plant_locks
from production.models import Booking, Engineering, FreedBooking, HeldUnit, Hold, Plant
from production.scheduling.gaps import UnitPlacement
from production.selectors.bookings import gaps_of
from production.selectors.makers import makers_of
from production.selectors.places import Place, best_place, supplies_of
from production.services import materials
from production.services.planning import mark_bookings_changed
from production.services.work_orders import open_held_work_orders
from production.signals import capacity_held

SWEEP_LIMIT = 200
FREED_KEPT = timedelta(days=1)  # much longer than any process follows without reading anew


@dataclass(frozen=True, slots=True)
class _Group:
    """The units of one order line."""

    line_id: int
    offer_id: int
    selection: Mapping[str, object]
    units: tuple[Unit, ...]


@transaction.atomic
def hold_capacity(*, order_id: int, lasts: timedelta) -> tuple[Hold, dict[int, Place]]:
    """Keep room for every unit of the order; an earlier active hold of it is replaced.

    The search is made again under the lock, so what is said is what is kept.

    Returns the hold and the place of each order line by its id.

    Raises:
        DomainError: ``no_plant``, ``no_capacity``.
    """
    groups = _groups(order_id)
    makers = makers_of(group.offer_id for group in groups)
    plant_ids = {maker.plant_id for found in makers.values() for maker in found}
    plant_locks(plant_ids.union(_plants_of(order_id)))
    mark_bookings_changed(_give_back(_lock_active(order_id), HoldStatus.RELEASED))
    plants = _plants_under_lock(makers)
    gaps = {plant_id: gaps_of(plant) for plant_id, plant in plants.items()}
    supplies = supplies_of(plants.values())
    places: dict[int, Place] = {}
    for group in groups:
        place = best_place(
            makers.get(group.offer_id, []),
            gaps,
            selection=group.selection,
            quantity=len(group.units),
            lasts=lasts,
            supplies=supplies,
        )
        plant_id = place.engineering.plant_id
        gaps[plant_id] = gaps[plant_id].after(place.units, gaps[plant_id].seq)
        if place.supply is not None:
            supplies[plant_id] = place.supply
        places[group.line_id] = place
    hold = Hold.objects.create(order_id=order_id, expires_at=real_now() + lasts)
    _write_places(hold, groups, places)
    for plant_id in supplies:
        _claim_components(hold, plants[plant_id], groups, places)
    mark_bookings_changed(_plants_in(places))
    transaction.on_commit(partial(capacity_held.send_robust, sender=Hold, order_id=order_id))
    return hold, places


@transaction.atomic
def confirm_hold(*, order_id: int) -> None:
    """Turn the order's hold into work orders whose operations own the bookings.

    Raises:
        DomainError: it ended (``hold_expired``) or was confirmed before (``bad_transition``).
    """
    plant_locks(_plants_of(order_id))
    hold = Hold.objects.select_for_update(no_key=True).filter(order_id=order_id).last()
    if hold is not None and hold.status == HoldStatus.CONFIRMED:
        _move(hold, HoldStatus.CONFIRMED)
    if hold is None or hold.status != HoldStatus.ACTIVE or hold.expires_at <= real_now():
        raise Conflict(
            "hold_expired",
            Sentence(
                "The capacity kept for this order was given back because its time was over. "
                "Ask for a new promise."
            ),
        )
    _move(hold, HoldStatus.CONFIRMED)
    open_held_work_orders(hold)


@transaction.atomic
def release_hold(*, order_id: int) -> None:
    """Give back what is kept for the order; nothing kept is no error."""
    plant_locks(_plants_of(order_id))
    mark_bookings_changed(_give_back(_lock_active(order_id), HoldStatus.RELEASED))


def is_held(*, order_id: int) -> bool:
    return Hold.objects.filter(
        order_id=order_id, status=HoldStatus.ACTIVE, expires_at__gt=real_now()
    ).exists()


def expire_holds(limit: int = SWEEP_LIMIT) -> int:
    """Free what ended (real time). Each hold in a transaction of its own; how many were freed."""
    ended = Hold.objects.filter(status=HoldStatus.ACTIVE, expires_at__lte=real_now())
    order_ids = list(ended.order_by("expires_at").values_list("order_id", flat=True)[:limit])
    return sum(_expire(order_id) for order_id in order_ids)


@transaction.atomic
def _expire(order_id: int) -> bool:
    plant_locks(_plants_of(order_id))
    hold = _lock_active(order_id, skip_locked=True)
    if hold is None or hold.expires_at > real_now():  # confirmed, released or held anew meanwhile
        return False
    mark_bookings_changed(_give_back(hold, HoldStatus.EXPIRED))
    return True


def forget_freed(*, before: datetime | None = None) -> int:
    """Delete notes of freed bookings that every index has followed or will not follow any more."""
    end = before or real_now() - FREED_KEPT
    return FreedBooking.objects.filter(freed_at__lt=end).delete()[0]


def _groups(order_id: int) -> list[_Group]:
    """The order's units by line, in the order's order; one statement."""
    units = (
        Unit.objects.filter(line__order_id=order_id)
        .select_related("line")
        .order_by("line__position", "position")
    )
    by_line: dict[int, list[Unit]] = {}
    for unit in units:
        by_line.setdefault(unit.line_id, []).append(unit)
    return [
        _Group(line_id, found[0].line.offer_id, found[0].line.selection, tuple(found))
        for line_id, found in by_line.items()
    ]


def _plants_of(order_id: int) -> list[int]:
    """Plants in which the order's active hold keeps capacity."""
    return list(
        HeldUnit.objects.filter(hold__order_id=order_id, hold__status=HoldStatus.ACTIVE)
        .values_list("plant_id", flat=True)
        .distinct()
    )


def _lock_active(order_id: int, *, skip_locked: bool = False) -> Hold | None:
    return (
        Hold.objects.select_for_update(no_key=True, skip_locked=skip_locked)
        .filter(order_id=order_id, status=HoldStatus.ACTIVE)
        .first()
    )


def _move(hold: Hold, target: HoldStatus) -> None:
    check_transition(
        what=f"Hold {hold.public_id}", moves=HOLD_MOVES, source=hold.status, target=target
    )
    hold.status = target
    hold.save(update_fields=["status"])


def _give_back(hold: Hold | None, target: HoldStatus) -> set[int]:
    """End a locked hold and free its capacity; the plants whose bookings changed."""
    if hold is None:
        return set()
    _move(hold, target)
    plants = set(hold.units.values_list("plant_id", flat=True))
    Booking.objects.filter(hold=hold).delete()
    materials.release(hold_id=hold.pk)
    return plants


def _plants_under_lock(makers: Mapping[int, Sequence[Engineering]]) -> dict[int, Plant]:
    """The makers' plants read again, as they are now that nobody else can book there."""
    found = [maker for several in makers.values() for maker in several]
    plants = Plant.objects.defer("document").in_bulk({maker.plant_id for maker in found})
    for maker in found:
        maker.plant = plants[maker.plant_id]
    return plants


def _plants_in(places: Mapping[int, Place]) -> set[int]:
    return {place.engineering.plant_id for place in places.values()}


def _write_places(hold: Hold, groups: Iterable[_Group], places: Mapping[int, Place]) -> None:
    """What was said of each unit, and its bookings; two statements."""
    held: list[HeldUnit] = []
    bookings: list[Booking] = []
    for group in groups:
        place = places[group.line_id]
        for unit, placement in zip(group.units, place.units, strict=True):
            held.append(
                HeldUnit(
                    hold=hold,
                    unit=unit,
                    plant_id=place.engineering.plant_id,
                    engineering=place.engineering,
                    promise_date=place.promise_date,
                    due_at=place.due_at,
                )
            )
            bookings += _bookings(hold, unit, place, placement)
    HeldUnit.objects.bulk_create(held)
    Booking.objects.bulk_create(bookings)


def _claim_components(
    hold: Hold, plant: Plant, groups: Iterable[_Group], places: Mapping[int, Place]
) -> None:
    """What the units need of the components that the plant counts is kept with the hold."""
    here = [
        (unit.pk, places[group.line_id])
        for group in groups
        for unit in group.units
        if places[group.line_id].engineering.plant_id == plant.pk
    ]
    needs = {unit_id: place.demand.needs for unit_id, place in here if place.demand.needs}
    if needs:
        materials.hold(
            hold_id=hold.pk,
            plant_id=plant.pk,
            needs=needs,
            due_at={unit_id: place.due_at for unit_id, place in here},
            at=plant.clock.now(),
        )


def _bookings(hold: Hold, unit: Unit, place: Place, placement: UnitPlacement) -> list[Booking]:
    return [
        Booking(
            plant_id=place.engineering.plant_id,
            lane_id=placed.lane,
            second_lane_id=placed.second_lane if placed.second_lane >= 0 else None,
            period=place.gaps.period(placed.start, placed.end),
            set_up_min=placed.set_up_min,
            set_up_family=operation.set_up_family,
            unit=unit,
            operation_code=operation.code,
            hold=hold,
            seq=place.gaps.seq + 1,
        )
        for operation, placed in zip(place.routing, placement.operations, strict=True)
    ]
