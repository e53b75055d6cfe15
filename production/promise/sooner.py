"""The second word of a promise: the open work placed again with the new units inside. PURE.

The gap search leaves what is booked where it stands, so a new unit goes behind work that could
well wait. Here everything is placed again, each time with an earlier due moment for the new units,
the soonest first, and the first plan counts in which nobody who was promised something is later
than before. Whether that plan is right is for the checker to say, not for this module.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from production.scheduling.dispatch import make_plan
from production.scheduling.infeasible import Infeasible
from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never

URGENT = 1_000
"""Weight of the new units while they are looked for a place; sold work weighs 10."""
WEIGHTS = Weights(tardiness=100)


def find_sooner(
    problem: Problem,
    previous: Mapping[int, Placement],
    *,
    jobs: Collection[int],
    dues: Sequence[int],
    stop: Stop = never,
) -> Solution | None:
    """A plan in which ``jobs`` keep the first of ``dues`` that can be kept, and nobody is harmed.

    Args:
        problem: The open work with the new units inside.
        previous: Where every movable step stands now, those of the new units too.
        jobs: The new units.
        dues: Due minutes to try for them, soonest first.

    Returns None where none of the dues can be kept without making another job late, or later
    than it is where it stands now.
    """
    mine = frozenset(jobs)
    now = ends_where_they_stand(problem, previous)
    others = {n: p for n, p in previous.items() if problem.operations[n].job not in mine}
    for due in dues:
        if stop():
            return None
        solution = _planned(_asked(problem, mine, due), others, stop)
        if solution is None:
            continue
        is_kept = all(late == 0 for job, late in enumerate(solution.tardiness()) if job in mine)
        if is_kept and not harmed(problem, solution.ends(), now, but=mine):
            return Solution(problem, solution.placements, made_by=f"sooner, {solution.made_by}")
    return None


def ends_where_they_stand(
    problem: Problem, previous: Mapping[int, Placement]
) -> tuple[int | None, ...]:
    """By job, the end of its last step as it is booked now."""
    ends: list[int | None] = [None] * len(problem.jobs)
    for number, own in enumerate(problem.operations):
        place = own.fixed or previous.get(number)
        if place is not None:
            ends[own.job] = max(place.end, ends[own.job] or place.end)
    return tuple(ends)


def harmed(
    problem: Problem,
    ends: Sequence[int | None],
    before: Sequence[int | None],
    *,
    but: Collection[int] = (),
) -> tuple[int, ...]:
    """Jobs that miss their due minute by more than they did before."""
    return tuple(
        number
        for number, (job, end, then) in enumerate(zip(problem.jobs, ends, before, strict=True))
        if number not in but
        and job.due is not None
        and end is not None
        and end > max(job.due, then if then is not None else job.due)
    )


def _asked(problem: Problem, mine: frozenset[int], due: int) -> Problem:
    """The new units due at ``due`` and urgent; everybody else due where they are."""
    foremost = max((job.priority for job in problem.jobs), default=0) + 1
    return replace(
        problem,
        jobs=tuple(
            replace(job, due=due, weight=URGENT, priority=foremost) if number in mine else job
            for number, job in enumerate(problem.jobs)
        ),
    )


def _planned(problem: Problem, previous: Mapping[int, Placement], stop: Stop) -> Solution | None:
    try:
        return make_plan(problem, previous, weights=WEIGHTS, stop=stop)
    except Infeasible:
        return None
