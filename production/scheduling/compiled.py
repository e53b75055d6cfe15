"""The two ways of placing, compiled: called like ``reference`` and giving the same plans.

Apart from ``dispatch`` so that numpy and numba are loaded with the first plan, not before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from production.scheduling.arrays import Prepared, Run, prepared_of
from production.scheduling.infeasible import no_place
from production.scheduling.problem import Placement, Problem
from production.scheduling.rule import Rule
from production.scheduling.tables import LATEST


def decode(
    problem: Problem,
    order: Sequence[int],
    *,
    preferred: Mapping[int, int],
    patience_min: int,
    not_before: Mapping[int, int] | None = None,
    steady: int = 0,
) -> list[Placement]:
    """Place operations one after the other; ``order`` respects precedence and holds all not fixed.
    See ``Prepared.decode``.

    Raises:
        Infeasible: an operation found no place.
    """
    prepared = prepared_of(problem)
    run = prepared.decode(
        order,
        preferred=preferred,
        patience_min=patience_min,
        not_before=not_before,
        steady=steady,
    )
    return _finished(problem, prepared, run)


def dispatch(problem: Problem, first: Sequence[int], rule: Rule) -> list[Placement]:
    """Place ``first`` in order, then always the most urgent operation of the earliest idle lane.

    Raises:
        Infeasible: an operation found no place.
    """
    prepared = replace(prepared_of(problem), first=np.array(first, dtype=np.int64))
    return _finished(problem, prepared, prepared.dispatch(rule))


def _finished(problem: Problem, prepared: Prepared, run: Run) -> list[Placement]:
    if run.stuck >= 0:
        raise no_place(problem, run.stuck, int(prepared.given.operation[run.stuck, LATEST]))
    return run.placements()
