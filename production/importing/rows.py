"""The rows of a Django fixture, read field by field; what nobody asked for is counted."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cosmo.lib.errors import Invalid

NEUTRAL = ("", "0", "0.0", 0, 0.0, False)


@dataclass(slots=True)
class Row:
    """One entry. Each reading method marks the field as understood.

    Attributes:
        place: For sentences: file, number of the entry, model and key.
    """

    model: str
    pk: str
    fields: Mapping[str, Any]
    place: str
    asked: set[str] = field(default_factory=set)

    def value(self, name: str) -> Any:
        """The field, or the same written as a foreign key (``item`` and ``item_id``)."""
        for spelling in (name, f"{name}_id"):
            if self.fields.get(spelling) is not None:
                self.asked.add(spelling)
                found = self.fields[spelling]
                return found[0] if isinstance(found, list) and len(found) == 1 else found
        return None

    def text(self, name: str) -> str:
        found = self.value(name)
        if found is not None and not isinstance(found, (str, int, float)):
            raise self.refuse(name, found, "a text")
        return "" if found is None else str(found)

    def need(self, name: str) -> str:
        """Raises: Invalid: it is missing (``bad_fixture``)."""
        found = self.text(name)
        if not found:
            raise Invalid("bad_fixture", f"{self.place}: {name} is missing.")
        return found

    def number(self, name: str, default: int = 0) -> Decimal:
        found = self.value(name)
        if found is None:
            return Decimal(default)
        try:
            number = Decimal(str(found))
        except InvalidOperation:
            raise self.refuse(name, found, "a number") from None
        if not number.is_finite() or abs(number) > Decimal(10) ** 12:
            raise self.refuse(name, found, "a number below 10^12")
        return number

    def seconds(self, name: str) -> Decimal:
        """A duration, as seconds or ``[days ]HH:MM:SS``."""
        found = self.value(name)
        if not isinstance(found, str) or ":" not in found:
            seconds = self.number(name)
        else:
            days, _, clock = found.rpartition(" ")
            parts = clock.split(":")
            if len(parts) != 3 or not all(part.replace(".", "").isdigit() for part in parts):
                raise self.refuse(name, found, "a duration")
            hours, minutes, rest = (Decimal(part) for part in parts)
            whole_days = Decimal(days) if days.strip().isdigit() else Decimal(0)
            seconds = whole_days * 86400 + hours * 3600 + minutes * 60 + rest
        if seconds < 0:
            raise self.refuse(name, found, "a duration of 0 or more")
        return seconds

    def moment(self, name: str) -> datetime | None:
        found = self.value(name)
        if found is None:
            return None
        try:
            moment = datetime.fromisoformat(str(found))
        except ValueError:
            raise self.refuse(name, found, "a date") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def flag(self, name: str, default: bool = True) -> bool:
        found = self.value(name)
        return default if found is None else bool(found)

    def skip_neutral(self, *names: str) -> None:
        """Fields without counterpart that say nothing as long as they are zero or empty."""
        for name in names:
            if self.fields.get(name) in NEUTRAL:
                self.asked.add(name)

    def refuse(self, name: str, found: Any, wanted: str) -> Invalid:
        return Invalid("bad_fixture", f"{self.place}: {name} is {found!r}, which is not {wanted}.")


class Rows:
    """All rows of a file, by model."""

    def __init__(self, source: str, rows: Sequence[Row]) -> None:
        self.source = source
        self.by_model: dict[str, list[Row]] = {}
        for row in rows:
            self.by_model.setdefault(row.model, []).append(row)
        self.notes: Counter[tuple[str, str]] = Counter()

    def of(self, model: str) -> list[Row]:
        return self.by_model.get(f"input.{model}", [])

    def note(self, name: str, why: str) -> None:
        """Something was understood only in part: said with its count."""
        self.notes[name, why] += 1

    def not_understood(self) -> list[dict[str, Any]]:
        """By model and field, how many values were not used, and notes on what was used in part."""
        unused: Counter[str] = Counter()
        for model, rows in self.by_model.items():
            for row in rows:
                names = row.fields or (("(row)",) if not row.asked else ())
                for name in names:
                    is_told = name == "(row)" or row.fields[name] is not None
                    if is_told and name not in row.asked:
                        unused[f"{model}.{name}"] += 1
        found = [
            {"field": name, "count": count, "why": "no counterpart"}
            for name, count in sorted(unused.items())
        ]
        noted = sorted(self.notes.items())
        return found + [{"field": name, "count": n, "why": why} for (name, why), n in noted]

    def __iter__(self) -> Iterator[Row]:
        for rows in self.by_model.values():
            yield from rows


def read_rows(source: str, text: str) -> Rows:
    """The rows of a fixture.

    Raises:
        Invalid: this is no JSON (``bad_json``), or no list of rows (``bad_fixture``); the sentence
            says where.
    """
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise Invalid(
            "bad_json", f"{source}, line {where[0]}, column {where[1]}: this is no JSON."
        ) from error
    if not isinstance(document, list) or not document:
        raise Invalid("bad_fixture", f"{source}: a fixture is a list of rows, and this is none.")
    rows = [_read_row(source, number, entry) for number, entry in enumerate(document, start=1)]
    if not any(row.model.startswith("input.") for row in rows):
        raise Invalid(
            "bad_fixture",
            f"{source}: none of its {len(rows)} rows is a model of frePPLe (input.*).",
        )
    return Rows(source, rows)


def _read_row(source: str, number: int, entry: Any) -> Row:
    is_row = isinstance(entry, dict) and isinstance(entry.get("model"), str)
    if not is_row or not isinstance(entry.get("fields"), dict):
        raise Invalid(
            "bad_fixture", f"{source}, entry {number}: a row has a model and fields; this has not."
        )
    fields = entry["fields"]
    pk = entry.get("pk")
    key = str(pk if pk is not None else fields.get("name", ""))
    place = f"{source}, entry {number} ({entry['model']}{' ' + repr(key) if key else ''})"
    return Row(entry["model"], key, fields, place)
