"""Minimal conflicts by deletion: leave out one thing after the other while the contradiction stays.

The order of deletion is fixed and every step asks a yes-or-no question, so the answer depends on
the choices only. A core from the solver saves questions whose answer it already shows; it never
decides. Only of very many rules is the search narrowed to the core: which of several minimal sets
is named may then depend on what was asked before.
"""

from collections.abc import Callable, Mapping, Sequence

from .conflict import Choice, Conflict
from .solver import Solver

Group = tuple[int, ...]
"""The literals of one thing that is kept or left out as a whole."""
VERY_MANY = 500


def minimal_conflict(
    solver: Solver,
    open_solver: Solver,
    fixed: Sequence[int],
    earlier: Sequence[tuple[Choice, Group]],
    rules: Mapping[str, int],
) -> Conflict | None:
    """Choices and rules that contradict ``fixed``, none superfluous; None without contradiction.

    Args:
        solver: With every rule in force.
        open_solver: With a rule in force where its selector is assumed.
        earlier: The choices that may be named, each with its literals, oldest first.
        rules: Selector of each rule.
    """
    kept = _delete(solver, solver.find, fixed, [group for _, group in earlier])
    if kept is None:
        return None
    chosen = [literal for place in kept for literal in earlier[place][1]]
    names = list(rules)
    selectors = [(rules[name],) for name in names]
    needed = _delete(open_solver, open_solver.is_satisfiable, [*fixed, *chosen], selectors)
    if needed is None:
        raise AssertionError("The two solvers disagree about the same rules.")
    return Conflict(
        tuple(earlier[place][0] for place in kept), tuple(names[place] for place in needed)
    )


Ask = Callable[[Sequence[int]], object]
"""Whether literals can hold together: something true if they can; None or False if not."""


def _delete(
    solver: Solver, ask: Ask, fixed: Sequence[int], groups: Sequence[Group]
) -> list[int] | None:
    """Places of the groups without any one of which ``fixed`` is no longer contradicted."""

    def holds(*parts: Sequence[tuple[int, Group]]) -> bool:
        found = ask([*fixed, *(x for part in parts for _, group in part for x in group)])
        return found is not None and found is not False

    left = list(enumerate(groups))
    if holds(left):
        return None
    core = solver.core()
    if len(left) > VERY_MANY:
        left, core = _narrowed(solver, holds, left)
    kept: list[tuple[int, Group]] = []
    for index, (place, group) in enumerate(left):
        if core.isdisjoint(group):
            continue  # The core lies in what is kept and what is still to come.
        if holds(kept, left[index + 1 :]):
            kept.append((place, group))
        else:
            core = solver.core()
    return [place for place, _ in kept]


def _narrowed(
    solver: Solver,
    holds: Callable[[Sequence[tuple[int, Group]]], bool],
    left: list[tuple[int, Group]],
) -> tuple[list[tuple[int, Group]], frozenset[int]]:
    """The groups of a core of a core of a core, until it gets no smaller."""
    while True:
        core = solver.core()
        smaller = [(place, group) for place, group in left if not core.isdisjoint(group)]
        if len(smaller) == len(left) or holds(smaller):
            return smaller, core
        left = smaller
