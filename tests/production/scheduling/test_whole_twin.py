"""A thousand plants with everything in them: places, ovens, crews, mix rules, pins, sent work.

Compiled core and plain twin agree on every one, by rule and along any order, the checker passes
every plan, and the measures counted in arrays are those counted from objects.
"""

from collections.abc import Callable
from random import Random

import pytest

from production.scheduling import (
    RULES,
    Infeasible,
    Placement,
    Problem,
    Solution,
    compiled,
    reference,
)
from production.scheduling.arrays import prepared_of
from production.scheduling.check import violations
from production.scheduling.infeasible import check_fixed
from production.scheduling.ordering import first_placed, latest_ends, repaired

from .problems import whole_problem

PLANTS, BLOCK = 1000, 100
Answer = list[Placement] | tuple[str, int]


def answer(place: Callable[[], list[Placement]]) -> Answer:
    try:
        return place()
    except Infeasible as refusal:
        return refusal.code, refusal.operation


def agreed(problem: Problem, fast: Answer, plain: Answer) -> bool:
    """Whether both found a plan; the same one, and a right one."""
    assert fast == plain
    if isinstance(plain, tuple):
        return False
    breaches = Solution(problem, tuple(plain)).mix_breaches
    assert violations(problem, plain, mix_breaches=breaches) == []
    return True


def measures_agree(problem: Problem, rule_number: int) -> None:
    run = prepared_of(problem).dispatch(RULES[rule_number])
    told = Solution(problem, tuple(run.placements()))
    assert (run.weighted_tardiness, run.set_up_min) == (told.weighted_tardiness, told.set_up_min)
    assert (run.makespan, run.mix_breaches) == (told.makespan, told.mix_breaches)
    assert [end for end in run.ends.tolist() if end > -(1 << 40)] == [
        end for end in told.ends() if end is not None
    ]


@pytest.mark.parametrize("first_seed", range(0, PLANTS, BLOCK))
def test_whole_plants_are_planned_the_same_compiled_and_plain(first_seed: int) -> None:
    planned = 0
    for seed in range(first_seed, first_seed + BLOCK):
        problem, rng = whole_problem(seed), Random(seed)
        try:
            check_fixed(problem)
            first = first_placed(problem, latest_ends(problem))
        except Infeasible:
            continue
        number = rng.randrange(len(RULES))
        rule = RULES[number]
        if agreed(
            problem,
            answer(lambda: compiled.dispatch(problem, first, rule)),  # noqa: B023
            answer(lambda: reference.dispatch(problem, first, rule)),  # noqa: B023
        ):
            planned += 1
            measures_agree(problem, number)
        order = any_order(problem, first, rng)
        preferred = {
            n: own.alternatives[-1][0]
            for n, own in enumerate(problem.operations)
            if own.fixed is None
        }
        ways = {"preferred": preferred, "patience_min": rng.randint(0, 60)}
        agreed(
            problem,
            answer(lambda: compiled.decode(problem, order, **ways)),  # type: ignore[arg-type]  # noqa: B023
            answer(lambda: reference.decode(problem, order, **ways)),  # type: ignore[arg-type]  # noqa: B023
        )
    assert planned >= BLOCK // 3


def any_order(problem: Problem, first: list[int], rng: Random) -> list[int]:
    shuffled = list(range(len(problem.operations)))
    rng.shuffle(shuffled)
    rest = {
        number: (turn,)
        for turn, number in enumerate(shuffled)
        if problem.operations[number].fixed is None and number not in first
    }
    return [*first, *repaired(problem, rest)]


def test_the_thousand_plants_have_everything_in_them() -> None:
    used: dict[str, int] = {}
    for seed in range(0, PLANTS, 10):
        for feature in whole_problem(seed).features_used:
            used[feature] = used.get(feature, 0) + 1
    every = {"set_ups", "fixed", "sent", "transfers", "batches", "seconds", "mix_rules"}
    assert set(used) == every
    assert min(used.values()) >= 20
