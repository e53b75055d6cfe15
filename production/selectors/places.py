"""Where units would fit between what is booked, and what may be said of it. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cosmo.lib.errors import Conflict, DomainError
from production.compile import RoutedOperation, floor_of
from production.models import Engineering, Plant, WorkOrder
from production.scheduling.gaps import NoRoom, UnitPlacement
from production.selectors.bookings import PlantGaps
from production.selectors.demands import Demand, demand_of
from production.selectors.materials import supply_of
from production.selectors.materials_supply import Counter

# Capacity that has gone by when the hold ends was no capacity. A demonstration's clock may run
# through weeks in that time; a day ahead is enough to pay in.
LONGEST_HEAD_START = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Room for some units of one selection at one plant.

    Attributes:
        demand: What was placed, the same for every unit.
        units: One placement a unit; operations in the order of ``routing``.
        leaves_at: Plant time at which the last of them leaves the line.
        promise_date: Day by which all of them can be at the customer.
        due_at: The latest ``leaves_at`` with which that day is kept.
        waits_for: Components that are there last and put the day off; mostly none.
        gaps: The plant's free time they were found in.
        supply: The plant's components without what these units take.
    """

    engineering: Engineering
    demand: Demand
    units: tuple[UnitPlacement, ...]
    leaves_at: datetime
    promise_date: date
    due_at: datetime
    waits_for: tuple[str, ...]
    gaps: PlantGaps
    supply: Counter | None

    @property
    def routing(self) -> tuple[RoutedOperation, ...]:
        return self.demand.routing


def find_place(
    engineering: Engineering,
    gaps: PlantGaps,
    *,
    selection: Mapping[str, Any],
    quantity: int,
    not_before: int,
    supply: Counter | None = None,
) -> Place | NoRoom:
    """The earliest room for ``quantity`` units, and of each not before its components are there.

    Args:
        not_before: The first minute that counts: of what is ordered now, ``first_minute``.
        supply: Components of the plant as others have left them; None: all are at hand.
    """
    demand = demand_of(engineering, selection)
    releases, waits_for, left = _releases(gaps, supply, demand, quantity)
    units = _placed(gaps, demand, releases, not_before)
    if isinstance(units, NoRoom):
        return units
    promised = _promised(engineering, gaps, units)
    return Place(
        engineering=engineering,
        demand=demand,
        units=tuple(units),
        leaves_at=_end(gaps, units),
        promise_date=promised,
        due_at=floor_of(engineering.plant).latest_end(promised),
        waits_for=waits_for if max(releases) > not_before else (),
        gaps=gaps,
        supply=left,
    )


def first_minute(plant: Plant, gaps: PlantGaps, lasts: timedelta) -> int:
    """From when capacity counts that is kept for so long: what has gone by when the hold ends was
    none, nor what its customer may still change then.
    """
    ahead = max(_head_start(plant, lasts), _change_window(plant))
    return gaps.minute(plant.clock.now() + ahead)


def first_minute_again(
    plant: Plant, gaps: PlantGaps, said: datetime | None, *, lasts: timedelta = timedelta(0)
) -> int:
    """From when capacity counts for what was ordered before: from now, or from the end of ``lasts``
    (real time) where somebody still thinks about it, but not before the moment until which its
    customer may change it.
    """
    ready = plant.clock.now() + _head_start(plant, lasts)
    return gaps.minute(max(ready, said or ready))


def change_until_at(plant: Plant, before: WorkOrder) -> datetime | None:
    """What was said of ``before`` as the clock of ``plant``, which may make it instead, has it."""
    if before.change_until is None or before.plant_id == plant.pk:
        return before.change_until
    return plant.clock.moment_of(before.change_until, before.plant.clock)


def change_until(plant: Plant) -> datetime | None:
    """Plant time until which what is ordered now can be changed or cancelled, because nothing of
    it begins before; None where the plant says nothing of the kind.
    """
    window = _change_window(plant)
    return plant.clock.now() + window if window else None


def _head_start(plant: Plant, lasts: timedelta) -> timedelta:
    return min(lasts * plant.clock_factor, LONGEST_HEAD_START)


def _change_window(plant: Plant) -> timedelta:
    return timedelta(minutes=floor_of(plant).book.change_window_min)


def day_at(
    engineering: Engineering,
    gaps: PlantGaps,
    demand: Demand,
    *,
    quantity: int,
    not_before: int,
    supply: Counter | None = None,
) -> date | None:
    """The ``promise_date`` of ``find_place`` and no more; None where there is no room."""
    releases, _, _ = _releases(gaps, supply, demand, quantity)
    units = _placed(gaps, demand, releases, not_before)
    return None if isinstance(units, NoRoom) else _promised(engineering, gaps, units)


def _end(gaps: PlantGaps, units: Sequence[UnitPlacement]) -> datetime:
    return gaps.moment(max(unit.end for unit in units))


def _promised(engineering: Engineering, gaps: PlantGaps, units: Sequence[UnitPlacement]) -> date:
    spare = timedelta(minutes=engineering.learnt_buffer_min)
    return floor_of(engineering.plant).promise_date(_end(gaps, units) + spare)


def _placed(
    gaps: PlantGaps, demand: Demand, releases: Sequence[int], not_before: int
) -> list[UnitPlacement] | NoRoom:
    index, units = gaps.index, list[UnitPlacement]()
    for release in releases:
        if units:
            index = index.insert(units[-1])
            unit = index.earliest_unit(demand.operations, not_before=max(not_before, release))
        else:
            unit = gaps.first_units.place(index, demand, now=not_before, release=release)
        if isinstance(unit, NoRoom):
            return unit
        units.append(unit)
    return units


def found_places(
    makers: Sequence[Engineering],
    gaps: Mapping[int, PlantGaps],
    *,
    selection: Mapping[str, Any],
    quantity: int,
    not_before: Mapping[int, int],
    supplies: Mapping[int, Counter] | None = None,
) -> list[Place]:
    """The earliest room at every plant that makes the offer, the best first: the earliest day,
    among equal days the earliest end.

    Args:
        gaps: Free time by plant.
        not_before: By plant, see ``find_place``.
        supplies: Components by plant, where it counts them.

    Raises:
        DomainError: nobody makes it (``no_plant``), or there is no room (``no_capacity``).
    """
    if not makers:
        raise DomainError(
            "no_plant", "No plant makes this offer at present. Choose another product."
        )
    found = [
        find_place(
            maker,
            gaps[maker.plant_id],
            selection=selection,
            quantity=quantity,
            not_before=not_before[maker.plant_id],
            supply=(supplies or {}).get(maker.plant_id),
        )
        for maker in makers
    ]
    places = [place for place in found if isinstance(place, Place)]
    if places:
        return sorted(places, key=lambda place: (place.promise_date, place.leaves_at))
    reason = next(place for place in found if isinstance(place, NoRoom))
    raise Conflict(
        "no_capacity",
        f"{quantity} such units cannot be promised now: {reason.sentence} "
        "Try fewer units, or ask again later.",
        operation=reason.operation,
        reason=reason.code,
    )


def best_place(
    makers: Sequence[Engineering],
    gaps: Mapping[int, PlantGaps],
    *,
    selection: Mapping[str, Any],
    quantity: int,
    not_before: Mapping[int, int],
    supplies: Mapping[int, Counter] | None = None,
) -> Place:
    """The first of ``found_places``."""
    return found_places(
        makers,
        gaps,
        selection=selection,
        quantity=quantity,
        not_before=not_before,
        supplies=supplies,
    )[0]


def supplies_of(plants: Iterable[Plant]) -> dict[int, Counter]:
    """Components by plant, where it counts any; no statement while their material does not move."""
    found = {plant.pk: (supply_of(plant), plant.clock.now()) for plant in plants}
    return {pk: Counter(supply, now) for pk, (supply, now) in found.items() if supply.components}


def _releases(
    gaps: PlantGaps, supply: Counter | None, demand: Demand, quantity: int
) -> tuple[list[int], tuple[str, ...], Counter | None]:
    """For each unit the minute its components are there, 0 for now; what decides; what is left."""
    if supply is None or not demand.needs:
        return [0] * quantity, (), supply
    counter = supply.copy()
    found = [counter.take(demand.needs) for _ in range(quantity)]
    releases = [0 if one.at is None else gaps.minute(one.at) for one in found]
    last = max(found, key=lambda one: one.at or supply.at)
    return releases, last.deciding, counter
