"""The ladder never answers worse than it began, keeps its time and tells how far it is."""

import pytest
from hypothesis import given, settings

from production.scheduling import Infeasible, Problem, Weights, make_plan, violations
from production.scheduling.factories import Recipe, factory
from production.scheduling.improve import warm_search
from production.scheduling.improve.anytime import plan_anytime
from production.scheduling.improve.orders import search_orders
from production.scheduling.improve.parameters import first_listed, search_parameters
from production.scheduling.ladder import WEIGHTED_TARDINESS, RungContext
from production.scheduling.rule import Rule
from production.scheduling.stop import after_plans
from tests.production.scheduling.problems import problems, whole_problems

FULL = Recipe(operations=450, work_centres=6, load=1.0, tightness=(1.0, 3.0))


@pytest.fixture(autouse=True, scope="module")
def _compiled_once() -> None:
    warm_search()


@settings(max_examples=15, deadline=None)
@given(problems)
def test_the_plan_is_valid_and_never_dearer_than_the_order_published(problem: Problem) -> None:
    try:
        first = make_plan(problem, rules=(Rule(),))
    except Infeasible:
        with pytest.raises(Infeasible):
            plan_anytime(problem, seconds=0.1)
        return
    published = dict(enumerate(first.placements))
    weights = Weights(tardiness=100)
    plan = plan_anytime(problem, previous=published, weights=weights, cpu_seconds=0.15)
    assert violations(problem, plan.placements) == []
    assert plan.cost(weights, published) <= first.cost(weights, published)


@settings(max_examples=15, deadline=None)
@given(whole_problems)
def test_ovens_crews_and_mix_rules_are_searched_by_order(problem: Problem) -> None:
    try:
        first = make_plan(problem, rules=(Rule(),))
    except Infeasible:
        return
    cost = WEIGHTED_TARDINESS.of(problem, first.placements)
    for plan in search_orders(problem, first.placements, RungContext(stop=after_plans(15))):
        assert violations(problem, plan) == []
        assert WEIGHTED_TARDINESS.of(problem, plan) < cost
        cost = WEIGHTED_TARDINESS.of(problem, plan)


def test_a_stop_at_once_still_gives_a_plan() -> None:
    problem = factory(FULL)
    heard: list[tuple[float, int]] = []
    plan = plan_anytime(
        problem, seconds=60, stop=lambda: True, report=lambda over, cost: heard.append((over, cost))
    )
    assert violations(problem, plan.placements) == []
    assert plan.made_by == "list"
    assert heard[-1] == (1.0, plan.cost(Weights(), {}))


def test_progress_and_the_best_so_far_only_improve() -> None:
    problem = factory(FULL)
    heard: list[tuple[float, int]] = []
    plan = plan_anytime(
        problem, cpu_seconds=1.0, workers=2, report=lambda over, cost: heard.append((over, cost))
    )
    costs = [cost for _, cost in heard]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.cost(Weights(), {}) < costs[0]
    assert violations(problem, plan.placements) == []


def test_parameters_are_searched_alike_with_the_same_seed() -> None:
    problem = factory(FULL)
    start = first_listed(problem, WEIGHTED_TARDINESS)
    assert start is not None
    assert violations(problem, start) == []
    answers = [
        list(search_parameters(problem, start, RungContext(stop=after_plans(50), seed=7)))
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(answers[0]) == 1
    assert violations(problem, answers[0][0]) == []


def test_either_seconds_or_processor_seconds_are_asked_for() -> None:
    problem = factory(FULL)
    with pytest.raises(ValueError, match="either"):
        plan_anytime(problem)
