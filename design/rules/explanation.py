"""Minimal conflicts by deletion: leave out one thing after the other while the contradiction stays.

The order of deletion is fixed and every step asks a yes-or-no question, so the answer depends on
the choices only. A core from the solver saves questions whose answer it already shows; it never
decides. Only of very many rules is the search narrowed to the core: which of several minimal sets
is named may then depend on what was asked before.
"""

from collections.abc import Mapping, Sequence

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
    kept = _delete(solver, fixed, [group for _, group in earlier])
    if kept is None:
        return None
    chosen = [literal for place in kept for literal in earlier[place][1]]
    names = list(rules)
    needed = _delete(open_solver, [*fixed, *chosen], [(rules[name],) for name in names])
    if needed is None:
        raise AssertionError("The two solvers disagree about the same rules.")
    return Conflict(
        tuple(earlier[place][0] for place in kept), tuple(names[place] for place in needed)
    )


def _delete(solver: Solver, fixed: Sequence[int], groups: Sequence[Group]) -> list[int] | None:
    """Places of the groups without any one of which ``fixed`` is no longer contradicted."""
    left = list(enumerate(groups))
    if solver.find([*fixed, *_literals(left)]) is not None:
        return None
    core = solver.core()
    if len(left) > VERY_MANY:
        left = [(place, group) for place, group in left if not core.isdisjoint(group)]
    kept: list[tuple[int, Group]] = []
    for index, (place, group) in enumerate(left):
        if core.isdisjoint(group):
            continue  # The core lies in what is kept and what is still to come.
        if solver.find([*fixed, *_literals(kept), *_literals(left[index + 1 :])]) is not None:
            kept.append((place, group))
        else:
            core = solver.core()
    return [place for place, _ in kept]


def _literals(groups: Sequence[tuple[int, Group]]) -> list[int]:
    return [literal for _, group in groups for literal in group]
