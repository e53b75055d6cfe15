"""Shift calendars to open windows in minutes from an origin, correct across summer time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cosmo.lib.errors import Invalid
from production.scheduling.problem import Window

MINUTE = timedelta(minutes=1)
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class ShiftCalendar:
    """When a resource works, in the plant's local wall-clock time.

    Attributes:
        weekdays: Seven entries, Monday first; each the shifts of the day as minutes after local
            midnight ``(start, end)``; an end of 1440 is the next midnight, an end at or before
            the start lies on the next day (a night shift belongs to the day it starts on).
        holidays: Local days on which no shift starts.
        breaks: Minutes after local midnight ``(start, end)`` at which nobody works on any day; an
            operation never spans one.
    """

    weekdays: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()
    breaks: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        for start, end in self.breaks:
            if not 0 <= start < end <= DAY_MIN:
                raise Invalid("bad_calendar", f"Break {start}-{end} is not within one day.")
        if len(self.weekdays) != 7:
            raise Invalid("bad_calendar", f"A week has 7 days, not {len(self.weekdays)}.")
        for start, end in (shift for day in self.weekdays for shift in day):
            if not (0 <= start < DAY_MIN and 0 <= end <= DAY_MIN):
                raise Invalid(
                    "bad_calendar", f"Shift {start}-{end} is not within 0-1440 minutes of a day."
                )


def open_windows(
    shifts: ShiftCalendar, *, zone: ZoneInfo, origin: datetime, until: datetime
) -> tuple[Window, ...]:
    """The open time between two moments, as minutes after ``origin``; shifts that touch are one.

    A shift keeps its wall-clock times when summer time begins or ends, so it may be an hour
    longer or shorter on that day.

    Raises:
        Invalid: ``origin`` or ``until`` has no time zone, or ``origin`` is no whole minute.
    """
    if origin.second or origin.microsecond:
        raise Invalid("bad_origin", f"Origin {origin} is not a whole minute.")
    limit = minutes_after(origin, until)
    windows, pauses = [], []
    day = origin.astimezone(zone).date() - timedelta(days=1)  # a night shift may reach in
    last = until.astimezone(zone).date()

    def period(start: int, end: int) -> Window:
        opens = minutes_after(origin, _moment(day, start, zone, fold=0))
        closes = minutes_after(origin, _moment(day, end, zone, fold=1))
        return max(0, opens), min(limit, closes)

    while day <= last:
        if day not in shifts.holidays:
            for start, end in shifts.weekdays[day.weekday()]:
                windows.append(period(start, end + (0 if end > start else DAY_MIN)))
        pauses += [period(start, end) for start, end in shifts.breaks]
        day += timedelta(days=1)
    return subtract(merge(windows), merge(pauses)) if pauses else merge(windows)


def minutes_after(origin: datetime, moment: datetime) -> int:
    """Whole minutes from one moment to another, rounded up.

    Raises:
        Invalid: one of them has no time zone.
    """
    if origin.tzinfo is None or moment.tzinfo is None:
        raise Invalid("naive_time", f"{origin} and {moment} both need a time zone.")
    return -((origin.astimezone(UTC) - moment.astimezone(UTC)) // MINUTE)


def merge(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Sorted and disjoint; windows that overlap or touch become one, empty ones go."""
    merged: list[Window] = []
    for start, end in sorted(window for window in windows if window[0] < window[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def subtract(windows: Sequence[Window], blocked: Sequence[Window]) -> tuple[Window, ...]:
    """What remains of ``windows`` outside ``blocked``; both sorted and disjoint."""
    remaining: list[Window] = []
    first = 0
    for opens, closes in windows:
        start = opens
        while first < len(blocked) and blocked[first][1] <= start:
            first += 1
        index = first
        while index < len(blocked) and blocked[index][0] < closes:
            if start < blocked[index][0]:
                remaining.append((start, blocked[index][0]))
            start = max(start, blocked[index][1])
            index += 1
        if start < closes:
            remaining.append((start, closes))
    return tuple(remaining)


def _moment(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> datetime:
    """Wall-clock ``minute`` of ``day``; ``fold`` chooses at the doubled hour in autumn."""
    shifted = day + timedelta(days=minute // DAY_MIN)
    wall = time(minute % DAY_MIN // 60, minute % 60, fold=fold)
    return datetime.combine(shifted, wall, tzinfo=zone).astimezone(UTC)
