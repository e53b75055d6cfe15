import pytest

from production.scheduling import (
    Infeasible,
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    Weights,
    after_plans,
    dispatch,
    make_plan,
    violations,
)  # fmt: skip
from production.scheduling.ladder import WEIGHTED_TARDINESS, RungContext
from production.scheduling.rule import Rule
from production.scheduling.windows import rung
from production.scheduling.windows.rung import improve_windows
from tests.production.scheduling.problems import random_problem

ALL = Weights(tardiness=1, set_up=1, move=2, makespan=1, late=40)


@pytest.mark.parametrize("seed", range(8))
def test_every_plan_yielded_is_right_and_costs_less(seed, monkeypatch):
    monkeypatch.setattr(rung, "GIVEN_UP", 2)
    problem = random_problem(seed)
    try:
        start = dispatch(problem).placements
    except Infeasible:
        return
    previous = {number: place for number, place in enumerate(start) if number % 3 == 0}
    cost = ALL.of(problem, start, previous)
    context = RungContext(objective=ALL, previous=previous, seed=seed)
    for plan in improve_windows(problem, start, context):
        assert violations(problem, plan) == []
        found = ALL.of(problem, plan, previous)
        assert found < cost
        cost = found


def test_what_has_begun_stands_before_what_is_moved():
    """Seeds in which two fixed operations could once be passed in the wrong order."""
    for seed in (115, 149):
        problem = random_problem(seed)
        start = make_plan(problem, rules=(Rule(),)).placements
        previous = dict(enumerate(start))
        context = RungContext(Weights(tardiness=100), previous=previous, stop=after_plans(60))
        for plan in improve_windows(problem, start, context):
            assert violations(problem, plan) == []


def two_jobs() -> Problem:
    lanes = (Lane("a", ((0, 100),)), Lane("b", ((0, 100),)))
    jobs = (Job("slow", due=50, weight=1), Job("urgent", due=10, weight=5))
    operations = (
        Operation(0, ((0, 20),)),
        Operation(0, ((1, 10),), predecessors=(0,)),
        Operation(1, ((0, 6),)),
        Operation(1, ((1, 4),), predecessors=(2,)),
    )
    return Problem(lanes, jobs, operations)


BAD = (Placement(0, 0, 0, 20), Placement(1, 20, 0, 30), Placement(0, 20, 0, 26),
       Placement(1, 30, 0, 34))  # fmt: skip


def test_one_job_very_late_may_be_better_than_two_a_little():
    three = Problem(
        (Lane("a", ((0, 200),)),),
        (Job("one", due=15), Job("two", due=25), Job("long", due=15)),
        (Operation(0, ((0, 10),)), Operation(1, ((0, 10),)), Operation(2, ((0, 20),))),
    )
    start = (Placement(0, 20, 0, 30), Placement(0, 30, 0, 40), Placement(0, 0, 0, 20))
    few_late = Weights(set_up=0, move=0, late=1000)
    *_, best = improve_windows(three, start, RungContext(few_late, stop=after_plans(200)))
    assert few_late.of(three, start) == 3035
    assert few_late.of(three, best) == 1025
    assert [place.start for place in best] == [0, 10, 20]


def test_the_urgent_job_goes_first():
    plans = list(improve_windows(two_jobs(), BAD, RungContext(stop=after_plans(200))))
    assert WEIGHTED_TARDINESS.of(two_jobs(), BAD) == 120
    assert WEIGHTED_TARDINESS.of(two_jobs(), plans[-1]) == 0
    assert violations(two_jobs(), plans[-1]) == []


def test_a_plan_without_cost_is_left_alone():
    good = (Placement(0, 6, 0, 26), Placement(1, 26, 0, 36), Placement(0, 0, 0, 6),
            Placement(1, 6, 0, 10))  # fmt: skip
    assert list(improve_windows(two_jobs(), good, RungContext())) == []
