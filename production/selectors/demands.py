"""What one unit of a design asks of a plant: operations with their lanes, and components.

Worked out once per set of answers that the engineering names: most options of a studio change
nothing that is made differently, so a click asks for a few demands, not for one an option.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from cosmo.lib.expressions import Composed
from production.compile import (
    Floor,
    RoutedOperation,
    engineering_book,
    floor_of,
    scope_of_unit,
)
from production.engineering import EngineeringBook
from production.models import Engineering
from production.scheduling.gaps import Candidate, UnitOperation
from production.selectors.materials import needs_in_bill
from production.selectors.materials_supply import Need

KEPT = 4096  # some kilobytes each

Key = tuple[object, ...]
_demands: OrderedDict[Key, "Demand"] = OrderedDict()
_names: dict[str, tuple[str, ...]] = {}
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
    key: Key = (
        *(engineering.pk, engineering.content_hash, engineering.offer.content_hash),
        *(engineering.plant_id, engineering.plant.content_hash),
        *(_plain(selection.get(name)) for name in _named(engineering.content_hash, book)),
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


class _Placeable:
    """Routings at one floor as the gap search takes them: lanes with worst set-up and minutes."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._known: dict[tuple[int, tuple[int, ...]], tuple[RoutedOperation, UnitOperation]] = {}
        self.of = Composed(self._work)

    def _work(self, routing: tuple[RoutedOperation, ...]) -> tuple[tuple[UnitOperation, ...], int]:
        """The operations, and the ``place_key`` of ``Demand``."""
        position = {operation.code: number for number, operation in enumerate(routing)}
        operations = tuple(
            self._operation(one, tuple(position[code] for code in one.after), routing)
            for one in routing
        )
        return operations, next(_numbers)

    def _operation(
        self,
        operation: RoutedOperation,
        after: tuple[int, ...],
        routing: tuple[RoutedOperation, ...],
    ) -> UnitOperation:
        """Most operations are the same in most routings; which ones they wait for says all."""
        key = (id(operation), after)
        known = self._known.get(key)
        if known is not None:
            return known[1]
        if len(self._known) >= KEPT:
            self._known.clear()
        floor, place = self._floor, self._place(operation)
        way = floor.book.transfers.minutes
        made = UnitOperation(
            name=operation.code,
            candidates=candidates(operation, floor),
            after=after,
            second=_crew(operation.work_centre, floor),
            transfer_min=tuple(way(self._place(routing[number]), place) for number in after),
        )
        self._known[key] = operation, made
        return made

    def _place(self, operation: RoutedOperation) -> str:
        return self._floor.centre(operation.work_centre).place


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
    book, floor = engineering_book(engineering), floor_of(engineering.plant)
    scope = scope_of_unit(engineering, selection)
    routing = floor.routed(book.operations(scope))
    operations, place_key = _placeable(floor).of(routing)
    return Demand(key, routing, operations, place_key, needs_in_bill(book.bom(scope)))


def _placeable(floor: Floor) -> _Placeable:
    found: _Placeable | None = floor.remembered.get(_Placeable)
    if found is None:
        found = floor.remembered[_Placeable] = _Placeable(floor)
    return found


def _named(content_hash: str, book: EngineeringBook) -> tuple[str, ...]:
    """Every name that any expression of the engineering looks up, in a fixed order."""
    found = _names.get(content_hash)
    if found is None:
        found = tuple(sorted(book.names))
        if len(_names) >= KEPT:
            _names.clear()
        _names[content_hash] = found
    return found


def _plain(answer: object) -> object:
    """An answer as part of a key: JSON gives lists where a selection has tuples."""
    return tuple(answer) if isinstance(answer, list) else answer
