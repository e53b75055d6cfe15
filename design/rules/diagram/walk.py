"""Answers from a decision diagram: domains, the exact count, validity."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from design.rules.answer_table import AnswerTable, Domain, Truths
from design.rules.features import Choices, Feature
from design.rules.levels import Level

from .flat import LIMB_BITS, Diagram


@cache
def compiled() -> ModuleType:
    """The compiled loops; loaded when they are first needed, for Numba takes a second to load."""
    from . import kernel

    return kernel


def warm() -> None:
    """Compile and cache the loops, so that the first click does not wait."""
    level = Level("tiny", "", 2)
    rows = ([0, 1], [0, 2], [0, 1], [1, -1])
    tiny = Diagram((level,), *(np.asarray(row, dtype=np.int32) for row in rows))
    answers = DiagramAnswers({}, tiny)
    allowed, cost = np.ones(2, dtype=np.bool_), np.zeros(2, dtype=np.int64)
    skipped = np.zeros(2, dtype=np.int64)
    loops = compiled()
    loops.possible(*answers.arrays, _fitting(allowed))
    loops.count(*answers.arrays, _fitting(allowed), 2)
    down = loops.descending(*answers.arrays, allowed, cost, skipped)
    loops.cheapest_way(*answers.arrays, allowed, cost, skipped, down)
    loops.cheapest_each(*answers.arrays, allowed, cost, skipped, down)


class DiagramAnswers:
    """What a diagram says about the features it was built from. Safe for threads."""

    def __init__(self, features: Mapping[str, Feature], diagram: Diagram) -> None:
        self.diagram = diagram
        self.table = AnswerTable(features, diagram.levels)
        bits = sum(float(np.log2(level.size)) for level in diagram.levels)
        self._limbs = int(bits) // LIMB_BITS + 2
        self.arrays = (
            diagram.level,
            diagram.first,
            diagram.start,
            diagram.child,
            self.table.base,
        )

    def domains(self, choices: Choices) -> dict[str, Domain]:
        """As ``Engine.domains`` says."""
        found = compiled().possible(*self.arrays, _fitting(self.table.allowed(choices)))
        result = self.table.domains(found)
        for name, value in choices.items():
            if self.table.features[name].kind == "multi":
                result[name] = self._addable(choices, name, value, found)
        return result

    def count(self, choices: Choices) -> int:
        """How many designs have these answers; a text is empty or filled."""
        fitting = _fitting(self.table.allowed(choices))
        limbs = compiled().count(*self.arrays, fitting, self._limbs)
        return int.from_bytes(limbs.astype("<u4").tobytes(), "little")

    def is_valid(self, choices: Choices) -> bool:
        return bool(compiled().living(*self.arrays, _fitting(self.table.allowed(choices)))[0])

    def _addable(self, choices: Choices, name: str, value: object, found: Truths) -> Domain:
        """The options held, if they fit, and those that fit beside them.

        Each option is a question of its own and all of them are answered, so the walk has asked
        for each one what happens if only this answer changes.
        """
        held = value if isinstance(value, tuple) else (str(value),)
        fits = set(held) if self.is_valid(choices) else set()
        for option in self.table.features[name].option_ids:
            if option not in held and found[self.table.start(name, option) + 1]:
                fits.add(option)
        return frozenset(fits)


def _fitting(allowed: Truths) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(allowed)))
