"""The questions of a decision diagram: one a feature, but one an option of a multi-select."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .encoding import Encoding
from .features import Feature
from .formula import All, Any, AtMost, Formula


@dataclass(frozen=True, slots=True)
class Level:
    """One question of the diagram.

    Attributes:
        feature: Its id.
        option: Of a multi-select: the option that is left out (0) or chosen (1); "" elsewhere.
        size: How many answers it has, numbered from 0 in the order of the feature's domain.
    """

    feature: str
    option: str
    size: int


Meaning = Mapping[int, tuple[int, int, int]]
"""What a variable of the encoding says: ``(level, first, last)``, the answers it stands for."""


def levels_of(features: Sequence[Feature]) -> tuple[Level, ...]:
    """The levels in the order of the model."""
    found: list[Level] = []
    for feature in features:
        if feature.kind == "multi":
            found += [Level(feature.id, option, 2) for option in feature.option_ids]
        else:
            found.append(Level(feature.id, "", len(feature.domain)))
    return tuple(found)


def meaning_of(features: Sequence[Feature], encoding: Encoding) -> Meaning:
    """The meaning of every variable that stands for options; levels in the order of the model."""
    meaning: dict[int, tuple[int, int, int]] = {}
    level = 0
    for feature in features:
        literals = list(encoding.variables[feature.id].values())
        if feature.kind == "multi":
            for literal in literals:
                meaning[literal] = (level, 1, 1)
                level += 1
            continue
        size = len(feature.domain)
        for place, literal in enumerate(literals):
            if feature.is_scaled:
                meaning[literal] = (level, place + 1, size - 1)
            elif literal > 0:
                answer = 1 if feature.kind == "text" else place
                meaning[literal] = (level, answer, answer)
        level += 1
    return meaning


def levels_in(formula: Formula, meaning: Meaning) -> frozenset[int]:
    """The levels a formula speaks of."""
    if isinstance(formula, bool):
        return frozenset()
    if isinstance(formula, int):
        return frozenset({meaning[abs(formula)][0]})
    if isinstance(formula, All | Any):
        return frozenset().union(*(levels_in(part, meaning) for part in formula.parts))
    assert isinstance(formula, AtMost)  # noqa: S101 - the last kind of formula
    return frozenset(meaning[abs(term.literals[0])][0] for term in formula.terms)
