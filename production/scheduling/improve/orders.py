"""The search for problems that sequences of lanes do not tell whole: ovens, crews, mix rules.

The plan's own order is disturbed, everything is placed again by the compiled core, and the better
plan is kept.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from production.scheduling.arrays import prepared_of
from production.scheduling.improve.sequences import placed_of
from production.scheduling.ladder import RungContext
from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Solution
from production.scheduling.tables import IS_FIXED, Floats, Ints

SHARE_LATE = 0.8
"""Of the disturbances, those that pull a late job forward; the others shift any job."""
AT_ONCE = 3
"""Most jobs disturbed together."""


def search_orders(
    problem: Problem, start: Sequence[Placement], context: RungContext
) -> Iterator[list[Placement]]:
    """A rung."""
    prepared = prepared_of(problem)
    rng = np.random.default_rng(context.seed)
    best = context.objective.of(problem, start, context.previous)
    plan = list(start)
    solution = Solution(problem, tuple(plan))
    placed = placed_of(plan)
    preferred = {number: place.lane for number, place in context.previous.items()}
    first, is_open = prepared.first, _open(prepared.given.operation[:-1], prepared.first)
    while not context.stop():
        keys = _disturbed(problem, solution, placed, rng)
        if not _respects(problem, keys):
            continue
        order = np.lexsort((_ranks(problem), keys))
        run = prepared.decode(
            np.concatenate((first, order[is_open[order]])), preferred=preferred, patience_min=30
        )
        if run.stuck >= 0:
            continue
        candidate = run.placements()
        cost = context.objective.of(problem, candidate, context.previous)
        if cost < best:
            best, plan, placed = cost, candidate, placed_of(candidate)
            solution = Solution(problem, tuple(plan))
            yield plan
        context.report(context.over(), best)


def _open(rows: Ints, first: Ints) -> npt.NDArray[np.bool_]:
    """By operation, whether its turn may be chosen."""
    is_open = np.asarray(rows[:, IS_FIXED] == 0)
    is_open[first] = False
    return is_open


def _disturbed(
    problem: Problem, solution: Solution, placed: Ints, rng: np.random.Generator
) -> Floats:
    """Starts, with those of a few jobs moved: late ones forward, others to either side."""
    keys = placed[:, 1].astype(np.float64)
    job = np.fromiter((own.job for own in problem.operations), dtype=np.int64)
    late = solution.late_jobs
    reach = max(60.0, 0.1 * solution.makespan)
    for _ in range(int(rng.integers(1, AT_ONCE + 1))):
        if late and rng.random() < SHARE_LATE:
            keys[job == late[int(rng.integers(len(late)))]] -= rng.exponential(reach)
        else:
            keys[job == int(rng.integers(len(problem.jobs)))] += rng.normal() * reach
    return keys


def _respects(problem: Problem, keys: Floats) -> bool:
    prepared = prepared_of(problem)
    before = prepared.facts.before
    waits = np.repeat(np.arange(len(keys)), np.diff(prepared.facts.before_at))
    return bool((keys[before] <= keys[waits]).all())


def _ranks(problem: Problem) -> Ints:
    """By operation, its turn in an order that respects precedence."""
    topological = prepared_of(problem).facts.topological
    ranks = np.empty(len(topological), dtype=np.int64)
    ranks[topological] = np.arange(len(topological))
    return ranks
