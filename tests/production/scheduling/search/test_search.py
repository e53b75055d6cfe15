"""The compiled search beside a plain twin, the checkers and CP-SAT."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmo.lib.errors import Invalid
from production.scheduling import Placement, after_plans, violations
from production.scheduling.instances import Shop, ShopPlan, faults, parse_shop
from production.scheduling.search import Search, plan_shop, tabu
from production.scheduling.search.blending import blend, scatter
from production.scheduling.search.bounds import jackson, lower_bound
from production.scheduling.search.graph import BEFORE, HEAD, MACHINE, MINUTES, graph_of
from production.scheduling.search.solve import Search as Searching
from production.scheduling.search.walk import Walk
from production.scheduling.windows.raw import raw_cp_sat
from tests.production.scheduling.shops import random_shop

shops = st.integers(0, 10**9).map(random_shop)


def twin_heads(shop: Shop, node: np.ndarray) -> list[int]:
    """Earliest starts by going round until nothing moves."""
    heads = [0] * shop.size
    rows = list(shop.operations())
    for _ in range(shop.size + 1):
        for number, (_, position, _) in enumerate(rows):
            least = 0
            if position:
                least = heads[number - 1] + int(node[number - 1, MINUTES])
            before = int(node[number, BEFORE])
            if before >= 0:
                free = heads[before] + int(node[before, MINUTES])
                if shop.set_ups is not None:
                    free += int(shop.set_ups[node[number, MACHINE], before, number])
                least = max(least, free)
            heads[number] = least
    return heads


def searched(shop: Shop, *, asked: int = 12, workers: int = 1) -> Searching:
    search = Search(shop, workers=workers)
    search.run(after_plans(asked))
    return search


@settings(max_examples=60, deadline=None)
@given(shops)
def test_every_plan_found_is_one_and_costs_what_is_said(shop):
    search = searched(shop)
    outcome = search.outcome()
    assert faults(shop, outcome.stands) == []
    assert ShopPlan(shop, outcome.stands).objective == outcome.objective
    assert search.best.node[:, HEAD].tolist() == twin_heads(shop, search.best.node)
    assert outcome.lower_bound <= outcome.objective
    problem = shop.as_problem()
    if problem is not None:
        placed = [Placement(s.machine, s.start, 0, s.end) for s in outcome.stands]
        assert violations(problem, placed) == []


@settings(max_examples=40, deadline=None)
@given(shops, st.integers(0, 1000))
def test_heads_and_cost_of_any_drawn_plan_are_the_twins(shop, seed):
    graph = graph_of(shop)
    scatter(graph, np.random.default_rng(seed), greed=0.5)
    cost = tabu.evaluate(*graph.arrays)
    assert graph.node[:, HEAD].tolist() == twin_heads(shop, graph.node)
    assert cost == ShopPlan(shop, graph.stands()).objective
    assert faults(shop, graph.stands()) == []


@settings(max_examples=40, deadline=None)
@given(shops, st.integers(0, 1000), st.floats(0, 1), st.sampled_from([0.0, 3.0]))
def test_a_blend_of_two_plans_is_a_plan(shop, seed, share, noise):
    random = np.random.default_rng(seed)
    graph = graph_of(shop)
    walk = Walk(graph, seed=seed, tenure=1)
    parents = []
    for _ in range(2):
        scatter(graph, random, greed=0.5)
        parents.append(walk.found())
    blend(graph, parents[0], parents[1], share, noise, random)
    assert tabu.evaluate(*graph.arrays) >= 0
    assert faults(shop, graph.stands()) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9).map(lambda seed: random_shop(seed, jobs=3)))
def test_small_shops_are_planned_as_well_as_can_be(shop):
    best = raw_cp_sat(shop, workers=1)
    assert best.is_proven
    assert best.stands is not None
    assert faults(shop, best.stands) == []
    assert searched(shop).outcome().objective == best.objective
    assert lower_bound(shop) <= best.objective


def test_several_workers_share_what_they_find():
    shop = parse_shop("3 3\n0 3 1 2 2 2\n0 2 2 1 1 4\n1 4 2 3 0 1\n", "jsp")
    outcome = searched(shop, workers=3).outcome()
    assert outcome.objective == raw_cp_sat(shop, workers=1).objective
    assert faults(shop, outcome.stands) == []


def test_a_plan_proven_best_ends_the_search_early():
    shop = parse_shop("2 2\n0 3 1 2\n1 4 0 1\n", "jsp")
    outcome = plan_shop(Search(shop), cpu_seconds=1000)
    assert (outcome.objective, outcome.lower_bound) == (6, 6)


def test_nothing_asked_for_still_gives_a_plan():
    shop = parse_shop("2 2\n0 3 1 2\n1 4 0 1\n", "jsp")
    outcome = plan_shop(Search(shop), cpu_seconds=1000, stop=lambda: True)
    assert faults(shop, outcome.stands) == []


def test_runs_of_no_minutes_do_no_harm():
    shop = parse_shop("3 2\n0 0 1 2\n1 0 0 0\n0 1 1 0\n", "jsp")
    outcome = searched(shop).outcome()
    assert faults(shop, outcome.stands) == []
    assert outcome.objective == 2


def test_times_that_cannot_be_reckoned_with_are_refused():
    shop = parse_shop("1 1\n0 1000000000\n", "jsp")
    with pytest.raises(Invalid, match="at most 536870912") as caught:
        Search(shop)
    assert caught.value.code == "instance_too_long"


def test_one_machine_alone_may_interrupt():
    assert jackson([(0, 4, 0), (1, 2, 5)]) == 8
    assert jackson([]) == 0
