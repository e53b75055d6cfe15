"""Capacity kept for a quoted order: taken, confirmed, given back, expired.

Every function takes the locks of the plants first and then the hold's row (production/locks.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.transitions import check_transition
from production.lifecycle import HOLD_MOVES, HoldStatus
from production.models import Engineering, FreedBooking, Hold, Plant
from production.selectors.booking_log import lock_and_look
from production.selectors.bookings import Known, PlantGaps, known_of
from production.selectors.demands import demand_of
from production.selectors.makers import makers_of
from production.selectors.places import Place, best_place, change_until, first_minute, supplies_of
from production.services import materials
from production.services.hold_rows import (
    Ended,
    OrderGroup,
    confirm_active,
    end_hold,
    order_groups,
    write_hold,
)
from production.services.planning import mark_bookings_changed
from production.services.work_orders import open_held_work_orders
from production.signals import capacity_held

SWEEP_LIMIT = 200
FREED_KEPT = timedelta(days=1)  # much longer than any process follows without reading anew


@transaction.atomic
def hold_capacity(*, order_id: int, lasts: timedelta) -> tuple[Hold, dict[int, Place]]:
    """Keep room for every unit of the order; an earlier active hold of it is replaced.

    What takes long is done before the plants' locks. Under them the process takes note of what
    others have booked meanwhile and makes the search again, so what is said is what is kept: one
    turn to the database to look and one to write, whatever the number of units.

    Returns the hold and the place of each order line by its id.

    Raises:
        DomainError: ``no_plant``, ``no_capacity``.
    """
    groups, held_in = order_groups(order_id)
    makers = makers_of(group.offer_id for group in groups)
    plants = {maker.plant_id: maker.plant for found in makers.values() for maker in found}
    known = _made_ready(groups, makers, plants)
    gaps = _locked_gaps(order_id, plants, known, held_in)
    supplies = supplies_of(plants.values())
    until = {pk: change_until(plant) for pk, plant in plants.items()}
    first = {pk: first_minute(plant, gaps[pk], lasts) for pk, plant in plants.items()}
    places: dict[int, Place] = {}
    for group in groups:
        place = best_place(
            makers.get(group.offer_id, []),
            gaps,
            selection=group.selection,
            quantity=len(group.unit_ids),
            not_before=first,
            supplies=supplies,
        )
        plant_id = place.engineering.plant_id
        if len(groups) > 1:
            gaps[plant_id] = gaps[plant_id].after(place.units, gaps[plant_id].seq)
        if place.supply is not None:
            supplies[plant_id] = place.supply
        places[group.line_id] = place
    hold = write_hold(order_id, real_now() + lasts, groups, places, until)
    for plant_id in supplies:
        _claim_components(hold, plants[plant_id], groups, places)
    transaction.on_commit(partial(capacity_held.send_robust, sender=Hold, order_id=order_id))
    return hold, places


@transaction.atomic
def confirm_hold(*, order_id: int) -> None:
    """Turn the order's hold into work orders whose operations own the bookings.

    Raises:
        DomainError: it ended (``hold_expired``) or was confirmed before (``bad_transition``).
    """
    hold_id = confirm_active(order_id, real_now())
    if hold_id is None:
        before = Hold.objects.filter(order_id=order_id).last()
        if before is not None and before.status == HoldStatus.CONFIRMED:
            check_transition(
                what=f"Hold {before.public_id}",
                moves=HOLD_MOVES,
                source=before.status,
                target=HoldStatus.CONFIRMED,
            )
        raise Conflict(
            "hold_expired",
            Sentence(
                "The capacity kept for this order was given back because its time was over. "
                "Ask for a new promise."
            ),
        )
    open_held_work_orders(hold_id)


@transaction.atomic
def release_hold(*, order_id: int) -> None:
    """Give back what is kept for the order; nothing kept is no error."""
    _give_back(end_hold(order_id, HoldStatus.RELEASED))


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
    """False where it was confirmed, released or held anew meanwhile."""
    ended = end_hold(order_id, HoldStatus.EXPIRED, expired_by=real_now())
    _give_back(ended)
    return ended is not None


def forget_freed(*, before: datetime | None = None) -> int:
    """Delete notes of freed bookings that every index has followed or will not follow any more."""
    end = before or real_now() - FREED_KEPT
    return FreedBooking.objects.filter(freed_at__lt=end).delete()[0]


def _made_ready(
    groups: Iterable[OrderGroup],
    makers: Mapping[int, Sequence[Engineering]],
    plants: Mapping[int, Plant],
) -> dict[int, Known]:
    """Everything that needs no lock: what is booked as of now, and what is asked of the plants."""
    for group in groups:
        for maker in makers.get(group.offer_id, ()):
            demand_of(maker, group.selection)
    return {pk: known_of(plant) for pk, plant in plants.items()}


def _locked_gaps(
    order_id: int, plants: Mapping[int, Plant], known: Mapping[int, Known], held_in: Iterable[int]
) -> dict[int, PlantGaps]:
    """The plants' free time under their locks, once an earlier hold of the order is given back."""
    since = {pk: one.gaps.seq for pk, one in known.items()}
    look = partial(lock_and_look, plants.values(), since=since, others=held_in, order_id=order_id)
    locked = look()
    if locked.hold_id is not None:
        _give_back(end_hold(order_id, HoldStatus.RELEASED))
        locked = look()
    return {pk: known_of(plant, known[pk], locked.changes[pk]).gaps for pk, plant in plants.items()}


def _give_back(ended: Ended | None) -> None:
    """What hangs on a hold that has just ended."""
    if ended is None:
        return
    mark_bookings_changed(ended.plant_ids)
    if ended.claims:
        materials.release(hold_id=ended.hold_id)


def _claim_components(
    hold: Hold, plant: Plant, groups: Iterable[OrderGroup], places: Mapping[int, Place]
) -> None:
    """What the units need of the components that the plant counts is kept with the hold."""
    here = [
        (unit_id, places[group.line_id])
        for group in groups
        for unit_id in group.unit_ids
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
