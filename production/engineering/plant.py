"""A plant as its document describes it: work centres, resources, set-ups, calendars, lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cosmo.lib.expressions import Reading, suggestion
from production.engineering.floor import (
    WEEKDAYS,
    LineMix,
    Maintenance,
    Transfers,
    check_crews,
    read_maintenance,
    read_mix_rules,
    read_transfers,
)
from production.scheduling.calendar import DAY_MIN, ShiftCalendar, merge, subtract
from production.scheduling.delivery import Carrier
from production.scheduling.problem import FAR, SetUpMatrix

Document = Mapping[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One machine or station.

    Attributes:
        batch: An oven: what is in its lanes at the same time goes in and comes out together.
        maintenance: Planned standstills.
        lanes: Units it works on side by side.
        speed_percent: A run of 100 minutes takes ``100 * 100 / speed_percent`` here, rounded up.
    """

    id: str
    lanes: int = 1
    speed_percent: int = 100
    batch: bool = False
    maintenance: tuple[Maintenance, ...] = ()

    def duration_min(self, minutes: int) -> int:
        """Run time here of ``minutes`` at 100 % speed."""
        return -(-minutes * 100 // self.speed_percent)


@dataclass(frozen=True, slots=True)
class SetUpTimes:
    """Minutes of changeover in one work centre."""

    same: int = 0
    other: int = 0
    pairs: Mapping[tuple[str, str], int] | None = None

    def minutes(self, before: str | None, after: str | None) -> int:
        """From family to family. No family after: 0. Unknown before: the worst for ``after``."""
        if after is None:
            return 0
        if before is None:
            return self.worst_into(after)
        pair = (self.pairs or {}).get((before, after))
        return pair if pair is not None else self.same if before == after else self.other

    def worst_into(self, after: str | None) -> int:
        """The longest set-up an operation of this family can need; 0 without family."""
        if after is None:
            return 0
        into = (minutes for (_, family), minutes in (self.pairs or {}).items() if family == after)
        return max(self.same, self.other, *into)

    @property
    def worst(self) -> int:
        return max(self.same, self.other, *(self.pairs or {}).values())

    def matrix(self, families: Iterable[str]) -> SetUpMatrix:
        """For the scheduling engine; family ``n`` is the n-th of ``families``."""
        names = tuple(families)
        return SetUpMatrix(
            minutes=tuple(tuple(self.minutes(a, b) for b in names) for a in names),
            first=tuple(self.worst_into(b) for b in names),
        )


@dataclass(frozen=True, slots=True)
class WorkCentre:
    """A group of like resources under one calendar.

    Attributes:
        is_crew: Its lanes are people with one skill: they make nothing by themselves.
        crew: The crew of which every operation here takes a lane as well; empty for none.
        place: Where it stands; empty for the place of all that say none.
    """

    id: str
    names: Mapping[str, str]
    calendar: str
    resources: tuple[Resource, ...]
    set_up: SetUpTimes
    is_crew: bool = False
    crew: str = ""
    place: str = ""

    def eligible(self, resources: tuple[str, ...] | None) -> tuple[Resource, ...]:
        """All of them, or those named."""
        if resources is None:
            return self.resources
        return tuple(one for one in self.resources if one.id in resources)


@dataclass(frozen=True, slots=True)
class Line:
    """What executes work orders for some work centres, and how it is spoken to."""

    code: str
    connector: str
    work_centres: tuple[str, ...]
    mix_rules: tuple[LineMix, ...] = ()


@dataclass(frozen=True, slots=True)
class PlantBook:
    """One plant. Build it with ``PlantBook.from_document``."""

    code: str
    names: Mapping[str, str]
    zone: ZoneInfo
    carrier_code: str
    carrier: Carrier
    promise_buffer_min: int
    release_horizon_min: int
    calendars: Mapping[str, ShiftCalendar]
    work_centres: Mapping[str, WorkCentre]
    lines: tuple[Line, ...]
    transfers: Transfers
    frozen_horizon_min: int = 0
    change_window_min: int = 0

    @classmethod
    def from_document(cls, document: Document) -> "PlantBook":
        """Read a document that satisfies the plant's JSON Schema.

        The carrier rests on the holidays of all calendars together.

        Raises:
            DocumentError: with every fault of meaning that was found.
        """
        reading = Reading()
        zone = _read_zone(reading, document["time_zone"])
        calendars = {
            name: _read_calendar(reading, entry, ("calendars", name))
            for name, entry in document["calendars"].items()
        }
        centres = _read_work_centres(reading, document["work_centres"], calendars)
        check_crews(reading, document["work_centres"])
        lines = _read_lines(reading, document["lines"], centres)
        carrier = document["carrier"]
        reading.finish()
        return cls(
            code=document["code"],
            names=document["names"],
            zone=zone,
            carrier_code=carrier["code"],
            carrier=Carrier(
                working_days=carrier["working_days"],
                pickup=time.fromisoformat(carrier["pickup"]),
                zone=zone,
                holidays=frozenset().union(*(one.holidays for one in calendars.values())),
            ),
            promise_buffer_min=document["promise_buffer_min"],
            release_horizon_min=document["release_horizon_min"],
            frozen_horizon_min=document.get("frozen_horizon_min", 0),
            change_window_min=document.get("change_window_min", 0),
            calendars=calendars,
            work_centres=centres,
            lines=lines,
            transfers=read_transfers(document.get("transfer_min")),
        )

    def longest_window_min(self, work_centre: str) -> int:
        """The longest open time on end in a week without holidays; FAR if it never closes."""
        return longest_window_min(self.calendars[self.work_centres[work_centre].calendar])

    def line_of(self, work_centres: Iterable[str]) -> Line | None:
        """The first line that has all these work centres."""
        wanted = set(work_centres)
        return next((line for line in self.lines if wanted <= set(line.work_centres)), None)


def longest_window_min(shifts: ShiftCalendar) -> int:
    """Two weeks on end, so that Sunday night runs into Monday."""
    windows = merge(
        (day * DAY_MIN + start, day * DAY_MIN + end + (0 if end > start else DAY_MIN))
        for day in range(14)
        for start, end in shifts.weekdays[day % 7]
    )
    breaks = [
        (day * DAY_MIN + start, day * DAY_MIN + end)
        for day in range(15)
        for start, end in sorted(shifts.breaks)
    ]
    longest = max((end - start for start, end in subtract(windows, merge(breaks))), default=0)
    return FAR if longest >= 7 * DAY_MIN else longest


def _read_zone(reading: Reading, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = f"'{name}' is no time zone; use an IANA name such as 'Europe/Berlin'."
        reading.note(("time_zone",), "unknown_time_zone", sentence)
        return ZoneInfo("UTC")


def _read_calendar(reading: Reading, entry: Document, path: Path) -> ShiftCalendar:
    holidays = set()
    for index, day in enumerate(entry.get("holidays", ())):
        try:
            holidays.add(date.fromisoformat(str(day)))
        except ValueError:
            sentence = f"'{day}' is no day of the calendar; write YYYY-MM-DD."
            reading.note((*path, "holidays", index), "bad_date", sentence)
    weekdays = tuple(
        tuple(_shift(text) for text in entry["weekdays"].get(day) or ()) for day in WEEKDAYS
    )
    breaks = tuple(_shift(text) for text in entry.get("breaks", ()))
    for index, (start, end) in enumerate(breaks):
        if start >= end:
            sentence = f"Break '{entry['breaks'][index]}' ends before it begins; write two breaks."
            reading.note((*path, "breaks", index), "bad_break", sentence)
            breaks = ()
    if not any(weekdays):
        sentence = f"Calendar '{path[-1]}' is never open; give a weekday a window."
        reading.note((*path, "weekdays"), "never_open", sentence)
    return ShiftCalendar(weekdays, frozenset(holidays), breaks)


def _shift(text: str) -> tuple[int, int]:
    """``06:00-22:00`` in minutes after midnight."""
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return start, end


def _read_work_centres(
    reading: Reading, entries: list[Document], calendars: Mapping[str, ShiftCalendar]
) -> Mapping[str, WorkCentre]:
    reading.unique_ids(("work_centres",), entries, "Work centre")
    centres = {}
    for index, entry in enumerate(entries):
        path: Path = ("work_centres", index)
        reading.unique_ids((*path, "resources"), entry["resources"], "Resource")
        if entry["calendar"] not in calendars:
            sentence = (
                f"There is no calendar '{entry['calendar']}'."
                f"{suggestion(entry['calendar'], calendars)}"
            )
            reading.note((*path, "calendar"), "unknown_calendar", sentence)
        centres[entry["id"]] = WorkCentre(
            id=entry["id"],
            names=entry["names"],
            calendar=entry["calendar"],
            resources=tuple(
                _read_resource(reading, one, (*path, "resources", number))
                for number, one in enumerate(entry["resources"])
            ),
            set_up=_read_set_up(entry.get("set_up_min")),
            is_crew=entry.get("kind") == "crew",
            crew=entry.get("crew", ""),
            place=entry.get("place", ""),
        )
    return centres


def _read_resource(reading: Reading, entry: Document, path: Path) -> Resource:
    maintenance = tuple(
        read_maintenance(reading, one, (*path, "maintenance", number))
        for number, one in enumerate(entry.get("maintenance", ()))
    )
    return Resource(**{**entry, "maintenance": maintenance})


def _read_set_up(entry: Document | None) -> SetUpTimes:
    if entry is None:
        return SetUpTimes()
    pairs = {}
    for name, minutes in (entry.get("pairs") or {}).items():
        before, _, after = name.partition(">")
        pairs[before.strip(), after.strip()] = minutes
    return SetUpTimes(entry["same"], entry["other"], pairs)


def _read_lines(
    reading: Reading, entries: list[Document], centres: Mapping[str, WorkCentre]
) -> tuple[Line, ...]:
    owner: dict[str, str] = {}
    codes: set[str] = set()
    for index, entry in enumerate(entries):
        if entry["code"] in codes:
            sentence = f"Line '{entry['code']}' is defined twice; give it a code of its own."
            reading.note(("lines", index, "code"), "duplicate_id", sentence)
        codes.add(entry["code"])
        for position, centre in enumerate(entry["work_centres"]):
            path: Path = ("lines", index, "work_centres", position)
            if centre not in centres:
                sentence = f"There is no work centre '{centre}'.{suggestion(centre, centres)}"
                reading.note(path, "unknown_work_centre", sentence)
            elif owner.setdefault(centre, entry["code"]) != entry["code"]:
                sentence = f"Work centre '{centre}' already belongs to line '{owner[centre]}'."
                reading.note(path, "work_centre_in_two_lines", sentence)
    for index, centre in enumerate(centres):
        if centre not in owner:
            sentence = f"Work centre '{centre}' belongs to no line; add it to one."
            reading.note(("work_centres", index, "id"), "work_centre_without_line", sentence)
    return tuple(
        Line(
            entry["code"],
            entry["connector"],
            tuple(entry["work_centres"]),
            read_mix_rules(reading, entry, ("lines", index)),
        )
        for index, entry in enumerate(entries)
    )
