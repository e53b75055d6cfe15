"""Problems as arrays: the same plan as from objects, and back."""

import numpy as np
import pytest

from cosmo.lib.errors import Invalid
from production.scheduling import Lane, Rule
from production.scheduling.arrays import prepare, prepared_of
from production.scheduling.facts import Facts, facts_of, problem_of

from .problems import factory, whole_problem

PAIR = np.array([[0, 30], [0, 20]], dtype=np.int64)


def of_two(before: list[int]) -> Facts:
    return Facts.of_arrays(
        [Lane("saw", ((0, 1000),))],
        job_due=np.array([100]),
        job=np.array([0, 0]),
        alternative_at=np.array([0, 1, 2]),
        alternative=PAIR,
        before_at=np.array([0, 0, 1]),
        before=np.array(before),
    )


def test_arrays_alone_are_planned() -> None:
    run = prepare(of_two([0])).dispatch()
    assert run.placed.tolist() == [[0, 0, 0, 30, -1], [0, 30, 0, 50, -1]]
    assert (run.weighted_tardiness, run.makespan, run.stuck) == (0, 50, -1)


def test_operations_stand_after_those_they_wait_for() -> None:
    with pytest.raises(Invalid) as refused:
        of_two([1])
    assert refused.value.code == "precedence_cycle"


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_a_problem_goes_to_arrays_and_back(seed: int) -> None:
    problem = whole_problem(seed, lived=False)
    again = problem_of(facts_of(problem))
    assert [own.alternatives for own in again.operations] == [
        own.alternatives for own in problem.operations
    ]
    assert again.features_used == problem.features_used
    assert (
        prepared_of(again).dispatch().placements() == prepared_of(problem).dispatch().placements()
    )


def test_many_runs_share_what_is_given() -> None:
    problem = factory(20)
    prepared = prepared_of(problem)
    assert prepared_of(problem) is prepared
    first = prepared.dispatch()
    other = prepared.dispatch(Rule(k1=0.5, k2=5.0, flow=4.0))
    assert prepared.dispatch().placements() == first.placements()
    assert other.growth.placed is not first.growth.placed
    order = np.argsort(first.placed[:, 1] + first.placed[:, 2], kind="stable")
    assert prepared.decode(order).makespan <= first.makespan * 2
