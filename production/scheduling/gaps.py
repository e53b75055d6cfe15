"""Capable to promise: the earliest place of one more unit between what is booked.

An index of free time by lane, searched by bisection and never changed in place: booking gives a
new index that shares every untouched lane, so threads read one index while another is made.

    index = GapIndex({lane_id: LaneGaps(windows, booked) ...})
    place = index.earliest_unit(operations, not_before=0)      # UnitPlacement or NoRoom
    index = index.insert(place)                                # go on with the next unit

Times are whole minutes after an origin of the caller's choice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cosmo.lib.errors import Invalid
from production.scheduling.calendar import merge, subtract
from production.scheduling.problem import FAR, Window, topological_order

BLOCK = 32
"""Gaps that share one entry of the skip list."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A taken period of a lane.

    Attributes:
        start, end: Set-up and run, ``[start, end)``.
        room_min: Minutes kept free directly before, in the same open window, because its set-up
            may grow that much if something else is put in front: worst set-up minus the set-up
            already inside. 0 for holds, which contain the worst.
    """

    start: int
    end: int
    room_min: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lane that can do an operation.

    Attributes:
        lane: Key of the lane in the index.
        set_up_min: The worst set-up the operation can need there.
        duration_min: Run time there, at least 1.
    """

    lane: int
    set_up_min: int
    duration_min: int


@dataclass(frozen=True, slots=True)
class UnitOperation:
    """One operation of the unit to place.

    Attributes:
        name: For sentences and the caller's mapping.
        candidates: Lanes that can do it; among equal ends the first listed wins.
        after: Positions in the unit's operations that must end before this one starts.
        not_before: Minute before which it may not start.
    """

    name: str
    candidates: tuple[Candidate, ...]
    after: tuple[int, ...] = ()
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class PlacedOperation:
    """``[start, end)`` on ``lane``, of which the first ``set_up_min`` minutes are set-up."""

    name: str
    lane: int
    start: int
    set_up_min: int
    end: int


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


class LaneGaps:
    """The free time of one lane. Immutable: ``with_booked`` gives a new one."""

    __slots__ = ("_block_longest", "_ends", "_lengths", "_starts", "windows")

    def __init__(self, windows: Sequence[Window], booked: Iterable[Booked] = ()) -> None:
        """``windows``: open time without maintenance, sorted, disjoint, not touching."""
        self.windows = windows
        taken = merge((self._room_start(one), one.end) for one in booked)
        free = subtract(windows, taken)
        self._starts = [start for start, _ in free]
        self._ends = [end for _, end in free]
        self._lengths = [end - start for start, end in free]
        self._block_longest: list[int] = []
        self._index_blocks(0)

    @property
    def free(self) -> tuple[Window, ...]:
        return tuple(zip(self._starts, self._ends, strict=True))

    def earliest(self, not_before: int, length: int) -> int | None:
        """The earliest start, at or after ``not_before``, of ``length`` free minutes on end."""
        first = bisect_right(self._ends, not_before)
        if first == len(self._ends):
            return None
        start = max(self._starts[first], not_before)
        if self._ends[first] - start >= length:
            return start
        fitting = self._next_fitting(first + 1, length)
        return None if fitting is None else self._starts[fitting]

    def with_booked(self, booked: Booked) -> "LaneGaps":
        """The same lane with one more taken period; taken minutes may be taken again."""
        start, end = self._room_start(booked), booked.end
        low = bisect_right(self._ends, start)
        high = bisect_left(self._starts, end, low)
        if low >= high:
            return self
        pieces = []
        if self._starts[low] < start:
            pieces.append((self._starts[low], start))
        if end < self._ends[high - 1]:
            pieces.append((end, self._ends[high - 1]))
        twin = LaneGaps.__new__(LaneGaps)
        twin.windows = self.windows
        twin._starts = [*self._starts[:low], *(s for s, _ in pieces), *self._starts[high:]]
        twin._ends = [*self._ends[:low], *(e for _, e in pieces), *self._ends[high:]]
        twin._lengths = [
            *self._lengths[:low],
            *(e - s for s, e in pieces),
            *self._lengths[high:],
        ]
        untouched = low // BLOCK
        twin._block_longest = self._block_longest[:untouched]
        twin._index_blocks(untouched)
        return twin

    def fits_when_empty(self, length: int) -> bool:
        return any(end - start >= length for start, end in self.windows)

    def _next_fitting(self, first: int, length: int) -> int | None:
        """The first gap from position ``first`` of at least ``length``, skipping whole blocks."""
        lengths = self._lengths
        block = first // BLOCK
        for index in range(first, min((block + 1) * BLOCK, len(lengths))):
            if lengths[index] >= length:
                return index
        for later in range(block + 1, len(self._block_longest)):
            if self._block_longest[later] >= length:
                index = later * BLOCK
                while lengths[index] < length:
                    index += 1
                return index
        return None

    def _index_blocks(self, first: int) -> None:
        lengths = self._lengths
        self._block_longest.extend(
            max(lengths[start : start + BLOCK])
            for start in range(first * BLOCK, len(lengths), BLOCK)
        )

    def _room_start(self, booked: Booked) -> int:
        """Where the booking's growing room begins; room never reaches into an earlier window."""
        if not booked.room_min:
            return booked.start
        position = bisect_right(self.windows, (booked.start, FAR)) - 1
        if position < 0 or self.windows[position][1] <= booked.start:
            return booked.start
        return max(self.windows[position][0], booked.start - booked.room_min)


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

    def with_lane(self, lane: int, gaps: LaneGaps) -> "GapIndex":
        """A new index with one lane made anew, for instance after a booking was given back."""
        return GapIndex({**self._lanes, lane: gaps})

    def insert(self, placement: UnitPlacement) -> "GapIndex":
        """A new index in which the unit's operations are taken."""
        lanes = dict(self._lanes)
        for placed in placement.operations:
            lanes[placed.lane] = lanes[placed.lane].with_booked(Booked(placed.start, placed.end))
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
            candidate.lane: turn
            for turn, number in enumerate(order)
            for candidate in operations[number].candidates
        }
        own: dict[int, LaneGaps] = {}  # lanes on which the unit itself already takes time
        placed: dict[int, PlacedOperation] = {}
        for turn, number in enumerate(order):
            operation = operations[number]
            ready = max(
                not_before, operation.not_before, *(placed[b].end for b in operation.after), 0
            )
            best = self._earliest_end(operation, own, ready)
            if best is None:
                return self._reason(operation, ready)
            placed[number] = best
            if turn < last_turn[best.lane]:
                gaps = own.get(best.lane) or self._lanes[best.lane]
                own[best.lane] = gaps.with_booked(Booked(best.start, best.end))
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
        best: PlacedOperation | None = None
        for candidate in operation.candidates:
            gaps = own.get(candidate.lane) or self._lanes.get(candidate.lane)
            if gaps is None:
                continue
            length = candidate.set_up_min + candidate.duration_min
            start = gaps.earliest(ready, length)
            if start is not None and (best is None or start + length < best.end):
                best = PlacedOperation(
                    operation.name, candidate.lane, start, candidate.set_up_min, start + length
                )
        return best

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
