"""From a row to a design, a repaired design, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, cast

from design.rules import Choices, ChoiceValue, Engine, Feature, Selection, with_unit
from design.rules.within import blocked_within

from .fillings import Fillings
from .mapping import ColumnMapping, FixedColumn, MappedColumn
from .nearest import LARGEST_MOVE, MOST_CHANGES, Dial, Nearest, Windows
from .outcome import Change, Outcome, Refusal
from .table import Row, number_in


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class _Reading:
    """A row as answers, every number at its nearest allowed value.

    Attributes:
        moved: Changes of columns that are fixed; they cannot be moved any further.
    """

    options: Mapping[str, str]
    dials: Mapping[str, Dial]
    moved: tuple[Change, ...]

    @property
    def values(self) -> dict[str, ChoiceValue]:
        return {**self.options, **{name: dial.base for name, dial in self.dials.items()}}


class Importer:
    """Holds the rows of one source against one offer. Not safe for two threads.

    Args:
        sentences: Of each rule, for refusals.
    """

    def __init__(
        self, engine: Engine, mapping: ColumnMapping, sentences: Mapping[str, str] | None = None
    ) -> None:
        self._engine = engine
        self._mapping = mapping
        self._sentences = sentences or {}
        self._tools: dict[frozenset[str], tuple[Nearest, Fillings]] = {}

    def outcome(self, row: Row) -> Outcome:
        try:
            return self._fitted(self._read(row))
        except _Refused as refused:
            return Outcome("refused", refusal=refused.refusal)

    # ---- reading a row

    def _read(self, row: Row) -> _Reading:
        options: dict[str, str] = {}
        dials: dict[str, Dial] = {}
        moved = [change for column in self._mapping.fixed if (change := _fixed(column, row))]
        for column in self._mapping.mapped:
            cell = row.cells[column.column].strip()
            if not cell:
                if column.required:
                    raise _Refused(_missing(column))
                continue
            if column.options is not None:
                options[column.feature] = _option(column, cell)
                continue
            feature = self._engine.model.by_id[column.feature]
            dials[feature.id] = _dial(feature, cast(Decimal, number_in(cell)) * column.factor)
        off_limits = [name for name, dial in dials.items() if dial.is_moved]
        if len(off_limits) + len(moved) > MOST_CHANGES:
            names = [*off_limits, *(change.name for change in moved)]
            before = {name: dial.before for name, dial in dials.items()}
            before |= {change.name: change.before for change in moved}
            raise _Refused(_too_many(names, before))
        return _Reading(options, dials, tuple(moved))

    # ---- fitting it to the rules

    def _fitted(self, row: _Reading) -> Outcome:
        values = row.values
        nearest, fillings = self._tools_for(frozenset(values))
        scope = self._scope(values)
        broken = nearest.broken(scope)
        if not broken:
            filled = fillings.find(values, scope)
            if filled is not None:
                return self._made(row, values, filled)
        touched, refusal = self._complaint(row, values, [rule.id for rule in broken])

        def accept(changed: Mapping[str, int]) -> Mapping[str, ChoiceValue] | None:
            whole = {**values, **changed}
            return fillings.find(whole, self._scope(whole))

        def blocked(windows: Windows) -> frozenset[str] | None:
            still = {name: value for name, value in values.items() if name not in windows}
            return blocked_within(self._engine, still, windows)

        most = MOST_CHANGES - len(row.moved)
        found = None
        if all(touched):
            found = nearest.search(row.dials, scope, touched, most, blocked, accept)
        if found is None:
            raise _Refused(refusal)
        changed, filled = found
        return self._made(row, {**values, **changed}, filled)

    def _complaint(
        self, row: _Reading, values: Choices, broken: list[str]
    ) -> tuple[list[frozenset[str]], Refusal]:
        """Sets of numbers of each of which one has to change, and what to say if none does."""
        by_id = {rule.id: rule for rule in self._engine.model.rules}
        if broken:
            named = [by_id[rule].features for rule in broken]
            rule = broken[0]
        else:  # nothing fits for what the row leaves open
            conflict = self._engine.explain_choices(values)
            if conflict is None:  # only a text is missing, and none can be invented
                raise _Refused(Refusal("missing", "", {}, "A text is missing for this design."))
            named = [frozenset(choice.feature for choice in conflict.choices)]
            rule = conflict.rules[0]
        numbers = [names & row.dials.keys() for names in named]
        said = {name: _as_read(row, name) for name in values if name in named[0]}
        listed = ", ".join(f"{name} {value}" for name, value in said.items())
        words = self._sentences.get(rule, f"Rule {rule} is broken.")
        return numbers, Refusal("rule", rule, said, f"{words} ({rule}: {listed})")

    def _made(
        self, row: _Reading, values: Mapping[str, ChoiceValue], filled: Mapping[str, ChoiceValue]
    ) -> Outcome:
        rounded, repaired = [], list(row.moved)
        for name, dial in row.dials.items():
            value = cast(int, values[name])
            after = Decimal(value).scaleb(-dial.feature.decimals)
            change = Change(name, dial.before, after)
            if value != dial.base or dial.is_moved:
                repaired.append(change)
            elif after != dial.before:
                rounded.append(change)
        order = [feature.id for feature in self._engine.model.features]
        answers = {**values, **filled}
        selection: Selection = {name: answers[name] for name in order}
        return Outcome(
            "repaired" if repaired else "accepted",
            rounded=tuple(rounded),
            repaired=tuple(repaired),
            filled={name: filled[name] for name in order if name in filled},
            choices={name: values[name] for name in order if name in values},
            selection=selection,
        )

    def _tools_for(self, answered: frozenset[str]) -> tuple[Nearest, Fillings]:
        if answered not in self._tools:
            rules = [rule for rule in self._engine.model.rules if rule.features <= answered]
            self._tools[answered] = (Nearest(rules), Fillings(self._engine, answered))
        return self._tools[answered]

    def _scope(self, values: Mapping[str, ChoiceValue]) -> dict[str, Any]:
        by_id = self._engine.model.by_id
        return {name: by_id[name].in_scope(value) for name, value in values.items()}


def _fixed(column: FixedColumn, row: Row) -> Change | None:
    """The change a fixed column asks for; None if it says what the product has, or nothing."""
    before = number_in(row.cells[column.column])
    if before is None or before == column.value:
        return None
    change = Change(column.column, before, column.value)
    if change.relative >= LARGEST_MOVE:
        said, meant = (with_unit(_plain(n), column.unit) for n in (before, column.value))
        raise _Refused(
            Refusal(
                "fixed",
                column.column,
                {column.column: _plain(before)},
                f"'{column.column}' is {said}; this product always has {meant}.",
            )
        )
    return change


def _option(column: MappedColumn, cell: str) -> str:
    options = column.options or {}
    if cell not in options:
        known = ", ".join(options)
        sentence = f"'{column.column}' is '{cell[:40]}'; this product knows {known}."
        raise _Refused(Refusal("option", column.feature, {column.feature: cell[:40]}, sentence))
    return options[cell]


def _dial(feature: Feature, before: Decimal) -> Dial:
    """The number at its nearest step within the limits."""
    scaled = before.scaleb(feature.decimals)
    steps = ((scaled - feature.minimum) / feature.step + Decimal("0.5")).to_integral_value(
        ROUND_FLOOR
    )
    base = feature.minimum + int(steps) * feature.step
    base = min(max(base, feature.minimum), feature.numbers[-1])
    is_moved = 2 * abs(base - scaled) > feature.step
    if is_moved:
        after = Decimal(base).scaleb(-feature.decimals)
        if Change(feature.id, before, after).relative >= LARGEST_MOVE:
            raise _Refused(_off_limits(feature, before))
    return Dial(feature, before, base, is_moved)


def _off_limits(feature: Feature, before: Decimal) -> Refusal:
    low, high = feature.shown(feature.minimum), feature.shown(feature.maximum)
    is_below = before < Decimal(low)
    side, limit = ("below", low) if is_below else ("above", high)
    given = with_unit(_plain(before), feature.unit)
    sentence = f"'{feature.id}' {given} is {side} {with_unit(limit, feature.unit)}."
    return Refusal("limit", feature.id, {feature.id: _plain(before)}, sentence)


def _too_many(names: list[str], before: Mapping[str, Decimal]) -> Refusal:
    values = {name: _plain(before[name]) for name in names}
    listed = ", ".join(f"{name} {value}" for name, value in values.items())
    sentence = f"{len(names)} values are beyond the limits, more than {MOST_CHANGES}: {listed}."
    return Refusal("limit", names[0], values, sentence)


def _missing(column: MappedColumn) -> Refusal:
    sentence = f"'{column.column}' is empty; '{column.feature}' needs a value."
    return Refusal("missing", column.feature, {column.feature: ""}, sentence)


def _as_read(row: _Reading, name: str) -> str:
    return _plain(row.dials[name].before) if name in row.dials else row.options[name]


def _plain(number: Decimal) -> str:
    """Without an exponent, and no more digits than say something."""
    rounded = number.quantize(Decimal("0.0001")) if abs(number) < 10**20 else number
    return f"{rounded.normalize():f}"
