"""Answers from a decision diagram: domains, the exact count, validity."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from design.rules.answer_table import AnswerTable, Domain, Truths
from design.rules.features import Choices, Feature

from . import kernel
from .flat import Diagram


class DiagramAnswers:
    """What a diagram says about the features it was built from. Safe for threads."""

    def __init__(self, features: Mapping[str, Feature], diagram: Diagram) -> None:
        self.diagram = diagram
        self.table = AnswerTable(features, diagram.levels)
        bits = sum(float(np.log2(level.size)) for level in diagram.levels)
        self._limbs = int(bits) // kernel.LIMB + 2
        self.arrays = (
            diagram.level,
            diagram.first,
            diagram.start,
            diagram.child,
            self.table.base,
        )

    def domains(self, choices: Choices) -> dict[str, Domain]:
        """As ``Engine.domains`` says."""
        found = kernel.possible(*self.arrays, _fitting(self.table.allowed(choices)))
        result = self.table.domains(found)
        for name, value in choices.items():
            if self.table.features[name].kind == "multi":
                result[name] = self._addable(choices, name, value, found)
        return result

    def count(self, choices: Choices) -> int:
        """How many designs have these answers; a text is empty or filled."""
        fitting = _fitting(self.table.allowed(choices))
        limbs = kernel.count(*self.arrays, fitting, self._limbs)
        return int.from_bytes(limbs.astype("<u4").tobytes(), "little")

    def is_valid(self, choices: Choices) -> bool:
        return bool(kernel.living(*self.arrays, _fitting(self.table.allowed(choices)))[0])

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
