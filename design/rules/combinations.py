"""Trying every combination of the features an expression names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, groupby, product
from math import comb, prod

from cosmo.lib.expressions import Scope

from .features import ANY_TEXT, ChoiceValue, Feature, Including
from .formula import Formula, all_of, any_of

MAX_COMBINATIONS = 20_000

Variables = Mapping[str, Mapping[str | int, int]]
"""For each feature, the literal of each answer; of a scaled parameter, the literal that says it is
at least this value, for every value but the least."""


class TooManyCombinations(Exception):
    """A comparison over so many options that trying them all would take too long."""

    code = "too_many_combinations"

    def __init__(self, source: str, names: Sequence[str], count: int) -> None:
        self.source = source
        listed = ", ".join(names)
        super().__init__(
            f"`{source}` compares {listed}, which have {count:,} combinations; at most "
            f"{MAX_COMBINATIONS:,} can be tried. Split it into rules over fewer features."
        )


def answers(feature: Feature) -> Iterator[ChoiceValue]:
    """Every answer of one feature; a text counts as empty or filled."""
    if feature.kind != "multi":
        yield from feature.domain
        return
    for size in range(feature.minimum, feature.maximum + 1):
        yield from combinations(feature.option_ids, size)


def count_answers(feature: Feature) -> int:
    if feature.kind != "multi":
        return len(feature.domain)
    sizes = range(feature.minimum, feature.maximum + 1)
    return sum(comb(len(feature.options), size) for size in sizes)


def check_count(source: str, features: Sequence[Feature]) -> None:
    count = prod(count_answers(feature) for feature in features)
    if count > MAX_COMBINATIONS:
        raise TooManyCombinations(source, [feature.id for feature in features], count)


def formula_of(
    features: Sequence[Feature], variables: Variables, holds: Callable[[Scope], bool]
) -> Formula:
    """The formula that is true for exactly the combinations of ``features`` where ``holds`` is.

    For each combination of all features but the widest, the widest may only take the values that
    fit: one clause each, instead of one for every forbidden combination.
    """
    last = max(
        (feature for feature in features if feature.kind != "multi"),
        key=lambda feature: len(feature.domain),
        default=None,
    )
    others = [feature for feature in features if feature is not last]
    rows: list[Formula] = []
    for combination in product(*(list(answers(feature)) for feature in others)):
        scope = {f.id: f.in_scope(v) for f, v in zip(others, combination, strict=True)}
        wrong = [
            -literal
            for feature, value in zip(others, combination, strict=True)
            for literal in literals_of(feature, variables, value)
        ]
        if last is None:
            if not holds(scope):
                rows.append(any_of(wrong))
            continue
        fitting = [holds({**scope, last.id: last.in_scope(v)}) for v in last.domain]
        if not all(fitting):
            rows.append(any_of((*wrong, *_allowed(last, variables, fitting))))
    return all_of(rows)


def _allowed(feature: Feature, variables: Variables, fitting: Sequence[bool]) -> Iterator[Formula]:
    """Formulas of which one holds when the answer is one that fits."""
    if not feature.is_scaled:
        for value, fits in zip(feature.domain, fitting, strict=True):
            if fits:
                yield literals_of(feature, variables, value)[0]
        return
    for fits, places in groupby(range(len(fitting)), key=fitting.__getitem__):
        if fits:
            inside = list(places)
            low, high = feature.numbers[inside[0]], feature.numbers[inside[-1]]
            yield all_of(between(feature, variables, low, high))


def between(feature: Feature, variables: Variables, low: int, high: int) -> tuple[int, ...]:
    """The literals that say a scaled parameter lies from ``low`` to ``high``."""
    table = variables[feature.id]
    from_below = (table[low],) if low > feature.minimum else ()
    from_above = (-table[high + feature.step],) if high < feature.maximum else ()
    return from_below + from_above


def literals_of(feature: Feature, variables: Variables, value: ChoiceValue) -> tuple[int, ...]:
    """The literals that say the answer of ``feature`` is exactly ``value``."""
    if feature.is_scaled and isinstance(value, int):
        return between(feature, variables, value, value)
    table = variables[feature.id]
    if feature.kind == "text":
        return (table[ANY_TEXT] if value else -table[ANY_TEXT],)
    if isinstance(value, Including):
        return tuple(table[option] for option in value)
    if isinstance(value, tuple):
        return tuple(table[o] if o in value else -table[o] for o in feature.option_ids)
    return (table[value],)
