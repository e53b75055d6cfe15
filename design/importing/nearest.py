"""The smallest change of a few numbers that keeps every rule.

A row answers many features with numbers. Where that breaks a rule, one to three of them are moved,
each by less than a tenth of itself, so that the sum of the relative moves is smallest. Exact: of
all ways to change at most three numbers the cheapest is found, by trying sets of one, two and three
numbers on whole grids and cutting off whatever costs more than the best so far. What keeps the
grids few: a set has to touch every broken rule, and the engine has to see a design with each number
of the set anywhere within its reach and all others where they are. Where it sees none it names
numbers of which one has to change, and every later set has to touch these too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from design.rules import ChoiceValue, Feature, Rule

from .grid import may_hold

MOST_CHANGES = 3
LARGEST_MOVE = Decimal("0.1")
"""Every number moves by less than this share of itself."""
_MARGIN = 1e-12
_TRIED = 300  # proposals of one set that are checked exactly; nearly always the first one holds

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Dial:
    """A number of a row and the values it may be moved to.

    Attributes:
        before: As in the file, in the unit of the feature.
        base: The nearest allowed value, without the decimal point as in ``Feature``.
        is_moved: Whether ``base`` is a change rather than a rounding.
    """

    feature: Feature
    before: Decimal
    base: int
    is_moved: bool

    @property
    def values(self) -> NDArray[np.int64]:
        """Every value it may take, ``base`` included, in ascending order."""
        return self._reach[0]

    @property
    def costs(self) -> Numbers:
        """By how much of ``before`` each value differs; 0 for rounding."""
        return self._reach[1]

    def real(self, values: NDArray[np.int64]) -> Numbers:
        """Values as expressions see them, but as floats."""
        return values / float(10**self.feature.decimals)

    @cached_property
    def _reach(self) -> tuple[NDArray[np.int64], Numbers]:
        feature, before = self.feature, self.before
        if before == 0:
            return np.array([self.base], dtype=np.int64), np.zeros(1)
        farthest = abs(before) * LARGEST_MOVE
        low = max(feature.minimum, _scaled(feature, before - farthest))
        high = min(feature.maximum, _scaled(feature, before + farthest) + 1)
        first = feature.minimum + -((feature.minimum - low) // feature.step) * feature.step
        values = np.arange(first, high + 1, feature.step, dtype=np.int64)
        costs = np.abs(self.real(values) - float(before)) / float(abs(before))
        is_near = costs < float(LARGEST_MOVE) - _MARGIN
        if not self.is_moved:
            costs = np.where(values == self.base, 0.0, costs)
            is_near |= values == self.base
        return values[is_near], costs[is_near]


def _scaled(feature: Feature, number: Decimal) -> int:
    return int((number * 10**feature.decimals).to_integral_value(rounding="ROUND_FLOOR"))


Windows = Mapping[str, tuple[int, int]]
Found = tuple[Mapping[str, int], Mapping[str, ChoiceValue]]
"""New values of the numbers that were changed, and the answers to the open features."""


class Nearest:
    """Searches for rows that answer one and the same set of features.

    Args:
        rules: The rules that speak of answered features only.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._about: dict[str, list[Rule]] = {}
        for rule in rules:
            for name in rule.features:
                self._about.setdefault(name, []).append(rule)

    def broken(self, scope: Mapping[str, Any]) -> list[Rule]:
        return [rule for rule in self._rules if not rule.holds(scope)]

    def search(
        self,
        dials: Mapping[str, Dial],
        scope: Mapping[str, Any],
        touched: Sequence[frozenset[str]],
        most: int,
        blocked: Callable[[Windows], frozenset[str] | None],
        accept: Callable[[Mapping[str, int]], Mapping[str, ChoiceValue] | None],
    ) -> Found | None:
        """The cheapest change of at most ``most`` numbers, or None.

        Args:
            scope: The row as expressions see it, every number at its base.
            touched: Sets of numbers of each of which one has to change.
            blocked: Answers of which one has to change for a design with some numbers within
                their windows and all others at their base; None if there is one.
            accept: Answers to the open features for new values that keep all rules, or None.
        """
        moved = frozenset(name for name, dial in dials.items() if dial.is_moved)
        trial = _Trial(self._about, dials, scope, accept)
        known = list(touched)
        for size in range(max(1, len(moved)), most + 1):
            for names in _sets(tuple(dials), known, moved, size):
                windows = trial.windows(names)
                in_the_way = blocked(windows) if windows else frozenset(names)
                if in_the_way is None:
                    trial.attempt(names)
                elif windows:
                    known.append(in_the_way & dials.keys())
        return trial.best


def _sets(
    names: Sequence[str], touched: Sequence[frozenset[str]], moved: frozenset[str], size: int
) -> Iterator[tuple[str, ...]]:
    """Sets of numbers that touch everything that has to be touched; ``touched`` may grow."""
    free = [name for name in names if name not in moved]
    for others in combinations(free, size - len(moved)):
        chosen = moved.union(others)
        if all(chosen & one for one in touched):
            yield tuple(name for name in names if name in chosen)


class _Trial:
    """The best way found so far."""

    def __init__(
        self,
        about: Mapping[str, Sequence[Rule]],
        dials: Mapping[str, Dial],
        scope: Mapping[str, Any],
        accept: Callable[[Mapping[str, int]], Mapping[str, ChoiceValue] | None],
    ) -> None:
        self._about, self._dials, self._scope, self._accept = about, dials, scope, accept
        self._cost = np.inf
        self.best: Found | None = None

    def windows(self, names: tuple[str, ...]) -> Windows:
        """How far each number may go if the sum is to be better than the best; empty if nowhere."""
        least = {name: float(self._dials[name].costs.min(initial=np.inf)) for name in names}
        rest = sum(least.values())
        windows = {}
        for name in names:
            dial = self._dials[name]
            near = dial.values[dial.costs + (rest - least[name]) < self._cost - _MARGIN]
            if not near.size:
                return {}
            windows[name] = (int(near[0]), int(near[-1]))
        return windows

    def attempt(self, names: tuple[str, ...]) -> None:
        """Improve on the best with changes of ``names``, if that can be."""
        grid = _Grid(self._dials, self._scope, names, self._cost)
        rules = list(dict.fromkeys(rule for name in names for rule in self._about.get(name, ())))
        if not grid.keep(_most_telling_first(rules, names)):
            return
        for cost, values in grid.proposals():
            scope = {**self._scope, **self._seen(values)}
            if not all(rule.holds(scope) for rule in rules):
                continue
            filled = self._accept(values)
            if filled is not None:
                self._cost, self.best = cost, (values, filled)
                return

    def _seen(self, values: Mapping[str, int]) -> dict[str, Any]:
        return {n: self._dials[n].feature.in_scope(value) for n, value in values.items()}


class _Grid:
    """Every combination of the values of a few dials that is cheap enough."""

    def __init__(
        self,
        dials: Mapping[str, Dial],
        scope: Mapping[str, Any],
        names: Sequence[str],
        below: float,
    ) -> None:
        self._names = names
        least = {name: float(dials[name].costs.min(initial=np.inf)) for name in names}
        rest = sum(least.values())
        self._values: list[NDArray[np.int64]] = []
        self._total: Any = 0.0
        self._scope = {
            name: float(value) if isinstance(value, int | Decimal) else value
            for name, value in scope.items()
        }
        for place, name in enumerate(names):
            dial = dials[name]
            is_cheap = dial.costs + (rest - least[name]) < below - _MARGIN
            shape = [1] * len(names)
            shape[place] = -1
            self._values.append(dial.values[is_cheap])
            self._total = self._total + dial.costs[is_cheap].reshape(shape)
            self._scope[name] = dial.real(dial.values[is_cheap]).reshape(shape)
        self._mask = np.asarray(self._total < below - _MARGIN)

    def keep(self, rules: Iterable[Rule]) -> bool:
        """Leave only what may keep the rules; whether anything is left."""
        for rule in rules:
            if not self._mask.any():
                return False
            self._mask = self._mask & may_hold(rule, self._scope)
        return bool(self._mask.any())

    def proposals(self) -> Iterator[tuple[float, dict[str, int]]]:
        """What is left, cheapest first."""
        places = np.flatnonzero(self._mask)
        costs = self._total.ravel()[places]
        if len(places) > _TRIED:
            nearest = np.argpartition(costs, _TRIED)[:_TRIED]
            places, costs = places[nearest], costs[nearest]
        for index in np.argsort(costs, kind="stable"):
            where = np.unravel_index(places[index], self._mask.shape)
            values = {
                name: int(values[at])
                for name, values, at in zip(self._names, self._values, where, strict=True)
            }
            yield float(costs[index]), values


def _most_telling_first(rules: Sequence[Rule], names: Sequence[str]) -> list[Rule]:
    wanted = set(names)
    return sorted(rules, key=lambda rule: -len(rule.features & wanted))
