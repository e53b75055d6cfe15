"""Calendars of changing capacity, as frePPLe has them, and the open windows of lanes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from production.scheduling.calendar import merge
from production.scheduling.problem import Window

DAY_MIN = 1440
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A value for some hours of some weekdays between two days; the lowest priority number wins."""

    begins: datetime
    ends: datetime
    value: Decimal
    priority: int
    weekdays: frozenset[int]
    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class CapacityCalendar:
    """How much there is at any moment."""

    name: str
    default: Decimal
    buckets: tuple[Bucket, ...]

    def segments(self, day: date) -> Iterator[tuple[int, int, Decimal]]:
        """``(from minute, to minute, value)`` of one day, without a gap."""
        active = sorted(
            ((*self._hours(bucket, day), bucket) for bucket in self.buckets),
            key=lambda found: found[2].priority,
        )
        active = [found for found in active if found[0] < found[1]]
        cuts = sorted({0, DAY_MIN, *(cut for found in active for cut in found[:2])})
        for begins, ends in pairwise(cuts):
            value = next(
                (bucket.value for start, end, bucket in active if start <= begins < end),
                self.default,
            )
            yield begins, ends, value

    def _hours(self, bucket: Bucket, day: date) -> tuple[int, int]:
        """The bucket's minutes on that day; empty where it says nothing of it."""
        if day.weekday() not in bucket.weekdays:
            return 0, 0
        midnight = datetime.combine(day, datetime.min.time(), tzinfo=bucket.begins.tzinfo)
        first = max(bucket.from_min, _minutes(bucket.begins - midnight))
        last = min(bucket.to_min, _minutes(bucket.ends - midnight))
        return first, last


def open_lanes(
    capacity: CapacityCalendar | None,
    count: int,
    open_hours: Sequence[CapacityCalendar],
    *,
    origin: datetime,
    days: int,
) -> list[tuple[Window, ...]]:
    """Windows of each of ``count`` lanes, in minutes after ``origin``: lane n is open while there
    is capacity for more than n and all of ``open_hours`` are above 0.
    """
    found: list[list[Window]] = [[] for _ in range(count)]
    first = origin.date()
    shift = _minutes(origin - datetime.combine(first, datetime.min.time(), tzinfo=origin.tzinfo))
    for number in range(days):
        day, base = first + DAY * number, number * DAY_MIN - shift
        hours = [(begins, ends) for begins, ends in _open(open_hours, day)]
        segments = [(0, DAY_MIN, Decimal(count))] if capacity is None else capacity.segments(day)
        for begins, ends, value in segments:
            for opens, closes in hours:
                start, end = max(begins, opens), min(ends, closes)
                for lane in range(min(count, int(value)) if start < end else 0):
                    found[lane].append((max(0, base + start), base + end))
    return [merge(windows) for windows in found]


def most(capacity: CapacityCalendar | None, maximum: int) -> int:
    """The most there is at any time."""
    if capacity is None:
        return maximum
    return int(max([capacity.default, *(bucket.value for bucket in capacity.buckets)]))


def _open(calendars: Sequence[CapacityCalendar], day: date) -> list[tuple[int, int]]:
    hours = [(0, DAY_MIN)]
    for calendar in calendars:
        open_now = [(a, b) for a, b, value in calendar.segments(day) if value > 0]
        hours = [
            (max(a, c), min(b, d)) for a, b in hours for c, d in open_now if max(a, c) < min(b, d)
        ]
    return hours


def _minutes(length: timedelta) -> int:
    return max(0, min(DAY_MIN, length // timedelta(minutes=1)))
