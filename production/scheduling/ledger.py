"""What is booked on the lanes of a plant, and the free time that follows from it.

A ledger is brought up to date by changes: rows that are new or moved, and rows that are gone. Only
what a change touches is worked out anew, so following costs microseconds where laying a plant out
costs a second. Everything a reader gets is immutable; ``followed`` gives a further ledger.

Rows are kept in arrays of machine integers: 100,000 bookings take some 15 MB.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from production.scheduling.gaps import GapIndex
from production.scheduling.lane_gaps import Booked, LaneGaps
from production.scheduling.problem import Window

FEW, MANY = 8, 64
"""Rows that go from a lane, and rows that come, up to which its gaps are mended; beyond, they are
laid out anew."""
TABLES = 2048
"""Of the places of all rows; following a row copies one of them."""

NOTHING = Booked(0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One booking: its key, its lane, and what it takes. ``lane`` None: it is gone."""

    key: int
    lane: int | None
    booked: Booked = NOTHING


class LaneRows:
    """The bookings of one lane by their begin; copied before it is changed."""

    __slots__ = ("ends", "keys", "longest_room", "rooms", "starts")

    def __init__(self) -> None:
        self.starts, self.ends = array("q"), array("q")
        self.rooms, self.keys = array("l"), array("q")
        self.longest_room = 0

    def copy(self) -> "LaneRows":
        twin = LaneRows.__new__(LaneRows)
        twin.starts, twin.ends = self.starts[:], self.ends[:]
        twin.rooms, twin.keys = self.rooms[:], self.keys[:]
        twin.longest_room = self.longest_room
        return twin

    def add(self, key: int, booked: Booked) -> None:
        at = bisect_left(self.starts, booked.start)
        self.starts.insert(at, booked.start)
        self.ends.insert(at, booked.end)
        self.rooms.insert(at, booked.room_min)
        self.keys.insert(at, key)
        self.longest_room = max(self.longest_room, booked.room_min)

    def take_out(self, key: int, start: int) -> Booked:
        at = bisect_left(self.starts, start)
        while self.keys[at] != key:
            at += 1
        gone = Booked(self.starts[at], self.ends[at], self.rooms[at])
        for column in (self.starts, self.ends, self.rooms, self.keys):
            del column[at]
        return gone

    def holds(self, row: Row, lane: int, start: int) -> bool:
        """Whether the row stands on this ``lane`` from ``start`` just as it is known."""
        if row.lane != lane or row.booked.start != start:
            return False
        at = bisect_left(self.starts, start)
        while self.keys[at] != row.key:
            at += 1
        return (self.ends[at], self.rooms[at]) == (row.booked.end, row.booked.room_min)

    def all(self) -> Iterable[Booked]:
        return map(Booked, self.starts, self.ends, self.rooms)

    def reaching_into(self, start: int, end: int) -> Iterable[Booked]:
        """Bookings that, with the room before them, may take a part of ``[start, end)``."""
        first = bisect_left(self.starts, start)
        while first and self.ends[first - 1] > start:
            first -= 1
        last = bisect_left(self.starts, end + self.longest_room, first)
        for at in range(first, last):
            yield Booked(self.starts[at], self.ends[at], self.rooms[at])


class Places:
    """Where each row stands, by its key: small tables, of which a change copies its own only."""

    __slots__ = ("_mine", "_tables")

    def __init__(self) -> None:
        self._tables: list[dict[int, tuple[int, int]]] = [{} for _ in range(TABLES)]
        self._mine = set(range(TABLES))  # tables that no other ledger reads

    def __len__(self) -> int:
        return sum(map(len, self._tables))

    def copy(self) -> "Places":
        twin = Places.__new__(Places)
        twin._tables, twin._mine = self._tables[:], set()
        self._mine = set()
        return twin

    def put(self, key: int, lane: int, start: int) -> None:
        self._own(key)[key] = (lane, start)

    def get(self, key: int) -> tuple[int, int] | None:
        return self._tables[key % TABLES].get(key)

    def take_out(self, key: int) -> None:
        del self._own(key)[key]

    def _own(self, key: int) -> dict[int, tuple[int, int]]:
        number = key % TABLES
        if number not in self._mine:
            self._tables[number] = dict(self._tables[number])
            self._mine.add(number)
        return self._tables[number]


@dataclass(frozen=True, slots=True)
class _Touched:
    """What a change takes from a lane and gives to it."""

    gone: list[Booked]
    new: list[Booked]


class Ledger:
    """The bookings of a plant's lanes and the index of the free time between them. Immutable."""

    __slots__ = ("_lanes", "_places", "index")

    def __init__(self, windows: Mapping[int, tuple[Window, ...]], rows: Iterable[Row] = ()) -> None:
        """``windows``: open time of each lane; rows of other lanes are left out."""
        self._lanes: dict[int, LaneRows] = {lane: LaneRows() for lane in windows}
        self._places = Places()
        for row in sorted(rows, key=lambda row: row.booked.start):
            if row.lane is not None and row.lane in self._lanes:
                self._lanes[row.lane].add(row.key, row.booked)
                self._places.put(row.key, row.lane, row.booked.start)
        self.index = GapIndex(
            {lane: LaneGaps(windows[lane], rows.all()) for lane, rows in self._lanes.items()}
        )

    def __len__(self) -> int:
        return len(self._places)

    def followed(self, rows: Iterable[Row]) -> "Ledger":
        """The ledger after ``rows``; of rows with one key the last counts, and gone is gone."""
        wanted = {row.key: row for row in rows}
        if not wanted:
            return self
        twin = Ledger.__new__(Ledger)
        twin._lanes, twin._places = dict(self._lanes), self._places.copy()
        touched: dict[int, _Touched] = {}
        for key, row in wanted.items():
            place = self._places.get(key)
            if place is not None and twin._lanes[place[0]].holds(row, *place):
                continue  # its seq is another, what it takes is not
            if place is not None:
                own = twin._own(place[0], touched)
                touched[place[0]].gone.append(own.take_out(key, place[1]))
                twin._places.take_out(key)
            if row.lane is not None and row.lane in twin._lanes:
                twin._own(row.lane, touched).add(key, row.booked)
                touched[row.lane].new.append(row.booked)
                twin._places.put(key, row.lane, row.booked.start)
        twin.index = self.index.with_lanes(
            {lane: twin._gaps(self.index[lane], lane, one) for lane, one in touched.items()}
        )
        return twin

    def knows(self, key: int) -> bool:
        return self._places.get(key) is not None

    def _own(self, lane: int, touched: dict[int, _Touched]) -> LaneRows:
        """The lane's rows, copied when they are changed for the first time."""
        if lane not in touched:
            touched[lane] = _Touched([], [])
            self._lanes[lane] = self._lanes[lane].copy()
        return self._lanes[lane]

    def _gaps(self, before: LaneGaps, lane: int, touched: _Touched) -> LaneGaps:
        """What is gone is looked at with all that stands there now; what is new takes its time."""
        rows = self._lanes[lane]
        if len(touched.gone) > FEW or len(touched.new) > MANY:
            return LaneGaps(before.windows, rows.all())
        gaps = before
        for one in touched.gone:
            start = gaps.room_start(one)
            taken = ((gaps.room_start(b), b.end) for b in rows.reaching_into(start, one.end))
            gaps = gaps.with_span(start, one.end, taken)
        for one in touched.new:
            gaps = gaps.with_booked(one)
        return gaps
