"""Answers from a decision diagram: domains, the exact count, the cheapest designs."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from design.rules.features import (
    ANY_TEXT,
    Choices,
    ChoiceValue,
    Feature,
    Interval,
)
from design.rules.sat_domains import Domain

from . import kernel
from .flat import Diagram

_WORD = 62
"""Features of at most so many answers are read as one number."""


class DiagramAnswers:
    """What a diagram says about the features it was built from. Safe for threads."""

    def __init__(self, features: Mapping[str, Feature], diagram: Diagram) -> None:
        self.diagram = diagram
        self._features = features
        sizes = np.array([level.size for level in diagram.levels], dtype=np.int64)
        self._base = np.concatenate(([0], np.cumsum(sizes)))
        self._place = {(lev.feature, lev.option): n for n, lev in enumerate(diagram.levels)}
        bits = sum(float(np.log2(size)) for size in sizes)
        self._limbs = int(bits) // kernel.LIMB + 2
        self._arrays = (diagram.level, diagram.first, diagram.start, diagram.child, self._base)

    def domains(self, choices: Choices) -> dict[str, Domain]:
        """As ``Engine.domains`` says, for choices whose other features agree with each other."""
        found = kernel.possible(*self._arrays, self._fitting(self._allowed(choices)))
        result = self._as_domains(found)
        for name, value in choices.items():
            feature = self._features[name]
            if feature.kind == "multi":
                result[name] = self._addable(choices, feature, value, found)
        return result

    def count(self, choices: Choices) -> int:
        """How many designs have these answers; a text is empty or filled."""
        limbs = kernel.count(*self._arrays, self._fitting(self._allowed(choices)), self._limbs)
        return int.from_bytes(limbs.astype("<u4").tobytes(), "little")

    def is_valid(self, choices: Choices) -> bool:
        fitting = self._fitting(self._allowed(choices))
        return bool(kernel.living(*self._arrays, fitting)[0])

    def allowed_answers(self, choices: Choices) -> NDArray[np.bool_]:
        return self._allowed(choices)

    def _allowed(self, choices: Choices) -> NDArray[np.bool_]:
        allowed = np.ones(int(self._base[-1]), dtype=np.bool_)
        for name, value in choices.items():
            feature = self._features[name]
            if feature.kind == "multi":
                held = value if isinstance(value, tuple) else (str(value),)
                for option in feature.option_ids:
                    at = self._base[self._place[name, option]]
                    allowed[at + (option not in held)] = False
                continue
            level = self._place[name, ""]
            at = int(self._base[level])
            allowed[at : int(self._base[level + 1])] = False
            allowed[at + answer_of(feature, value)] = True
        return allowed

    @staticmethod
    def _fitting(allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.concatenate(([0], np.cumsum(allowed)))

    @cached_property
    def _word_weights(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Weight of each answer in its level's number, and the first answers of the levels."""
        weights = np.zeros(int(self._base[-1]), dtype=np.int64)
        for level, entry in enumerate(self.diagram.levels):
            if entry.size <= _WORD:
                at = int(self._base[level])
                weights[at : at + entry.size] = 1 << np.arange(entry.size, dtype=np.int64)
        return weights, self._base[:-1]

    @cached_property
    def _readers(self) -> Sequence[tuple[str, Feature, int, dict[int, Domain]]]:
        """Each feature with its first level and the domains met so far by their number."""
        return [(f.id, f, self._first_level(f), {}) for f in self._features.values()]

    def _first_level(self, feature: Feature) -> int:
        option = feature.option_ids[0] if feature.kind == "multi" else ""
        return self._place[feature.id, option]

    def _as_domains(self, found: NDArray[np.bool_]) -> dict[str, Domain]:
        weights, starts = self._word_weights
        words = np.add.reduceat(found * weights, starts).tolist()
        result: dict[str, Domain] = {}
        for name, feature, level, known in self._readers:
            if feature.kind == "multi":
                result[name] = self._chosen_options(feature, found)
                continue
            word = words[level]
            if feature.is_scaled:
                result[name] = self._interval(feature, level, found)
                continue
            domain = known.get(word)
            if domain is None:
                domain = known[word] = self._domain(feature, level, found)
            result[name] = domain
        return result

    def _domain(self, feature: Feature, level: int, found: NDArray[np.bool_]) -> Domain:
        at = int(self._base[level])
        fits = [value for n, value in enumerate(feature.domain) if found[at + n]]
        return frozenset(fits)  # type: ignore[return-value]  # of one kind

    def _interval(self, feature: Feature, level: int, found: NDArray[np.bool_]) -> Domain:
        places = np.flatnonzero(found[int(self._base[level]) : int(self._base[level + 1])])
        if not len(places):
            return frozenset()
        low, high = feature.numbers[int(places[0])], feature.numbers[int(places[-1])]
        return Interval(low, high, feature.step)

    def _chosen_options(self, feature: Feature, found: NDArray[np.bool_]) -> Domain:
        return frozenset(
            option
            for option in feature.option_ids
            if found[self._base[self._place[feature.id, option]] + 1]
        )

    def _addable(
        self, choices: Choices, feature: Feature, value: ChoiceValue, found: NDArray[np.bool_]
    ) -> Domain:
        """The options that fit beside those held: each question is answered, so one may change.

        Where the held set itself fits nothing, the walk has asked the right thing all the same: for
        every option, that one answer is free and all others are as chosen.
        """
        held = value if isinstance(value, tuple) else (str(value),)
        fits = set()
        for option in feature.option_ids:
            at = self._base[self._place[feature.id, option]]
            if option in held:
                if self.is_valid(choices):
                    fits.add(option)
            elif found[at + 1]:
                fits.add(option)
        return frozenset(fits)


def answer_of(feature: Feature, value: ChoiceValue) -> int:
    """The place of an answer in the domain of a feature with one answer."""
    if feature.kind == "text":
        return int(bool(value))
    if feature.kind == "parameter" and isinstance(value, int):
        return (value - feature.minimum) // feature.step
    return feature.option_ids.index(str(value))


def value_at(feature: Feature, place: int) -> str | int:
    """The answer at a place of the domain; a filled text as ``ANY_TEXT``."""
    if feature.kind == "text":
        return ANY_TEXT if place else ""
    return feature.domain[place]
