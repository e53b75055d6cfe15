"""What one unit of a design asks of a plant: operations with their lanes, and components.

Worked out once per set of answers that the engineering names: most options of a studio change
nothing that is made differently, so a click asks for a few demands, not for one an option.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from production.compile import Floor, RoutedOperation, engineering_book, floor_of, route_unit
from production.engineering import EngineeringBook
from production.models import Engineering
from production.scheduling.gaps import Candidate, UnitOperation
from production.selectors.materials import needs_of
from production.selectors.materials_supply import Need

KEPT = 4096  # some kilobytes each

Key = tuple[object, ...]
_demands: OrderedDict[Key, "Demand"] = OrderedDict()
_names: dict[str, frozenset[str]] = {}
_place_keys: dict[tuple[UnitOperation, ...], int] = {}
_numbers = count()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Demand:
    """One unit of one design at one plant.

    Attributes:
        key: Equal keys: the same is asked of the same plant.
        routing: Its operations.
        operations: The same as the gap search takes them.
        place_key: Equal keys: equal operations, so the same place is found for them.
        needs: Its components, with substitutes.
    """

    key: Key
    routing: tuple[RoutedOperation, ...]
    operations: tuple[UnitOperation, ...]
    place_key: int
    needs: tuple[Need, ...]


def demand_of(engineering: Engineering, selection: Mapping[str, Any]) -> Demand:
    """No statement when the process is warm."""
    book = engineering_book(engineering)
    named = _named(engineering.content_hash, book)
    key: Key = (
        *(engineering.pk, engineering.content_hash, engineering.offer.content_hash),
        *(engineering.plant_id, engineering.plant.content_hash),
        *(_plain(selection.get(name)) for name in sorted(named)),
    )
    with _lock:
        found = _demands.get(key)
        if found is not None:
            _demands.move_to_end(key)
            return found
    made = _made(key, engineering, selection)
    with _lock:
        _demands[key] = made
        while len(_demands) > KEPT:
            _demands.popitem(last=False)
    return made


def unit_operations(routing: Sequence[RoutedOperation], floor: Floor) -> tuple[UnitOperation, ...]:
    """The routing as the gap search takes it: lanes with worst set-up and minutes of run."""
    position = {operation.code: number for number, operation in enumerate(routing)}
    place_of = {one.code: floor.centre(one.work_centre).place for one in routing}
    way = floor.book.transfers.minutes
    return tuple(
        UnitOperation(
            name=operation.code,
            candidates=candidates(operation, floor),
            after=tuple(position[code] for code in operation.after),
            second=_crew(operation.work_centre, floor),
            transfer_min=tuple(
                way(place_of[code], place_of[operation.code]) for code in operation.after
            ),
        )
        for operation in routing
    )


def candidates(operation: RoutedOperation, floor: Floor) -> tuple[Candidate, ...]:
    """Every lane in use that can do it; most operations of most designs have the same."""
    key = (operation.work_centre, operation.alternatives, operation.set_up_family)
    known = floor.remembered.get(key)
    if known is None:
        known = _candidates(operation, floor)
        if len(floor.remembered) >= KEPT:
            floor.remembered.clear()
        floor.remembered[key] = known
    found: tuple[Candidate, ...] = known
    return found


def _candidates(operation: RoutedOperation, floor: Floor) -> tuple[Candidate, ...]:
    worst = floor.centre(operation.work_centre).set_up.worst_into(operation.set_up_family or None)
    found = []
    for resource, minutes in operation.alternatives:
        lanes = floor.lanes_of.get((operation.work_centre, resource), ())
        for lane in lanes:
            mates = tuple(m.id for m in lanes if m.id != lane.id) if floor.is_oven(lane) else ()
            found.append(Candidate(lane.id, worst, minutes, mates))
    return tuple(found)


def _crew(work_centre: str, floor: Floor) -> tuple[int, ...]:
    found: tuple[int, ...] | None = floor.remembered.get(work_centre)
    if found is None:
        found = tuple(lane.id for lane in floor.crew_of(work_centre))
        floor.remembered[work_centre] = found
    return found


def _made(key: Key, engineering: Engineering, selection: Mapping[str, Any]) -> Demand:
    routing = route_unit(engineering, selection)
    operations = unit_operations(routing, floor_of(engineering.plant))
    return Demand(
        key=key,
        routing=routing,
        operations=operations,
        place_key=_place_key(operations),
        needs=needs_of(engineering, selection),
    )


def _place_key(operations: tuple[UnitOperation, ...]) -> int:
    """A number that is never given to other operations."""
    with _lock:
        found = _place_keys.get(operations)
        if found is None:
            if len(_place_keys) >= KEPT:
                _place_keys.clear()
            found = _place_keys[operations] = next(_numbers)
        return found


def _named(content_hash: str, book: EngineeringBook) -> frozenset[str]:
    """Every name that any expression of the engineering looks up."""
    found = _names.get(content_hash)
    if found is None:
        found = book.names
        if len(_names) >= KEPT:
            _names.clear()
        _names[content_hash] = found
    return found


def _plain(answer: object) -> object:
    """An answer as part of a key: JSON gives lists where a selection has tuples."""
    return tuple(answer) if isinstance(answer, list) else answer
