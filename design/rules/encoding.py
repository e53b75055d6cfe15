"""From features and rules to clauses.

Every option is a Boolean variable. A feature with one answer has exactly one of its variables
true; a multi-select feature has one variable an option, a text one variable that says whether
there is a text. Each authored rule is guarded by a selector of its own, so that an explanation
can name it and the rest can be asked without it. How many options a feature takes is part of the
feature and always holds.

An expression is split along its ``and``, ``or``, ``not`` and ``if``. Comparisons that name options
become literals; any other comparison is decided by trying every combination of the features it
names, so that arithmetic is exact and complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pysat.card import CardEnc, EncType

from cosmo.lib.expressions import ExpressionError, Reading

from .combinations import TooManyCombinations, Variables, literals_of
from .features import ANY_TEXT, ChoiceValue, Feature
from .formula import Clauses, any_of
from .rule import Rule
from .translate import Translator


@dataclass(frozen=True, slots=True)
class Encoding:
    """The clauses of a model and what their variables mean.

    Attributes:
        variables: The variable of each option, by feature; numbered from 1 without gaps, before
            every selector and inner variable.
        rules: Selector of each rule, in the order of the document.
    """

    variables: Variables
    clauses: tuple[tuple[int, ...], ...]
    rules: dict[str, int]

    def literal(self, feature: Feature, value: str | int) -> int:
        """The literal that says ``value`` is chosen in ``feature``; any text stands for all."""
        table = self.variables[feature.id]
        if feature.kind == "text":
            return table[ANY_TEXT] if value else -table[ANY_TEXT]
        return table[value]

    def literals(self, feature: Feature, value: ChoiceValue) -> tuple[int, ...]:
        """The literals that say the answer of ``feature`` is exactly ``value``."""
        return literals_of(feature, self.variables, value)


def encode(
    features: Sequence[Feature], rules: Sequence[Rule], reading: Reading | None = None
) -> Encoding:
    """Build the clauses. Faults go to ``reading`` when given, else they are raised."""
    variables = _number_variables(features)
    by_id = {feature.id: feature for feature in features}
    clauses = Clauses(first_free=1 + sum(len(table) for table in variables.values()))
    selectors = {rule.id: clauses.new_variable() for rule in rules}
    for feature in features:
        if feature.kind in ("choice", "parameter"):
            _require_exactly_one(clauses, list(variables[feature.id].values()))
        elif feature.kind == "multi":
            _require_limits(clauses, feature, variables)
    translator = Translator(by_id, variables)
    for index, rule in enumerate(rules):
        try:
            formula = translator.rule(rule)
        except (ExpressionError, TooManyCombinations) as error:
            if reading is None:
                raise
            _note(reading, index, rule, error)
        else:
            clauses.require(formula, (-selectors[rule.id],))
    rows = tuple(tuple(row) for row in clauses.rows)
    return Encoding(variables, rows, selectors)


def _note(
    reading: Reading, index: int, rule: Rule, error: ExpressionError | TooManyCombinations
) -> None:
    parts = {key: getattr(rule, key) for key in ("when", "then", "never", "always")}
    place = next((key for key, part in parts.items() if part and part.source == error.source), "")
    path = ("rules", index, place) if place else ("rules", index)
    reading.note(path, error.code, str(error))


def _number_variables(features: Sequence[Feature]) -> Variables:
    variables: dict[str, dict[str | int, int]] = {}
    top = 0
    for feature in features:
        values = (ANY_TEXT,) if feature.kind == "text" else feature.domain
        variables[feature.id] = {value: top + place for place, value in enumerate(values, 1)}
        top += len(values)
    return variables


def _require_exactly_one(clauses: Clauses, literals: list[int]) -> None:
    clauses.require(any_of(literals))
    for first, second in combinations(literals, 2):
        clauses.require(any_of((-first, -second)))


def _require_limits(clauses: Clauses, feature: Feature, variables: Variables) -> None:
    literals = list(variables[feature.id].values())
    for bound, build in ((feature.maximum, CardEnc.atmost), (feature.minimum, CardEnc.atleast)):
        encoded = build(literals, bound, top_id=clauses.top, encoding=EncType.seqcounter)
        clauses.top = max(clauses.top, encoded.nv)
        for row in encoded.clauses:
            clauses.require(any_of(row))
