"""A bound on the promises that can be kept: never below what a plan keeps, tight where plain."""

from hypothesis import given, settings
from hypothesis import strategies as st

from production.promise.possible import most_in_time
from production.scheduling import Job, Lane, Operation, Problem, make_plan
from tests.production.scheduling.problems import random_problem

ONE = Lane("saw", ((0, 100), (120, 300)))


def chain(*minutes: tuple[int, int]) -> Problem:
    """Jobs of two steps, first on the saw, then on a bench that is never short."""
    bench = Lane("bench", ((0, 1000),))
    saw = Lane("saw", ONE.windows, blocked=((0, 40),))
    steps = [
        step
        for job, (sawn, put) in enumerate(minutes)
        for step in (
            Operation(job, ((0, sawn),)),
            Operation(job, ((1, put),), predecessors=(2 * job,)),
        )
    ]
    jobs = tuple(Job(f"unit {number}") for number in range(len(minutes)))
    return Problem((saw, bench), jobs, tuple(steps))


def test_what_does_not_fit_in_before_a_moment_is_left_out() -> None:
    work = chain((30, 10), (30, 10), (20, 10))
    assert most_in_time(work, {0: 200, 1: 200, 2: 200}) == 3
    assert most_in_time(work, {0: 100, 1: 100, 2: 100}) == 2  # 50 of 90 minutes until minute 90
    assert most_in_time(work, {0: 100, 1: 100}) == 1
    assert most_in_time(work, {0: 49}) == 0  # the saw stands still too long


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(50, 2000))
def test_no_plan_keeps_more(seed: int, latest: int) -> None:
    problem = random_problem(seed, lived=False)
    ends = make_plan(problem).ends()
    jobs = [job for job, end in enumerate(ends) if end is not None]
    kept = sum((ends[job] or 0) <= latest for job in jobs)
    assert kept <= most_in_time(problem, dict.fromkeys(jobs, latest))
