"""What else binds a plant: maintenance, places and the ways between them, crews, mix rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cosmo.lib.expressions import Expression, ExpressionError, Reading, Scope, suggestion
from production.scheduling.calendar import ShiftCalendar, merge, minutes_after, open_windows
from production.scheduling.problem import Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Document = Mapping[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A planned standstill: once between two local moments, or every week.

    Attributes:
        weekly: The days and minutes of the weekly one, written like shifts.
    """

    since: datetime | None = None
    until: datetime | None = None
    weekly: ShiftCalendar | None = None

    def windows(self, *, zone: ZoneInfo, origin: datetime, until: datetime) -> tuple[Window, ...]:
        """The part between two moments, in minutes after ``origin``."""
        if self.weekly is not None:
            return open_windows(self.weekly, zone=zone, origin=origin, until=until)
        if self.since is None or self.until is None:
            return ()
        start = -minutes_after(self.since.replace(tzinfo=zone), origin)
        end = minutes_after(origin, self.until.replace(tzinfo=zone))
        return merge([(max(0, start), min(end, minutes_after(origin, until)))])


@dataclass(frozen=True, slots=True)
class Transfers:
    """Minutes from place to place."""

    other: int = 0
    pairs: Mapping[tuple[str, str], int] | None = None

    def minutes(self, before: str, after: str) -> int:
        if before == after:
            return 0
        return (self.pairs or {}).get((before, after), self.other)


@dataclass(frozen=True, slots=True)
class LineMix:
    """Of any ``of`` units on end at a work centre, at most ``at_most`` for which ``when`` holds."""

    id: str
    work_centre: str
    at_most: int
    of: int
    when: Expression

    def counts(self, scope: Scope) -> bool:
        """Whether a unit with these choices counts; one without the features does not."""
        if not self.when.names <= scope.keys():
            return False
        try:
            return self.when.evaluate_truth(scope)
        except ExpressionError:  # another product means something else by the name
            return False


def read_maintenance(reading: Reading, entry: Document, path: Path) -> Maintenance:
    if "weekday" in entry:
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in entry["at"].split("-"))
        days = tuple(((start, end),) if name == entry["weekday"] else () for name in WEEKDAYS)
        return Maintenance(weekly=ShiftCalendar(days))
    try:
        since, until = (datetime.fromisoformat(entry[key]) for key in ("from", "until"))
    except ValueError as fault:
        reading.note(path, "bad_date", f"'{entry['from']}-{entry['until']}': {fault}.")
        return Maintenance()
    if since >= until:
        sentence = f"The maintenance until {entry['until']} begins at {entry['from']}; turn it."
        reading.note(path, "bad_maintenance", sentence)
    return Maintenance(since, until)


def read_transfers(entry: Document | None) -> Transfers:
    if entry is None:
        return Transfers()
    pairs = {}
    for name, minutes in (entry.get("pairs") or {}).items():
        before, _, after = name.partition(">")
        pairs[before, after] = minutes
    return Transfers(entry["other"], pairs)


def check_crews(reading: Reading, entries: Sequence[Document]) -> None:
    """A crew is a work centre of that kind, and needs no crew itself."""
    crews = [entry["id"] for entry in entries if entry.get("kind") == "crew"]
    for index, entry in enumerate(entries):
        name = entry.get("crew")
        if name is None:
            continue
        path: Path = ("work_centres", index, "crew")
        if name not in crews:
            sentence = f"There is no work centre of kind crew '{name}'.{suggestion(name, crews)}"
            reading.note(path, "unknown_crew", sentence)
        elif entry["id"] in crews:
            sentence = f"Crew '{entry['id']}' works with others; it needs no crew itself."
            reading.note(path, "crew_of_crew", sentence)


def read_mix_rules(reading: Reading, line: Document, path: Path) -> tuple[LineMix, ...]:
    """Names in the expressions are looked up unit by unit: a line makes several products."""
    entries = line.get("mix_rules", ())
    reading.unique_ids((*path, "mix_rules"), entries, "Mix rule")
    rules = []
    for index, entry in enumerate(entries):
        where = (*path, "mix_rules", index)
        when = reading.expression((*where, "when"), entry["when"], None, None)
        if entry["at_most"] >= entry["of"]:
            sentence = (
                f"Mix rule '{entry['id']}' allows {entry['at_most']} of {entry['of']}; allow fewer."
            )
            reading.note((*where, "at_most"), "bad_mix_rule", sentence)
        if entry["work_centre"] not in line["work_centres"]:
            sentence = (
                f"Line '{line['code']}' has no work centre '{entry['work_centre']}'."
                f"{suggestion(entry['work_centre'], line['work_centres'])}"
            )
            reading.note((*where, "work_centre"), "unknown_work_centre", sentence)
        if when is not None:
            rules.append(
                LineMix(entry["id"], entry["work_centre"], entry["at_most"], entry["of"], when)
            )
    return tuple(rules)
