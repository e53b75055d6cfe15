"""A synthetic factory is what its recipe says, and always the same."""

from collections import Counter
from dataclasses import replace

import pytest

from cosmo.lib.errors import Invalid
from production.scheduling import dispatch, violations
from production.scheduling.factories import FACTORIES, Recipe, factory

SMALL = Recipe(operations=130, work_centres=4, steps=(2, 4), resources=4, alternatives=2)


def test_the_same_recipe_and_seed_give_the_same_factory() -> None:
    assert factory(SMALL, seed=3) == factory(SMALL, seed=3)
    assert factory(SMALL, seed=3) != factory(SMALL, seed=4)


def test_a_factory_has_what_its_recipe_says() -> None:
    problem = factory(SMALL)
    steps = Counter(own.job for own in problem.operations)
    assert len(problem.operations) == 130
    assert len(problem.lanes) == 16
    assert set(steps.values()) <= {1, 2, 3, 4}  # the last unit takes what is left
    assert {len(own.alternatives) for own in problem.operations} == {2}
    for own in problem.operations:
        centres = {problem.lanes[lane].work_centre for lane, _ in own.alternatives}
        assert len(centres) == 1
        has_colours = problem.lanes[own.alternatives[0][0]].set_up_matrix >= 0
        assert (own.family >= 0) == has_colours
    assert len(problem.set_up_matrices) == 2
    assert all(job.due is not None and job.due > job.release for job in problem.jobs)


def test_operations_of_a_unit_follow_each_other() -> None:
    problem = factory(SMALL)
    for number, own in enumerate(problem.operations):
        is_first = number == 0 or problem.operations[number - 1].job != own.job
        assert own.predecessors == (() if is_first else (number - 1,))


@pytest.mark.parametrize("shifts", [1, 2, 3])
def test_a_plan_of_it_is_found_and_passes_the_check(shifts: int) -> None:
    problem = factory(replace(SMALL, shifts=shifts, maintenance=0.3))
    assert violations(problem, dispatch(problem).placements) == []
    per_day = {1: 2, 2: 3, 3: 3}[shifts]  # windows begun; shifts that touch are one
    opened = [window for window in problem.lanes[0].windows if window[0] < 1440]
    assert len(opened) == per_day


def test_more_load_makes_units_arrive_closer_together() -> None:
    calm, busy = (factory(replace(SMALL, load=load)) for load in (0.5, 1.0))
    assert max(job.release for job in calm.jobs) > 1.7 * max(job.release for job in busy.jobs)


def test_the_sizes_of_the_benches() -> None:
    sizes = {name: recipe.operations for name, recipe in FACTORIES.items()}
    assert sizes == {
        "factory-1k": 1_000,
        "factory-5k": 5_000,
        "factory-20k": 20_000,
        "factory-100k": 100_000,
    }
    lanes = {n: recipe.work_centres * recipe.resources for n, recipe in FACTORIES.items()}
    assert lanes["factory-100k"] == 200


@pytest.mark.parametrize(
    "wrong", [{"alternatives": 5}, {"steps": (3, 9)}, {"shifts": 4}, {"operations": 0}]
)
def test_a_recipe_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid) as refused:
        replace(SMALL, **wrong)  # type: ignore[arg-type]
    assert refused.value.code == "bad_recipe"
