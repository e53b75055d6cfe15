"""Which column of a foreign file answers which feature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from cosmo.lib.expressions import Reading, suggestion
from design.rules import Feature, Model


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that answers a feature.

    Attributes:
        factor: What a number is multiplied with to come to the feature's unit.
        options: Of a choice: the text in the file to the option's id.
        required: Whether a row without a value is refused; else the feature is left open.
    """

    column: str
    feature: str
    factor: Decimal = Decimal(1)
    options: Mapping[str, str] | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """A column for which the product has one value and no question."""

    column: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True)
class ColumnMapping:
    """How the files of one source are read.

    Attributes:
        source: Name of where the designs come from.
        name_column: The column that names a row; None if the line number has to do.
        ignored: Columns that are neither answers nor worth keeping.
    """

    source: str
    mapped: tuple[MappedColumn, ...]
    fixed: tuple[FixedColumn, ...]
    ignored: frozenset[str]
    name_column: str | None = None

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The columns a file has to have, in the order of the mapping."""
        named = () if self.name_column is None else (self.name_column,)
        return (*named, *(c.column for c in self.mapped), *(c.column for c in self.fixed))

    @cached_property
    def features(self) -> frozenset[str]:
        return frozenset(column.feature for column in self.mapped)

    def kept(self, header: Sequence[str]) -> tuple[str, ...]:
        """Columns of a file that answer nothing and stay with the design as they are."""
        used = {column.column for column in self.mapped} | self.ignored
        return tuple(column for column in header if column not in used)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], model: Model) -> "ColumnMapping":
        """Read a mapping document that satisfies its JSON Schema.

        Raises:
            DocumentError: with every fault of meaning that was found.
        """
        reading = Reading()
        columns: set[str] = set()
        answered: set[str] = set()
        mapped: list[MappedColumn] = []
        fixed: list[FixedColumn] = []
        for index, entry in enumerate(document["columns"]):
            path = ("columns", index)
            if entry["column"] in columns:
                sentence = f"Column '{entry['column']}' is mapped twice; keep one entry."
                reading.note((*path, "column"), "duplicate_column", sentence)
            columns.add(entry["column"])
            if "fixed" in entry:
                value = Decimal(str(entry["fixed"]))
                fixed.append(FixedColumn(entry["column"], value, entry.get("unit", "")))
                continue
            _check_feature(reading, entry, path, model, answered)
            answered.add(entry["feature"])
            mapped.append(
                MappedColumn(
                    column=entry["column"],
                    feature=entry["feature"],
                    factor=Decimal(str(entry.get("factor", 1))),
                    options=entry.get("options"),
                    required=bool(entry.get("required", False)),
                )
            )
        ignored = frozenset(document.get("ignored", ()))
        for column in sorted(ignored & columns):
            reading.note(
                ("ignored",),
                "duplicate_column",
                f"Column '{column}' is mapped and ignored; keep one.",
            )
        reading.finish()
        named = document.get("name_column")
        return cls(document["source"], tuple(mapped), tuple(fixed), ignored, named)


def _check_feature(
    reading: Reading,
    entry: Mapping[str, Any],
    path: tuple[str | int, ...],
    model: Model,
    answered: set[str],
) -> None:
    name = entry["feature"]
    feature = model.by_id.get(name)
    if feature is None:
        sentence = f"This product has no feature '{name}'.{suggestion(name, model.by_id)}"
        reading.note((*path, "feature"), "unknown_feature", sentence)
        return
    if name in answered:
        sentence = f"Feature '{name}' is answered by two columns; keep one."
        reading.note((*path, "feature"), "duplicate_feature", sentence)
    if feature.kind not in ("parameter", "choice"):
        sentence = f"'{name}' takes no column; only parameters and choices do."
        reading.note((*path, "feature"), "wrong_kind", sentence)
    _check_options(reading, entry, path, feature)


def _check_options(
    reading: Reading, entry: Mapping[str, Any], path: tuple[str | int, ...], feature: Feature
) -> None:
    options = entry.get("options")
    if feature.kind == "choice" and options is None:
        sentence = f"'{feature.id}' is a choice; say with options which text means which option."
        reading.note(path, "options_missing", sentence)
    if feature.kind == "parameter" and options is not None:
        sentence = f"'{feature.id}' is a number; it takes a factor, not options."
        reading.note((*path, "options"), "wrong_kind", sentence)
        return
    for text, option in (options or {}).items():
        if option not in feature.option_ids:
            known = suggestion(option, feature.option_ids)
            sentence = f"'{feature.id}' has no option '{option}'.{known}"
            reading.note((*path, "options", text), "unknown_option", sentence)
