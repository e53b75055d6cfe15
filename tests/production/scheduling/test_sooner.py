"""The open work with new units inside: sooner for them, later for nobody."""

from hypothesis import given, settings
from hypothesis import strategies as st

from production.promise.sooner import ends_where_they_stand, find_sooner, harmed
from production.scheduling import (
    Infeasible,
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    make_plan,
    violations,
)

from .problems import random_problem

DAYS = tuple((day * 1440 + 360, day * 1440 + 840) for day in range(10))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 5))
def test_nobody_is_later_and_the_plan_is_sound(seed: int, chosen: int) -> None:
    problem = random_problem(seed)
    try:
        previous = dict(enumerate(make_plan(problem).placements))
    except Infeasible:
        return
    mine = {chosen % len(problem.jobs)}
    before = ends_where_they_stand(problem, previous)
    mine_end = max(before[job] or 0 for job in mine)
    dues = [max(1, mine_end * part // 4) for part in (1, 2, 3)]
    found = find_sooner(problem, previous, jobs=mine, dues=dues)
    if found is None:
        return
    assert violations(problem, found.placements) == []
    assert max(found.ends()[job] or 0 for job in mine) <= dues[-1]
    assert harmed(problem, found.ends(), before, but=mine) == ()
    weighted = 0
    for number, job in enumerate(problem.jobs):
        if number not in mine and job.due is not None:
            late_then = max(0, (before[number] or 0) - job.due)
            late_now = max(0, (found.ends()[number] or 0) - job.due)
            weighted += job.weight * (late_now - late_then)
    assert weighted <= 0


def full_lane(waits_until: int) -> tuple[Problem, dict[int, Placement]]:
    """One lane, eight hours a day; a unit of a day each, the last of them the new one."""
    jobs = (*(Job(f"sold {n}", due=waits_until) for n in range(3)), Job("new", due=3 * 1440 + 840))
    steps = tuple(Operation(n, ((0, 480),)) for n in range(4))
    problem = Problem((Lane("lane", DAYS),), jobs, steps)
    stands = {n: Placement(0, n * 1440 + 360, 0, n * 1440 + 840) for n in range(4)}
    return problem, stands


def test_the_soonest_day_that_harms_nobody_is_taken() -> None:
    problem, stands = full_lane(waits_until=3 * 1440 + 840)
    found = find_sooner(problem, stands, jobs={3}, dues=[840, 1440 + 840])
    assert found is not None
    assert found.ends()[3] == 840
    assert max(end or 0 for end in found.ends()) == 3 * 1440 + 840


def test_nothing_is_found_where_somebody_would_be_late() -> None:
    problem, stands = full_lane(waits_until=2 * 1440 + 840)
    assert find_sooner(problem, stands, jobs={3}, dues=[840, 1440 + 840]) is None


def test_what_is_late_anyway_may_not_be_made_later() -> None:
    problem, stands = full_lane(waits_until=100)
    assert find_sooner(problem, stands, jobs={3}, dues=[840, 1440 + 840]) is None


def test_time_that_is_over_ends_the_search() -> None:
    problem, stands = full_lane(waits_until=3 * 1440 + 840)
    assert find_sooner(problem, stands, jobs={3}, dues=[840], stop=lambda: True) is None
