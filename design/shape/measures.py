"""Numbers that several parts of a shape share, such as the height where two tubes meet."""

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from cosmo.lib.expressions import NUMBER, Environment, Expression, Reading, Remembered, Scope
from design.rules import ChoiceValue, Feature, Model, answers

MAX_COMBINATIONS = 20_000
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Measures:
    """The ``measures`` of a shape, in the order in which each is worked out.

    Attributes:
        expressions: Each may name features and the measures before it.
    """

    expressions: Mapping[str, Expression]
    _values: Mapping[str, Remembered[Decimal]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        values = {
            name: Remembered(one.names, one.evaluate_decimal)
            for name, one in self.expressions.items()
        }
        object.__setattr__(self, "_values", values)

    def scope(self, scope: Scope, names: frozenset[str] | None = None) -> Scope:
        """``scope`` with every measure, or with those behind ``names``."""
        wanted = self.expressions if names is None else self._behind(names)
        if not wanted:
            return scope
        known = dict(scope)
        for name in self.expressions:
            if name in wanted:
                known[name] = self._values[name](known)
        return known

    def features(self, names: Iterable[str]) -> frozenset[str]:
        """The features behind some names, which are features and measures."""
        wanted = frozenset(names)
        behind = self._behind(wanted)
        named = wanted.union(*(self.expressions[name].names for name in behind))
        return named - self.expressions.keys()

    def largest(self, model: Model, expression: Expression) -> Decimal:
        """The largest value over the answers of the features behind it, rules aside.

        Where these are too many to try, each feature in turn takes the answer that makes the
        default design largest: a good frame for a picture, not a proof.
        """
        features = [model.by_id[name] for name in sorted(self.features(expression.names))]
        values = [list(answers(feature)) for feature in features]
        if prod(len(one) for one in values) <= MAX_COMBINATIONS:
            designs = product(*values)
            return max(self._value(features, design, expression) for design in designs)
        design = [feature.default for feature in features]
        for place, feature in enumerate(features):
            ends = _outermost(feature)
            tried = [[*design[:place], answer, *design[place + 1 :]] for answer in ends]
            design = max(tried, key=lambda one: self._value(features, one, expression))
        return self._value(features, design, expression)

    def _value(
        self, features: Sequence[Feature], design: Sequence[ChoiceValue], expression: Expression
    ) -> Decimal:
        scope = {f.id: f.in_scope(v) for f, v in zip(features, design, strict=True)}
        value = expression.evaluate_decimal(self.scope(scope, expression.names))
        return max(value, Decimal(0)).quantize(_THOUSANDTH)

    def _behind(self, names: frozenset[str]) -> frozenset[str]:
        """The measures that ``names`` need, those they name themselves included."""
        found: set[str] = set()
        for name in reversed(tuple(self.expressions)):
            if name in names or any(name in self.expressions[user].names for user in found):
                found.add(name)
        return frozenset(found)


def read_measures(
    reading: Reading, shape: Mapping[str, Any], model: Model | None
) -> tuple[Measures, Environment | None]:
    """The measures of a shape, and the names its parts may use: features and measures."""
    environment = dict(model.environment) if model is not None else None
    expressions: dict[str, Expression] = {}
    entries = shape.get("measures", ())
    reading.unique_ids(("shape", "measures"), entries, "Measure")
    for index, entry in enumerate(entries):
        name = entry["id"]
        path = ("shape", "measures", index)
        for sentence in _name_faults(name, model):
            reading.note((*path, "id"), "reserved_name", sentence)
        expression = reading.expression((*path, "value"), entry["value"], environment, NUMBER)
        if expression is not None:
            expressions[name] = expression
        if environment is not None:
            environment[name] = NUMBER
    return Measures(expressions), environment


def _name_faults(name: str, model: Model | None) -> Iterator[str]:
    if name == "i" or keyword.iskeyword(name):
        yield f"'{name}' is a word of the expression language; choose another name."
    elif model is not None and name in model.by_id:
        yield f"'{name}' is a feature already; choose another name for the measure."


def _outermost(feature: Feature) -> list[ChoiceValue]:
    if feature.kind != "parameter":
        return list(answers(feature))
    return list(dict.fromkeys((feature.default, feature.minimum, feature.maximum)))
