"""Minimal conflicts by deletion: leave out one thing after the other while the contradiction stays.

The order of deletion is fixed and every step asks a yes-or-no question, so the answer depends on
the choices only. A core from the solver saves questions whose answer it already shows; it never
decides.
"""

from collections.abc import Mapping, Sequence

from .conflict import Choice, Conflict
from .solver import Solver


def minimal_conflict(
    solver: Solver,
    open_solver: Solver,
    fixed: Sequence[int],
    earlier: Sequence[tuple[Choice, int]],
    rules: Mapping[str, int],
) -> Conflict | None:
    """Choices and rules that contradict ``fixed``, none superfluous; None without contradiction.

    Args:
        solver: With every rule in force.
        open_solver: With a rule in force where its selector is assumed.
        earlier: The choices that may be named, each with its literal, oldest first.
        rules: Selector of each rule.
    """
    choices = {literal: choice for choice, literal in earlier}
    kept = _delete(solver, fixed, list(choices))
    if kept is None:
        return None
    selectors = {selector: rule for rule, selector in rules.items()}
    needed = _delete(open_solver, [*fixed, *kept], list(selectors))
    if needed is None:
        raise AssertionError("The two solvers disagree about the same rules.")
    return Conflict(tuple(choices[x] for x in kept), tuple(selectors[x] for x in needed))


def _delete(solver: Solver, fixed: Sequence[int], candidates: list[int]) -> list[int] | None:
    """The candidates without any one of which ``fixed`` is no longer contradicted."""
    if solver.find([*fixed, *candidates]) is not None:
        return None
    core = solver.core()
    kept: list[int] = []
    for place, literal in enumerate(candidates):
        if literal not in core:
            continue  # The core lies in what is kept and what is still to come.
        if solver.find([*fixed, *kept, *candidates[place + 1 :]]) is not None:
            kept.append(literal)
        else:
            core = solver.core()
    return kept
