"""Synthetic factories: what the ladder makes of the default dispatch's plan, and how time grows."""

from collections.abc import Callable, Iterator, Mapping
from time import process_time, thread_time

from production.scheduling import reference
from production.scheduling.arrays import prepared_of
from production.scheduling.bench.monolith import solve_whole
from production.scheduling.check import violations
from production.scheduling.dispatch import dispatch, warm
from production.scheduling.factories import FACTORIES, factory
from production.scheduling.improve import warm_search
from production.scheduling.improve.anytime import plan_anytime
from production.scheduling.improve.parameters import first_listed
from production.scheduling.ladder import WEIGHTED_TARDINESS
from production.scheduling.problem import Problem
from production.scheduling.rule import Rule
from production.scheduling.solution import Weights

PLAIN_UP_TO = 5_000
"""Operations for which plain Python and raw CP-SAT are tried; with more, both take hours."""
TARDINESS = Weights(tardiness=1, set_up=0, move=0)


def measure_factory(
    name: str, *, cpu_seconds: float, workers: int, seed: int, baseline: bool
) -> Iterator[Mapping[str, object]]:
    """One line; nothing compiled is counted.

    ``default_weighted_tardiness`` and ``dispatch_ms`` are the dispatch by its default rule (the
    compiled core alone, the tables being ready), ``first_plan_ms`` leads from the problem's objects
    to a plan, ``seconds_to_half`` is the processor time until half of the gain.
    """
    warm()
    warm_search()
    problem = factory(FACTORIES[name], seed)
    default = dispatch(problem)
    default_cost = default.weighted_tardiness
    fresh = factory(FACTORIES[name], seed)  # whose tables nobody has made yet
    first_ms = _milliseconds(lambda: first_listed(fresh, WEIGHTED_TARDINESS))
    heard: list[tuple[float, int]] = []
    began = process_time()
    solution = plan_anytime(
        problem,
        weights=TARDINESS,
        cpu_seconds=cpu_seconds,
        workers=workers,
        seed=seed,
        report=lambda _, cost: heard.append((process_time() - began, cost)),
    )
    spent = process_time() - began
    ours = solution.weighted_tardiness
    yield {
        "instance": name,
        "operations": len(problem.operations),
        "resources": len(problem.lanes),
        "default_weighted_tardiness": default_cost,
        "dispatch_ms": _dispatch_ms(problem),
        "plain_dispatch_ms": _plain_ms(problem),
        "first_plan_weighted_tardiness": heard[0][1],
        "first_plan_ms": round(first_ms, 1),
        "weighted_tardiness": ours,
        "ratio": round(ours / default_cost, 4) if default_cost else None,
        "late_jobs": len(solution.late_jobs),
        "late_jobs_default": len(default.late_jobs),
        "made_by": solution.made_by,
        "cpu_seconds": round(spent, 2),
        "cpu_seconds_to_half_gain": _to_half(heard, default_cost, ours),
        "violations": len(violations(problem, solution.placements)),
        **_raw(problem, cpu_seconds, seed, baseline),
    }
    yield {"instance": "total", "growth_dispatch_ms": _growth(len(problem.operations), seed)}


def _milliseconds(work: Callable[[], object]) -> float:
    began = thread_time()
    work()
    return (thread_time() - began) * 1000


def _dispatch_ms(problem: Problem) -> float:
    prepared = prepared_of(problem)
    return round(min(_milliseconds(prepared.dispatch) for _ in range(3)), 2)


def _plain_ms(problem: Problem) -> float | None:
    if len(problem.operations) > PLAIN_UP_TO:
        return None
    return round(_milliseconds(lambda: reference.dispatch(problem, [], Rule())), 1)


def _to_half(heard: list[tuple[float, int]], default: int, ours: int) -> float | None:
    half = (default + ours) / 2
    return next((round(second, 2) for second, cost in heard if cost <= half), None)


def _growth(most: int, seed: int) -> Mapping[int, float]:
    """By operations, of the factories up to this size."""
    return {
        recipe.operations: _dispatch_ms(factory(recipe, seed))
        for recipe in FACTORIES.values()
        if recipe.operations <= most
    }


def _raw(problem: Problem, cpu_seconds: float, seed: int, baseline: bool) -> Mapping[str, object]:
    if not baseline or len(problem.operations) > PLAIN_UP_TO:
        return {}
    answer = solve_whole(problem, cpu_seconds=cpu_seconds, workers=8, seed=seed)
    return {
        "raw_status": answer.status,
        "raw_weighted_tardiness": answer.weighted_tardiness,
        "raw_bound": answer.bound,
        "raw_arcs": answer.arcs,
        "raw_cpu_seconds": round(answer.cpu_seconds, 1),
    }
