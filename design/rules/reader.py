"""From an offer document to a model; every fault of meaning is found, not only the first.

JSON Schema has seen the document before, so keys and types are as expected here.
"""

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from cosmo.lib.expressions import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Environment,
    Expression,
    Kind,
    OptionKind,
    Reading,
    SetKind,
    suggestion,
)

from .components import Placed, flat_features, flat_rules, structure
from .encoding import Encoding, encode
from .features import (
    MAX_DECIMALS,
    MAX_SCALED_STEPS,
    NONE,
    Feature,
    Option,
    decimals_of,
    scaled_number,
)
from .reading_text import check_text_use
from .rule import Rule, Table

Document = Mapping[str, Any]
_RESERVED = {"i": "the number of a repeated part", "none": "an option that was not chosen"}


@dataclass(frozen=True, slots=True)
class RulesRead:
    """What a document says about choosing.

    Attributes:
        structure: What holds by the form of the document: a component that is not fitted has no
            answers of its own. Never named in explanations.
    """

    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    structure: tuple[Rule, ...]
    encoding: Encoding


def read_rules(document: Document, *, defaults_hold: bool = True) -> RulesRead:
    """The features and rules of a document.

    Raises:
        DocumentError: with every fault that was found.
    """
    reading = Reading()
    placed = flat_features(document)
    by_id = _read_features(reading, placed, document.get("groups"))
    features = tuple(by_id.values())
    environment = environment_of(features)
    written = flat_rules(document)
    _note_repeated(reading, written, "Rule")
    rules, still = (
        tuple(_read_rule(reading, entry, path, by_id, environment) for path, entry in entries)
        for entries in (written, structure(placed))
    )
    reading.finish()
    encoding = encode(features, rules, still, reading, [path for path, _ in written])
    reading.finish()
    if defaults_hold:
        _check_defaults(reading, features, rules, [path for path, _ in written])
    reading.finish()
    return RulesRead(features, rules, still, encoding)


def _note_repeated(reading: Reading, placed: Iterable[Placed], what: str) -> None:
    seen: set[str] = set()
    for path, entry in placed:
        if entry["id"] in seen:
            sentence = f"{what} '{entry['id']}' is defined twice; give it an id of its own."
            reading.note((*path, "id"), "duplicate_id", sentence)
        seen.add(entry["id"])


def environment_of(features: Iterable[Feature]) -> Environment:
    """The names an expression may use, with their kinds."""
    return {feature.id: _kind(feature) for feature in features}


def _kind(feature: Feature) -> Kind:
    if feature.kind == "choice":
        return OptionKind("an option", {option.id: option.values for option in feature.options})
    if feature.kind == "multi":
        return SetKind("several options", frozenset(feature.option_ids))
    return NUMBER if feature.kind == "parameter" else TEXT


def _read_features(
    reading: Reading, placed: list[Placed], groups: list[str] | None
) -> dict[str, Feature]:
    _note_repeated(reading, placed, "Feature")
    features: dict[str, Feature] = {}
    for path, entry in placed:
        feature = _READERS[entry["kind"]](reading, entry, path)
        _check_feature(reading, entry, path, groups)
        features.setdefault(feature.id, _inside(feature, entry))
    return features


def _inside(feature: Feature, entry: Document) -> Feature:
    """The feature with what it has from the component it belongs to."""
    if "component" not in entry:
        return feature
    usual = entry["usual"] if feature.kind in ("choice", "text") else feature.default
    if feature.kind == "multi":
        usual = tuple(option for option in feature.option_ids if option in entry["usual"])
    return replace(feature, component=entry["component"], usual=usual)


def _check_feature(
    reading: Reading, entry: Document, path: tuple[str | int, ...], groups: list[str] | None
) -> None:
    name = entry["id"]
    if keyword.iskeyword(name) or name in _RESERVED:
        meaning = _RESERVED.get(name, "a word of the expression language")
        reading.note(
            (*path, "id"), "reserved_name", f"'{name}' is {meaning}; choose another feature id."
        )
    if groups is not None and entry["group"] not in groups:
        sentence = f"There is no group '{entry['group']}'.{suggestion(entry['group'], groups)}"
        reading.note((*path, "group"), "unknown_group", sentence)


def _read_options(
    reading: Reading, entry: Document, path: tuple[str | int, ...]
) -> tuple[Option, ...]:
    reading.unique_ids((*path, "options"), entry["options"], "Option")
    return tuple(
        Option(
            item["id"],
            {
                key: Decimal(str(value)) if isinstance(value, float) else value
                for key, value in (item.get("values") or {}).items()
            },
        )
        for item in entry["options"]
    )


def _read_choice(reading: Reading, entry: Document, path: tuple[str | int, ...]) -> Feature:
    options = _read_options(reading, entry, path)
    optional = bool(entry.get("optional", False))
    ids = [option.id for option in options]
    if optional and NONE not in ids:
        options = (Option(NONE, {}), *options)
        ids.insert(0, NONE)
    default = entry.get("default", ids[0])
    if default not in ids:
        reading.note(
            (*path, "default"),
            "unknown_option",
            f"'{entry['id']}' has no option '{default}' to start with.{suggestion(default, ids)}",
        )
    return Feature(
        entry["id"], entry["group"], "choice", default, options=options, optional=optional
    )


def _read_multi(reading: Reading, entry: Document, path: tuple[str | int, ...]) -> Feature:
    options = _read_options(reading, entry, path)
    ids = [option.id for option in options]
    minimum, maximum = int(entry.get("min", 0)), int(entry.get("max", len(ids)))
    default = list(entry.get("default", ()))
    if minimum > maximum:
        sentence = f"min {minimum} is above max {maximum}; nothing could be chosen."
        reading.note((*path, "min"), "empty_range", sentence)
    elif minimum > len(ids):
        sentence = f"min {minimum} asks for more than the {len(ids)} options there are."
        reading.note((*path, "min"), "empty_range", sentence)
    elif not minimum <= len(default) <= maximum:
        sentence = f"The default holds {len(default)} options, not {minimum} to {maximum}."
        reading.note((*path, "default"), "bad_default", sentence)
    for wrong in sorted(set(default) - set(ids)):
        sentence = f"'{entry['id']}' has no option '{wrong}' to start with.{suggestion(wrong, ids)}"
        reading.note((*path, "default"), "unknown_option", sentence)
    ordered = tuple(option_id for option_id in ids if option_id in default)
    return Feature(
        entry["id"],
        entry["group"],
        "multi",
        ordered,
        options=options,
        minimum=minimum,
        maximum=maximum,
    )


def _read_parameter(reading: Reading, entry: Document, path: tuple[str | int, ...]) -> Feature:
    written = [entry[key] for key in ("min", "max", "step", "default")]
    decimals = min(max(decimals_of(number) for number in written), MAX_DECIMALS)
    low, high, step, default = (scaled_number(str(number), decimals) for number in written)
    feature = Feature(
        entry["id"],
        entry["group"],
        "parameter",
        default,
        minimum=low,
        maximum=high,
        step=max(step, 1),
        unit=entry.get("unit", ""),
        scaled=bool(entry.get("scaled", False)),
        decimals=decimals,
    )
    _check_steps(reading, feature, path, step)
    return feature


def _check_steps(
    reading: Reading, feature: Feature, path: tuple[str | int, ...], step: int
) -> None:
    low, high = feature.shown(feature.minimum), feature.shown(feature.maximum)
    count, default = len(feature.numbers), cast(int, feature.default)
    if step <= 0:
        sentence = f"The step {step} would never come to an end; it has to be above 0."
        reading.note((*path, "step"), "bad_step", sentence)
    elif feature.minimum > feature.maximum:
        sentence = f"min {low} is above max {high}; nothing could be chosen."
        reading.note((*path, "min"), "empty_range", sentence)
    elif (feature.maximum - feature.minimum) % step:
        sentence = f"max {high} is not reached from min {low} in steps of {feature.shown(step)}."
        reading.note((*path, "max"), "bad_step", sentence)
    elif count > MAX_SCALED_STEPS:
        sentence = (
            f"{count:,} steps from {low} to {high}; at most {MAX_SCALED_STEPS:,} can be offered."
        )
        reading.note((*path, "step"), "too_many_steps", sentence)
    elif default not in feature.numbers:
        sentence = (
            f"The default {feature.shown(default)} is not one of the steps of "
            f"{feature.shown(step)} from {low} to {high}."
        )
        reading.note((*path, "default"), "bad_default", sentence)


def _read_text(reading: Reading, entry: Document, path: tuple[str | int, ...]) -> Feature:
    default = entry.get("default", "")
    if len(default) > entry["max_length"]:
        sentence = f"The default has {len(default)} characters, more than {entry['max_length']}."
        reading.note((*path, "default"), "bad_default", sentence)
    return Feature(entry["id"], entry["group"], "text", default, max_length=entry["max_length"])


_READERS = {
    "choice": _read_choice,
    "multi": _read_multi,
    "parameter": _read_parameter,
    "text": _read_text,
}


def _read_rule(
    reading: Reading,
    entry: Document,
    path: tuple[str | int, ...],
    features: Mapping[str, Feature],
    environment: Environment,
) -> Rule:
    parts: dict[str, Expression | None] = {}
    for key in ("when", "then", "never", "always", "guard"):
        if key in entry:
            expression = reading.expression((*path, key), entry[key], environment, BOOLEAN)
            if expression is not None:
                check_text_use(reading, (*path, key), expression, features)
            parts[key] = expression
    table = None
    if "table" in entry:
        table = _read_table(reading, entry["table"], (*path, "table"), features)
    return Rule(
        entry["id"],
        table=table,
        guard=parts.get("guard"),
        when=parts.get("when"),
        then=parts.get("then"),
        never=parts.get("never"),
        always=parts.get("always"),
    )


def _read_table(
    reading: Reading,
    entry: Document,
    path: tuple[str | int, ...],
    features: Mapping[str, Feature],
) -> Table:
    columns = []
    for index, name in enumerate(entry["features"]):
        feature = features.get(name)
        if feature is None:
            sentence = f"There is no feature '{name}'.{suggestion(name, features)}"
            reading.note((*path, "features", index), "unknown_feature", sentence)
        elif feature.kind not in ("choice", "parameter"):
            sentence = f"'{name}' cannot stand in a table; only features with one answer can."
            reading.note((*path, "features", index), "wrong_kind", sentence)
        columns.append(feature)
    rows = []
    for index, row in enumerate(entry["allowed"]):
        cells = _read_row(reading, row, (*path, "allowed", index), columns)
        if cells is not None:
            rows.append(cells)
    return Table(tuple(entry["features"]), frozenset(rows))


def _read_row(
    reading: Reading,
    row: list[str | int],
    path: tuple[str | int, ...],
    columns: list[Feature | None],
) -> tuple[Any, ...] | None:
    if len(row) != len(columns):
        sentence = f"The row has {len(row)} values for {len(columns)} features."
        reading.note(path, "bad_row", sentence)
        return None
    cells: list[Any] = []
    for index, (cell, feature) in enumerate(zip(row, columns, strict=True)):
        if feature is None or feature.kind in ("multi", "text"):
            continue
        value = _cell_value(feature, cell)
        if value in feature.domain:
            cells.append(feature.in_scope(value) if feature.kind == "parameter" else value)
            continue
        known = [feature.shown(v) if isinstance(v, int) else v for v in feature.domain]
        sentence = f"'{feature.id}' has no option '{cell}'.{suggestion(str(cell), known)}"
        reading.note((*path, index), "unknown_option", sentence)
    return tuple(cells) if len(cells) == len(columns) else None


def _cell_value(feature: Feature, cell: str | int) -> str | int:
    if feature.kind != "parameter":
        return cell
    try:
        return feature.read(str(cell))
    except ValueError:
        return str(cell)


def _check_defaults(
    reading: Reading,
    features: tuple[Feature, ...],
    rules: tuple[Rule, ...],
    places: list[tuple[str | int, ...]],
) -> None:
    """The studio opens with the defaults, so they have to be a design that can be made."""
    scope = {feature.id: feature.in_scope(feature.default) for feature in features}
    for path, rule in zip(places, rules, strict=True):
        if not rule.holds(scope):
            sentence = f"The defaults of the features break rule {rule.id}; change one of them."
            reading.note(path, "defaults_break_rule", sentence)
