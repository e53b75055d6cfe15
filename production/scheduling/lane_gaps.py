"""The free time of one lane: sorted gaps, found by bisection, never changed in place.

Booking, or giving back, makes new gaps of the part they touch and shares nothing that changes, so
threads read one state while another is made. Times are whole minutes after an origin.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from production.scheduling.calendar import merge, subtract
from production.scheduling.problem import FAR, Window

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


class LaneGaps:
    """The free time of one lane. Immutable: ``with_booked`` gives a new one."""

    __slots__ = ("_block_longest", "_ends", "_lengths", "_starts", "windows")

    def __init__(self, windows: Sequence[Window], booked: Iterable[Booked] = ()) -> None:
        """``windows``: open time without maintenance, sorted, disjoint, not touching."""
        self.windows = windows
        taken = merge((self.room_start(one), one.end) for one in booked)
        free = subtract(windows, taken)
        self._starts = array("q", [start for start, _ in free])
        self._ends = array("q", [end for _, end in free])
        self._lengths = array("q", [end - start for start, end in free])
        self._block_longest = _unknown(self._lengths)

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
        start, end = self.room_start(booked), booked.end
        low = bisect_right(self._ends, start)
        high = bisect_left(self._starts, end, low)
        if low >= high:
            return self
        pieces = []
        if self._starts[low] < start:
            pieces.append((self._starts[low], start))
        if end < self._ends[high - 1]:
            pieces.append((end, self._ends[high - 1]))
        return self._spliced(low, high, pieces)

    def with_span(self, start: int, end: int, taken: Iterable[Window]) -> "LaneGaps":
        """The same lane where ``[start, end)`` is as open as its windows, but for ``taken``.

        Args:
            taken: Everything that is taken there, with the room before it, in any order.
        """
        first = max(0, bisect_right(self.windows, (start, FAR)) - 1)
        last = bisect_left(self.windows, (end, -FAR), first)
        opens = [(max(a, start), min(b, end)) for a, b in self.windows[first:last]]
        pieces = list(subtract([one for one in opens if one[0] < one[1]], merge(taken)))
        low = bisect_left(self._ends, start)  # a gap that ends where the span begins may grow
        high = max(low, bisect_right(self._starts, end))
        if low < high and self._starts[low] < start:
            pieces.insert(0, (self._starts[low], min(self._ends[low], start)))
        if low < high and self._ends[high - 1] > end:
            pieces.append((max(self._starts[high - 1], end), self._ends[high - 1]))
        # Windows do not touch: gaps that do are one.
        return self._spliced(low, high, merge(pieces))

    def _spliced(self, low: int, high: int, pieces: Sequence[Window]) -> "LaneGaps":
        """The same lane with ``pieces`` in the place of the gaps from ``low`` to ``high``."""
        twin = LaneGaps.__new__(LaneGaps)
        twin.windows = self.windows
        twin._starts, twin._ends, twin._lengths = self._starts[:], self._ends[:], self._lengths[:]
        twin._starts[low:high] = array("q", [start for start, _ in pieces])
        twin._ends[low:high] = array("q", [end for _, end in pieces])
        twin._lengths[low:high] = array("q", [end - start for start, end in pieces])
        twin._block_longest = _unknown(twin._lengths)
        untouched = low // BLOCK
        twin._block_longest[:untouched] = self._block_longest[:untouched]
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
            if (self._block_longest[later] or self._look_at(later)) >= length:
                index = later * BLOCK
                while lengths[index] < length:
                    index += 1
                return index
        return None

    def _look_at(self, block: int) -> int:
        """The block's longest gap, kept; two threads that look at once find the same."""
        longest = max(self._lengths[block * BLOCK : (block + 1) * BLOCK])
        self._block_longest[block] = longest
        return longest

    def room_start(self, booked: Booked) -> int:
        """Where the booking's growing room begins; room never reaches into an earlier window."""
        if not booked.room_min:
            return booked.start
        position = bisect_right(self.windows, (booked.start, FAR)) - 1
        if position < 0 or self.windows[position][1] <= booked.start:
            return booked.start
        return max(self.windows[position][0], booked.start - booked.room_min)


def _unknown(lengths: Sequence[int]) -> list[int]:
    """No block looked at yet: most searches end in the first ones, most changes come before."""
    return [0] * -(-len(lengths) // BLOCK)
