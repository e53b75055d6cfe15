"""Minimal conflicts by deletion: leave out one thing after the other while the contradiction stays.

The order of deletion is fixed and every step asks a yes-or-no question, so the answer depends on
the choices only, whatever was asked before. What propagation shows to be superfluous is left out at
once: it keeps nothing from one question to the next either. Other cores only save questions whose
answer they already show; they never decide.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from pysat.solvers import Glucose4

from .conflict import Choice, Conflict
from .encoding import Encoding
from .propagation import Search, Truths
from .solver import Solver

Group = tuple[int, ...]
"""The literals of one thing that is kept or left out as a whole."""
MANY = 100
"""Of more rules, some that forbid it are looked for before they are tried one by one."""


class Explainer:
    """Why literals of one model cannot hold together. Not safe for two threads."""

    def __init__(
        self,
        solver: Solver,
        open_solver: Callable[[], Solver],
        search: Search,
        encoding: Encoding,
    ) -> None:
        """
        Args:
            solver: With every rule in force.
            open_solver: Gives one with a rule in force where its selector is assumed.
        """
        self._solver = solver
        self._open_solver = open_solver
        self._search = search
        self._clauses = encoding.clauses
        self._names = list(encoding.rules)
        self._selectors = np.array(list(encoding.rules.values()), dtype=np.int64)

    def minimal_conflict(
        self, fixed: Sequence[int], earlier: Sequence[tuple[Choice, Group]]
    ) -> Conflict | None:
        """Choices and rules that contradict ``fixed``, none superfluous; None without
        contradiction.

        Args:
            earlier: The choices that may be named, each with its literals, oldest first.
        """
        kept = self._needed_choices(fixed, [group for _, group in earlier])
        if kept is None:
            return None
        chosen = [literal for place in kept for literal in earlier[place][1]]
        rules = self._needed_rules([*fixed, *chosen])
        return Conflict(
            tuple(earlier[place][0] for place in kept), tuple(self._names[place] for place in rules)
        )

    def _needed_choices(self, fixed: Sequence[int], groups: Sequence[Group]) -> list[int] | None:
        """Places of the groups without any one of which ``fixed`` is no longer contradicted."""

        near = self._solver.remembered([x for group in groups for x in group])

        def core(places: Sequence[int]) -> frozenset[int] | None:
            literals = [*fixed, *(x for place in places for x in groups[place])]
            if self._solver.remembered(literals):
                return None
            decision = self._search.decide(literals, near=near)
            if decision.is_possible:
                return None
            named = decision.needed
            if decision.is_possible is None:
                if self._solver.find(literals) is not None:
                    return None
                named = self._solver.core()
            return frozenset(p for p in places if not named.isdisjoint(groups[p]))

        return _delete(range(len(groups)), core)

    def _needed_rules(self, literals: Sequence[int]) -> list[int]:
        """Places of the rules without any one of which ``literals`` can hold together."""
        rules = self._search.all_rules
        seen = self._search.propagate(literals, rules)
        if seen is None and len(self._selectors) <= MANY:
            return self._left_out_one_by_one(literals)
        if seen is None:
            rules = self._core(literals)
            seen = self._search.propagate(literals, rules)
        while seen is not None and seen.sum() < rules.sum():
            rules, seen = seen, self._search.propagate(literals, seen)
        left = self._search.minimise(literals, rules, partial(self._is_possible, literals))
        found: list[int] = np.flatnonzero(left[:-1]).tolist()
        return found

    def _is_possible(self, literals: Sequence[int], rules: Truths) -> bool:
        selectors: list[int] = self._selectors[rules[:-1]].tolist()
        return self._open_solver().is_satisfiable([*literals, *selectors])

    def _left_out_one_by_one(self, literals: Sequence[int]) -> list[int]:
        """Of all rules, by the solver."""
        selectors: list[int] = self._selectors.tolist()

        def core(places: Sequence[int]) -> frozenset[int] | None:
            solver = self._open_solver()
            if solver.is_satisfiable([*literals, *(selectors[place] for place in places)]):
                return None
            named = solver.core()
            return frozenset(place for place in places if selectors[place] in named)

        found = _delete(range(len(selectors)), core)
        if found is None:
            raise AssertionError("The two solvers disagree about the same rules.")
        return found

    def _core(self, literals: Sequence[int]) -> Truths:
        """Rules that forbid ``literals`` where propagation does not see it: by a solver that has
        been asked nothing yet."""
        selectors = self._selectors.tolist()
        with Glucose4(bootstrap_with=self._clauses) as fresh:
            if fresh.solve(assumptions=[*literals, *selectors]):
                raise AssertionError("The two solvers disagree about the same rules.")
            core = np.array(fresh.get_core() or (), dtype=np.int64)
        return np.append(np.isin(self._selectors, core), True)


def _delete(
    places: Sequence[int], core: Callable[[Sequence[int]], frozenset[int] | None]
) -> list[int] | None:
    """Those of ``places`` without any one of which there is no contradiction.

    ``core`` gives places that contradict each other already, among those given, or None where they
    do not.
    """
    named = core(places)
    if named is None:
        return None
    kept: list[int] = []
    for index, place in enumerate(places):
        if place not in named:
            continue  # The core lies in what is kept and what is still to come.
        smaller = core([*kept, *places[index + 1 :]])
        if smaller is None:
            kept.append(place)
        else:
            named = smaller
    return kept
