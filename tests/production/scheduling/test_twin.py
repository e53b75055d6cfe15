"""The compiled core and the plain twin give the same plans, and the checker passes every one."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.scheduling import (
    RULES,
    Infeasible,
    Placement,
    Problem,
    Rule,
    compiled,
    reference,
    warm,
)
from production.scheduling.check import violations
from production.scheduling.infeasible import check_fixed
from production.scheduling.ordering import first_placed, latest_ends, repaired

from .problems import problems

Answer = list[Placement] | tuple[str, int]


def answer(place: Callable[[], list[Placement]]) -> Answer:
    try:
        return place()
    except Infeasible as refusal:
        return refusal.code, refusal.operation


def check_answers(problem: Problem, fast: Answer, plain: Answer) -> None:
    assert fast == plain
    if isinstance(plain, list):
        assert violations(problem, plain) == []


@pytest.fixture(autouse=True, scope="module")
def _compiled_once() -> None:
    """So that no single example seems slow."""
    warm()


@settings(max_examples=150, deadline=None)
@given(problems, st.sampled_from(RULES))
def test_dispatch_is_the_same_compiled_and_plain(problem: Problem, rule: Rule) -> None:
    check_fixed(problem)
    first = first_placed(problem, latest_ends(problem))
    check_answers(
        problem,
        answer(lambda: compiled.dispatch(problem, first, rule)),
        answer(lambda: reference.dispatch(problem, first, rule)),
    )


@settings(max_examples=150, deadline=None)
@given(problems, st.randoms(use_true_random=False), st.integers(0, 60))
def test_any_order_is_placed_the_same_compiled_and_plain(
    problem: Problem, rng: Random, patience_min: int
) -> None:
    shuffled = list(range(len(problem.operations)))
    rng.shuffle(shuffled)
    first = first_placed(problem, latest_ends(problem))
    rest = {
        number: (turn,)
        for turn, number in enumerate(shuffled)
        if problem.operations[number].fixed is None and number not in first
    }
    order = [*first, *repaired(problem, rest)]
    preferred = {
        number: own.alternatives[-1][0]
        for number, own in enumerate(problem.operations)
        if own.fixed is None
    }
    wanted: Any = {
        "preferred": preferred,
        "patience_min": patience_min,
        "not_before": {number: rng.randint(0, 400) for number in order if rng.random() < 0.3},
        "steady": rng.randint(0, len(order)),
    }
    check_answers(
        problem,
        answer(lambda: compiled.decode(problem, order, **wanted)),
        answer(lambda: reference.decode(problem, order, **wanted)),
    )
