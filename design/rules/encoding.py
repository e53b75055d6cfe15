"""From features and rules to clauses.

Every option is a Boolean variable, but where a feature has two answers they share one. A feature
with one answer has exactly one of its variables true; a multi-select feature has one variable an
option, a text one variable that says whether there is a text; a scaled parameter has one variable
for each value but the least, saying that it is at least this large. Each authored rule is guarded
by a selector of its own, so that an explanation can name it and the rest can be asked without it.
How many options a feature takes, and that a component which is not fitted has no answers, is part
of the features and always holds.

An expression is split along its ``and``, ``or``, ``not`` and ``if``. Comparisons that name options
become literals; comparisons of sums become linear constraints; any other comparison is decided by
trying every combination of the features it names. All of it is exact and complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from pysat.card import CardEnc, EncType

from cosmo.lib.expressions import ExpressionError, Reading

from .clauses import Clauses
from .combinations import TooManyCombinations, Variables, literals_of
from .features import ANY_TEXT, ChoiceValue, Feature
from .formula import Formula, all_of, any_of
from .linear import compared, terms_of
from .rule import Rule
from .sums import SumTooLarge
from .translate import Translator

_UNUSABLE = (ExpressionError, TooManyCombinations, SumTooLarge)


@dataclass(frozen=True, slots=True)
class Encoding:
    """The clauses of a model and what their variables mean.

    Attributes:
        variables: The literal of each option, by feature; their variables are numbered from 1
            without gaps, before every selector and inner variable.
        width: How many variables stand for options.
        top: The last variable in use.
        rules: Selector of each rule, in the order of the document.
        formulas: What each rule asks, in the same order.
        structure: What always holds beside the rules: the limits of multi-select features, and
            that a component which is not fitted has no answers.
    """

    variables: Variables
    width: int
    top: int
    clauses: tuple[tuple[int, ...], ...]
    rules: Mapping[str, int]
    formulas: Mapping[str, Formula]
    structure: tuple[Formula, ...]
    _known: dict[tuple[str, str | int], tuple[int, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def literal(self, feature: Feature, value: str | int) -> int:
        """The literal that says ``value`` is chosen in ``feature``; any text stands for all.

        Not for scaled parameters: see ``literals``.
        """
        table = self.variables[feature.id]
        if feature.kind == "text":
            return table[ANY_TEXT] if value else -table[ANY_TEXT]
        return table[value]

    def literals(self, feature: Feature, value: ChoiceValue) -> tuple[int, ...]:
        """The literals that say the answer of ``feature`` is exactly ``value``."""
        if isinstance(value, tuple):
            return literals_of(feature, self.variables, value)
        # Of a text only whether there is one counts; what somebody wrote is not kept.
        key = (feature.id, bool(value) if feature.kind == "text" else value)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = literals_of(feature, self.variables, value)
        return known

    def single(self, feature: Feature, value: str | int) -> tuple[int, ...]:
        """The literals that say ``value`` is chosen; of a multi-select, perhaps among others."""
        if feature.is_scaled:
            return self.literals(feature, value)
        return (self.literal(feature, value),)


def encode(
    features: Sequence[Feature],
    rules: Sequence[Rule],
    structure: Sequence[Rule] = (),
    reading: Reading | None = None,
    places: Sequence[tuple[str | int, ...]] = (),
) -> Encoding:
    """Build the clauses. Faults go to ``reading`` at the ``places`` of the rules, or are raised."""
    variables, width = _number_variables(features)
    by_id = {feature.id: feature for feature in features}
    clauses = Clauses(first_free=1 + width)
    selectors = {rule.id: clauses.new_variable() for rule in rules}
    for feature in features:
        _require_answer(clauses, feature, variables)
    translator = Translator(by_id, variables)
    still = tuple(translator.rule(rule) for rule in structure)
    for formula in still:
        clauses.require(formula)
    formulas: dict[str, Formula] = {}
    for index, rule in enumerate(rules):
        try:
            formulas[rule.id] = translator.rule(rule)
            clauses.require(formulas[rule.id], (-selectors[rule.id],))
        except _UNUSABLE as error:
            if reading is None:
                raise
            _note(reading, places[index], rule, error)
    rows = tuple(tuple(row) for row in clauses.rows)
    limits = tuple(_limits(f, variables) for f in features if f.kind == "multi")
    return Encoding(variables, width, clauses.top, rows, selectors, formulas, (*still, *limits))


def _note(reading: Reading, path: tuple[str | int, ...], rule: Rule, error: Exception) -> None:
    if isinstance(error, SumTooLarge):
        reading.note(path, error.code, str(error))
        return
    assert isinstance(error, ExpressionError | TooManyCombinations)  # noqa: S101 - see _UNUSABLE
    parts = {key: getattr(rule, key) for key in ("when", "then", "never", "always")}
    place = next((key for key, part in parts.items() if part and part.source == error.source), "")
    reading.note((*path, place) if place else path, error.code, str(error))


def _number_variables(features: Sequence[Feature]) -> tuple[Variables, int]:
    variables: dict[str, dict[str | int, int]] = {}
    top = 0
    for feature in features:
        values: Sequence[str | int] = feature.domain
        if feature.kind == "text":
            values = (ANY_TEXT,)
        elif feature.is_scaled:
            values = feature.numbers[1:]
        is_ordinary = feature.kind in ("choice", "parameter") and not feature.is_scaled
        if len(values) == 2 and is_ordinary:
            top += 1
            variables[feature.id] = {values[0]: top, values[1]: -top}
            continue
        variables[feature.id] = {value: top + place for place, value in enumerate(values, 1)}
        top += len(values)
    return variables, top


def _require_answer(clauses: Clauses, feature: Feature, variables: Variables) -> None:
    literals = list(variables[feature.id].values())
    if feature.is_scaled:
        for lower, higher in pairwise(literals):
            clauses.require(any_of((-higher, lower)))
    elif feature.kind == "multi":
        _require_limits(clauses, feature, literals)
    elif feature.kind != "text" and len(literals) != 2:
        _require_exactly_one(clauses, literals)


def _require_exactly_one(clauses: Clauses, literals: list[int]) -> None:
    clauses.require(any_of(literals))
    for first, second in combinations(literals, 2):
        clauses.require(any_of((-first, -second)))


def _limits(feature: Feature, variables: Variables) -> Formula:
    """The limits of a multi-select as a formula; the clauses have them in their own way."""
    terms = list(terms_of(feature, variables, [1] * len(feature.options)))
    return all_of(
        (compared(terms, -feature.maximum, "<="), compared(terms, -feature.minimum, ">="))
    )


def _require_limits(clauses: Clauses, feature: Feature, literals: list[int]) -> None:
    for bound, build in ((feature.maximum, CardEnc.atmost), (feature.minimum, CardEnc.atleast)):
        encoded = build(literals, bound, top_id=clauses.top, encoding=EncType.seqcounter)
        clauses.top = max(clauses.top, encoded.nv)
        for row in encoded.clauses:
            clauses.require(any_of(row))
