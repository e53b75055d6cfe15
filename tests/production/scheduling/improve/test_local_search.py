"""The search's running cost is the plan's, its times are the twin's, and the checker agrees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.scheduling import (
    Infeasible,
    Placement,
    Problem,
    Solution,
    Weights,
    dispatch,
    make_plan,
    violations,
)
from production.scheduling.factories import Recipe, factory
from production.scheduling.improve import kernel, warm_search
from production.scheduling.improve.ground import UNDERSTOOD, ground_of
from production.scheduling.improve.local import search_locally, weights_of
from production.scheduling.improve.sequences import START, placed_of, placements_of, sequences_of
from production.scheduling.ladder import RungContext
from production.scheduling.stop import after_plans
from tests.production.scheduling.problems import problems, random_problem

from .twin import timed

WEIGHTS = Weights(tardiness=3, set_up=2, move=5, near_move=4, near_min=300, shift_hour=1, late=50)


@pytest.fixture(autouse=True, scope="module")
def _compiled_once() -> None:
    warm_search()


def some_plan(problem: Problem) -> Solution | None:
    try:
        return dispatch(problem)
    except Infeasible:
        return None


@settings(max_examples=60, deadline=None)
@given(problems, st.integers(1, 10**6), st.sampled_from([0.001, 30.0, 1e9]))
def test_what_moves_change_one_by_one_is_what_the_whole_plan_says(
    problem: Problem, seed: int, temperature: float
) -> None:
    first = some_plan(problem)
    if first is None or not problem.features_used <= UNDERSTOOD:
        return
    previous = dict(enumerate(first.placements))
    ground, weights = ground_of(problem, previous), weights_of(WEIGHTS)
    sequences = sequences_of(ground, placed_of(first.placements))
    count = len(first.placements)
    order = np.argsort(sequences.plan[:count, START], kind="stable")
    cost = kernel.measure(ground, sequences, weights, order)
    assert placements_of(sequences) == timed(problem, first.placements)
    random = np.array([seed], dtype=np.int64)
    for _ in range(5):
        late = kernel.late_jobs(ground, sequences)
        cost += kernel.anneal(ground, sequences, weights, random, late, 60, 1000, temperature)
        plan = placements_of(sequences)
        assert plan == timed(problem, plan)
        assert violations(problem, plan) == []
        assert cost == Solution(problem, tuple(plan)).cost(WEIGHTS, previous)
        assert late.tolist() == [
            n for n in late.tolist() if problem.jobs[n].due is not None
        ]  # whoever has no due date is never late


def test_the_rung_makes_a_full_factory_less_late() -> None:
    problem = factory(Recipe(operations=500, work_centres=6, load=1.0, tightness=(1.0, 3.0)))
    first = dispatch(problem)
    plans = list(
        search_locally(problem, first.placements, RungContext(stop=after_plans(40), cpu_seconds=5))
    )
    assert len(plans) == 1
    better = Solution(problem, tuple(plans[0]))
    assert better.weighted_tardiness < first.weighted_tardiness
    assert violations(problem, plans[0]) == []


def test_a_published_plan_of_units_in_time_stays_as_it_is() -> None:
    problem = factory(Recipe(operations=120, work_centres=6, tightness=(30.0, 40.0)))
    published = dict(enumerate(make_plan(problem).placements))
    objective = Weights(tardiness=100, set_up=0, move=2)
    context = RungContext(objective=objective, previous=published, stop=after_plans(20))
    plans = list(search_locally(problem, list(published.values()), context))
    assert plans == []


def test_sent_and_fixed_work_keeps_its_lane_and_turn() -> None:
    moved: list[Placement] = []
    for seed in range(30):
        problem = random_problem(seed)
        first = some_plan(problem)
        if first is None:
            continue
        context = RungContext(stop=after_plans(6), seed=seed)
        for plan in search_locally(problem, first.placements, context):
            assert violations(problem, plan) == []
            moved += [new for new, old in zip(plan, first.placements, strict=True) if new != old]
    assert moved
