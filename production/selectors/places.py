"""Where units would fit between what is booked, and what may be said of it. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cosmo.lib.errors import Conflict, DomainError
from production.compile import Floor, RoutedOperation, floor_of, route_unit
from production.models import Engineering
from production.scheduling.gaps import Candidate, NoRoom, UnitOperation, UnitPlacement
from production.selectors.bookings import PlantGaps

# Capacity that has gone by when the hold ends was no capacity. A demonstration's clock may run
# through weeks in that time; a day ahead is enough to pay in.
LONGEST_HEAD_START = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Room for some units of one selection at one plant.

    Attributes:
        routing: The operations that were placed, the same for every unit.
        units: One placement a unit; operations in the order of ``routing``.
        leaves_at: Plant time at which the last of them leaves the line.
        promise_date: Day by which all of them can be at the customer.
        due_at: The latest ``leaves_at`` with which that day is kept.
        gaps: The plant's free time they were found in.
    """

    engineering: Engineering
    routing: tuple[RoutedOperation, ...]
    units: tuple[UnitPlacement, ...]
    leaves_at: datetime
    promise_date: date
    due_at: datetime
    gaps: PlantGaps


def find_place(
    engineering: Engineering,
    gaps: PlantGaps,
    *,
    selection: Mapping[str, Any],
    quantity: int,
    lasts: timedelta,
) -> Place | NoRoom:
    """The earliest room for ``quantity`` units, not before the end of a hold that ``lasts``."""
    plant = engineering.plant
    floor = floor_of(plant)
    routing = route_unit(engineering, selection)
    ahead = min(lasts * plant.clock_factor, LONGEST_HEAD_START)
    not_before = gaps.minute(plant.clock.now() + ahead)
    units = gaps.index.earliest_units(
        unit_operations(routing, floor), quantity, not_before=not_before
    )
    if isinstance(units, NoRoom):
        return units
    leaves_at = gaps.moment(max(unit.end for unit in units))
    promised = floor.promise_date(leaves_at)
    return Place(
        engineering=engineering,
        routing=routing,
        units=units,
        leaves_at=leaves_at,
        promise_date=promised,
        due_at=floor.latest_end(promised),
        gaps=gaps,
    )


def best_place(
    makers: Sequence[Engineering],
    gaps: Mapping[int, PlantGaps],
    *,
    selection: Mapping[str, Any],
    quantity: int,
    lasts: timedelta,
) -> Place:
    """The earliest day over all plants that make the offer; among equal days the earliest end.

    Args:
        gaps: Free time by plant.

    Raises:
        DomainError: nobody makes it (``no_plant``), or there is no room (``no_capacity``).
    """
    if not makers:
        raise DomainError(
            "no_plant", "No plant makes this offer at present. Choose another product."
        )
    found = [
        find_place(maker, gaps[maker.plant_id], selection=selection, quantity=quantity, lasts=lasts)
        for maker in makers
    ]
    places = [place for place in found if isinstance(place, Place)]
    if places:
        return min(places, key=lambda place: (place.promise_date, place.leaves_at))
    reason = next(place for place in found if isinstance(place, NoRoom))
    raise Conflict(
        "no_capacity",
        f"{quantity} such units cannot be promised now: {reason.sentence} "
        "Try fewer units, or ask again later.",
        operation=reason.operation,
        reason=reason.code,
    )


def unit_operations(routing: Sequence[RoutedOperation], floor: Floor) -> tuple[UnitOperation, ...]:
    """The routing as the gap search takes it: lanes with worst set-up and minutes of run."""
    position = {operation.code: number for number, operation in enumerate(routing)}
    return tuple(
        UnitOperation(
            name=operation.code,
            candidates=candidates(operation, floor),
            after=tuple(position[code] for code in operation.after),
        )
        for operation in routing
    )


def candidates(operation: RoutedOperation, floor: Floor) -> tuple[Candidate, ...]:
    """Every lane in use that can do it."""
    worst = floor.centre(operation.work_centre).set_up.worst_into(operation.set_up_family or None)
    return tuple(
        Candidate(lane=lane.id, set_up_min=worst, duration_min=minutes)
        for resource, minutes in operation.alternatives
        for lane in floor.lanes_of.get((operation.work_centre, resource), ())
    )
