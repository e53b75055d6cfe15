"""Capable to promise: the earliest place of one more unit between what is booked.

An index of free time by lane, searched by bisection and never changed in place: booking gives a
new index that shares every untouched lane, so threads read one index while another is made.

    index = GapIndex({lane_id: LaneGaps(windows, booked) ...})
    place = index.earliest_unit(operations, not_before=0)      # UnitPlacement or NoRoom
    index = index.insert(place)                                # go on with the next unit

Times are whole minutes after an origin of the caller's choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cosmo.lib.errors import Invalid
from production.scheduling.lane_gaps import Booked, LaneGaps
from production.scheduling.problem import topological_order


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lane that can do an operation.

    Attributes:
        lane: Key of the lane in the index.
        set_up_min: The worst set-up the operation can need there.
        duration_min: Run time there, at least 1.
        mates: Other lanes of its oven. What is baked alone needs all of them free, because units
            that overlap there would have to start and end together.
    """

    lane: int
    set_up_min: int
    duration_min: int
    mates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitOperation:
    """One operation of the unit to place.

    Attributes:
        name: For sentences and the caller's mapping.
        candidates: Lanes that can do it; among equal ends the first listed wins.
        after: Positions in the unit's operations that must end before this one starts.
        not_before: Minute before which it may not start.
        second: Lanes of which any one must be free as well while it stands, such as the people who
            can do it; empty for none.
        transfer_min: Minutes on the way from each of ``after``; empty: none.
    """

    name: str
    candidates: tuple[Candidate, ...]
    after: tuple[int, ...] = ()
    not_before: int = 0
    second: tuple[int, ...] = ()
    transfer_min: tuple[int, ...] = ()

    def ready(self, ends: Sequence[int]) -> int:
        """The minute from which it may start, where those it waits for end at ``ends``."""
        ways = self.transfer_min or (0,) * len(ends)
        return max([self.not_before, *(end + way for end, way in zip(ends, ways, strict=True))])


@dataclass(frozen=True, slots=True)
class PlacedOperation:
    """``[start, end)`` on ``lane``, of which the first ``set_up_min`` minutes are set-up.

    Attributes:
        second_lane: The second lane it takes all that time; -1 for none.
    """

    name: str
    lane: int
    start: int
    set_up_min: int
    end: int
    second_lane: int = -1

    @property
    def lanes(self) -> tuple[int, ...]:
        return (self.lane,) if self.second_lane < 0 else (self.lane, self.second_lane)


@dataclass(frozen=True, slots=True)
class UnitPlacement:
    """Where each operation of a unit would stand, in the order they were given."""

    operations: tuple[PlacedOperation, ...]

    @property
    def start(self) -> int:
        return min(operation.start for operation in self.operations)

    @property
    def end(self) -> int:
        return max(operation.end for operation in self.operations)


@dataclass(frozen=True, slots=True)
class NoRoom:
    """Why a unit could not be placed.

    Attributes:
        operation: Name of the first operation without a place.
        code: ``no_lane``, ``too_long`` (for every window, even an empty one) or ``horizon_full``.
        sentence: The same for a person.
    """

    operation: str
    code: str
    sentence: str


class GapIndex:
    """The free time of many lanes by their keys. Immutable and safe to share between threads."""

    __slots__ = ("_lanes",)

    def __init__(self, lanes: Mapping[int, LaneGaps]) -> None:
        self._lanes = lanes

    def __getitem__(self, lane: int) -> LaneGaps:
        return self._lanes[lane]

    def __contains__(self, lane: int) -> bool:
        return lane in self._lanes

    def with_booked(self, lane: int, booked: Booked) -> "GapIndex":
        """A new index in which one more period is taken."""
        return GapIndex({**self._lanes, lane: self._lanes[lane].with_booked(booked)})

    def with_lanes(self, lanes: Mapping[int, LaneGaps]) -> "GapIndex":
        """A new index with some lanes made anew, for instance after bookings were given back."""
        return GapIndex({**self._lanes, **lanes})

    def insert(self, placement: UnitPlacement) -> "GapIndex":
        """A new index in which the unit's operations are taken."""
        lanes = dict(self._lanes)
        for placed in placement.operations:
            for lane in placed.lanes:
                lanes[lane] = lanes[lane].with_booked(Booked(placed.start, placed.end))
        return GapIndex(lanes)

    def earliest_unit(
        self, operations: Sequence[UnitOperation], *, not_before: int
    ) -> UnitPlacement | NoRoom:
        """Place one unit's operations in precedence order, each at its earliest end.

        Raises:
            Invalid: the operations wait for each other (``precedence_cycle``) or there are none.
        """
        order = topological_order([operation.after for operation in operations])
        if not operations or len(order) < len(operations):
            raise Invalid(
                "precedence_cycle",
                f"A unit needs operations that do not wait for each other, got "
                f"{[operation.name for operation in operations]}.",
            )
        last_turn = {
            lane: turn
            for turn, number in enumerate(order)
            for lane in _lanes_of(operations[number])
        }
        own: dict[int, LaneGaps] = {}  # lanes on which the unit itself already takes time
        placed: dict[int, PlacedOperation] = {}
        for turn, number in enumerate(order):
            operation = operations[number]
            ends = [placed[before].end for before in operation.after]
            ready = max(not_before, operation.ready(ends), 0)
            best = self._earliest_end(operation, own, ready)
            if best is None:
                return self._reason(operation, ready)
            placed[number] = best
            for lane in best.lanes:
                if turn < last_turn[lane]:
                    gaps = own.get(lane) or self._lanes[lane]
                    own[lane] = gaps.with_booked(Booked(best.start, best.end))
        return UnitPlacement(tuple(placed[number] for number in range(len(operations))))

    def earliest_units(
        self, operations: Sequence[UnitOperation], quantity: int, *, not_before: int
    ) -> tuple[UnitPlacement, ...] | NoRoom:
        """``quantity`` equal units one after the other, all of them or the reason why not."""
        index = self
        units: list[UnitPlacement] = []
        for _ in range(quantity):
            unit = index.earliest_unit(operations, not_before=not_before)
            if isinstance(unit, NoRoom):
                return unit
            units.append(unit)
            index = index.insert(unit)
        return tuple(units)

    def _earliest_end(
        self, operation: UnitOperation, own: Mapping[int, LaneGaps], ready: int
    ) -> PlacedOperation | None:
        best: tuple[int, int, int, Candidate] | None = None  # its end, start and second lane
        for candidate in operation.candidates:
            gaps = own.get(candidate.lane) or self._lanes.get(candidate.lane)
            if gaps is None:
                continue
            length = candidate.set_up_min + candidate.duration_min
            start, second = gaps.earliest(ready, length), -1
            if start is not None and (operation.second or candidate.mates):
                free = self._free_together(gaps, operation, candidate, own, start)
                start, second = free or (None, -1)
            if start is not None and (best is None or start + length < best[0]):
                best = start + length, start, second, candidate
        if best is None:
            return None
        end, start, second, chosen = best
        return PlacedOperation(operation.name, chosen.lane, start, chosen.set_up_min, end, second)

    def _free_together(
        self,
        gaps: LaneGaps,
        operation: UnitOperation,
        candidate: Candidate,
        own: Mapping[int, LaneGaps],
        start: int,
    ) -> tuple[int, int] | None:
        """The earliest start from ``start`` at which the lane is free, all its mates, and one of
        the second lanes: which (-1 where none is needed).
        """
        length = candidate.set_up_min + candidate.duration_min
        mates = self._gaps_of(candidate.mates, own)
        seconds = self._gaps_of(operation.second, own)
        while True:
            later = [other.earliest(start, length) for _, other in mates]
            chosen = [
                (free, turn, lane)
                for turn, (lane, other) in enumerate(seconds)
                if (free := other.earliest(start, length)) is not None
            ]
            if None in later or (operation.second and not chosen):
                return None
            first, _turn, second = min(chosen, default=(start, 0, -1))
            free = max([first, *(one for one in later if one is not None)])
            if free == start:
                return start, second
            again = gaps.earliest(free, length)
            if again is None:
                return None
            start = again

    def _gaps_of(
        self, lanes: Sequence[int], own: Mapping[int, LaneGaps]
    ) -> list[tuple[int, LaneGaps]]:
        found = [(lane, own.get(lane) or self._lanes.get(lane)) for lane in lanes]
        return [(lane, gaps) for lane, gaps in found if gaps is not None]

    def _reason(self, operation: UnitOperation, ready: int) -> NoRoom:
        able = [one for one in operation.candidates if one.lane in self._lanes]
        if not able:
            return NoRoom(
                operation.name, "no_lane", f"No lane of the plant can do {operation.name!r}."
            )
        shortest = min(one.set_up_min + one.duration_min for one in able)
        if not any(
            self._lanes[one.lane].fits_when_empty(one.set_up_min + one.duration_min) for one in able
        ):
            return NoRoom(
                operation.name,
                "too_long",
                f"{operation.name!r} takes {shortest} min with its set-up, longer than any open "
                "window of its lanes.",
            )
        return NoRoom(
            operation.name,
            "horizon_full",
            f"No {shortest} free minutes for {operation.name!r} after minute {ready} within the "
            "planning horizon.",
        )


def _lanes_of(operation: UnitOperation) -> tuple[int, ...]:
    return (*(candidate.lane for candidate in operation.candidates), *operation.second)
