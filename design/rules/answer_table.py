"""All answers of all features in one row, so that a set of them is one array of truth values.

Questions (``Level``) and their answers stand in a fixed order; a multi-select feature is one
question an option, answered with left out (0) or chosen (1).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .features import Choices, ChoiceValue, Feature, Including, Interval
from .levels import Level

Domain = frozenset[str] | frozenset[int] | Interval
Truths = NDArray[np.bool_]
_WORD = 62
"""Questions of at most so many answers are read as one number."""


class AnswerTable:
    """Where each answer stands, for one order of the questions."""

    def __init__(self, features: Mapping[str, Feature], levels: Sequence[Level]) -> None:
        self.features = features
        self.levels = tuple(levels)
        sizes = np.array([level.size for level in levels], dtype=np.int64)
        self.base: NDArray[np.int64] = np.concatenate(([0], np.cumsum(sizes)))
        self._level = {(lev.feature, lev.option): n for n, lev in enumerate(levels)}

    @property
    def width(self) -> int:
        """How many answers there are in all."""
        return int(self.base[-1])

    def start(self, feature: str, option: str = "") -> int:
        """Place of the first answer of a question."""
        return int(self.base[self._level[feature, option]])

    def part(self, feature: Feature) -> slice:
        """The answers of a feature with one question."""
        return self._parts[feature.id]

    @cached_property
    def _parts(self) -> Mapping[str, slice]:
        ends = [int(end) for end in self.base]
        return {
            entry.feature: slice(ends[level], ends[level + 1])
            for level, entry in enumerate(self.levels)
            if not entry.option
        }

    def whole(self, name: str) -> slice:
        """The answers of all questions of a feature, which stand side by side in model order."""
        feature = self.features[name]
        if feature.kind != "multi":
            return self.part(feature)
        first, last = feature.option_ids[0], feature.option_ids[-1]
        return slice(self.start(name, first), self.start(name, last) + 2)

    def allowed(self, choices: Choices) -> Truths:
        """The answers that agree with the choices, each question by itself."""
        allowed = np.ones(self.width, dtype=np.bool_)
        for name, value in choices.items():
            feature = self.features[name]
            if feature.kind == "multi":
                held = value if isinstance(value, tuple) else (str(value),)
                for option in held if isinstance(value, Including) else feature.option_ids:
                    allowed[self.start(name, option) + (option not in held)] = False
            else:
                part = self.part(feature)
                allowed[part] = False
                allowed[part.start + answer_of(feature, value)] = True
        return allowed

    def domains(self, found: Truths) -> dict[str, Domain]:
        """A set of answers as people see it; of a multi-select, the options in it as chosen."""
        weights, starts = self._weights
        words = np.add.reduceat(found * weights, starts).tolist()
        result: dict[str, Domain] = {}
        for name, level, known in self._readers:
            try:
                result[name] = known[words[level]]
            except KeyError:
                feature = self.features[name]
                domain = self._read(feature, found)
                if self._is_short(feature):
                    known[words[level]] = domain
                result[name] = domain
        return result

    @staticmethod
    def _is_short(feature: Feature) -> bool:
        """Whether its answers make one number that says everything about its domain."""
        return feature.kind != "multi" and len(feature.domain) <= _WORD and not feature.is_scaled

    @cached_property
    def _weights(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Weight of each answer in its question's number, and the questions' first answers."""
        weights = np.zeros(self.width, dtype=np.int64)
        for level, entry in enumerate(self.levels):
            if entry.size <= _WORD:
                at = int(self.base[level])
                weights[at : at + entry.size] = 1 << np.arange(entry.size, dtype=np.int64)
        return weights, self.base[:-1]

    @cached_property
    def _readers(self) -> list[tuple[str, int, dict[int, Domain]]]:
        """For each feature its question and the domains read before, by their number; features
        with the same answers share them. What has no such number never gets an entry."""
        known: dict[tuple[object, ...], dict[int, Domain]] = {}
        readers = []
        for feature in self.features.values():
            if self._is_short(feature):
                shared = known.setdefault((feature.kind, *feature.domain), {})
                readers.append((feature.id, self._level[feature.id, ""], shared))
            else:
                readers.append((feature.id, 0, {}))
        return readers

    def _read(self, feature: Feature, found: Truths) -> Domain:
        if feature.kind == "multi":
            return frozenset(o for o in feature.option_ids if found[self.start(feature.id, o) + 1])
        return self._interval(feature, found) if feature.is_scaled else self._listed(feature, found)

    def _listed(self, feature: Feature, found: Truths) -> Domain:
        at = self.part(feature).start
        fits = [value for place, value in enumerate(feature.domain) if found[at + place]]
        return frozenset(fits)  # type: ignore[return-value]  # of one kind

    def _interval(self, feature: Feature, found: Truths) -> Domain:
        places = np.flatnonzero(found[self.part(feature)])
        if not len(places):
            return frozenset()
        low, high = feature.numbers[int(places[0])], feature.numbers[int(places[-1])]
        return Interval(low, high, feature.step)


def answer_of(feature: Feature, value: ChoiceValue) -> int:
    """The place of an answer in the domain of a feature with one question."""
    if feature.kind == "text":
        return int(bool(value))
    if feature.kind == "parameter" and isinstance(value, int):
        return (value - feature.minimum) // feature.step
    return feature.option_ids.index(str(value))


Key = frozenset[tuple[str, bool, object]]


def key_of(choices: Iterable[tuple[str, ChoiceValue]]) -> Key:
    """Equal for the same answers, in whatever order they were given."""
    return frozenset(
        (name, isinstance(value, Including), _unordered(value)) for name, value in choices
    )


def _unordered(value: ChoiceValue) -> object:
    return frozenset(value) if isinstance(value, tuple) else value
