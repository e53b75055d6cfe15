"""Make a plan: dispatch afresh, or place a given order again, or the better of both.

    solution = make_plan(problem, previous={operation: Placement, ...})

Fixed operations never move. What the line has keeps its lane and order. Everything else goes, by
rule or in the order of the plan before, to where it ends earliest between what is placed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from types import ModuleType

from production.scheduling import reference
from production.scheduling.infeasible import Infeasible, check_fixed
from production.scheduling.ordering import (
    Key,
    first_placed,
    latest_ends,
    merged_keys,
    previous_first_keys,
    repaired,
)
from production.scheduling.problem import Job, Lane, Operation, Placement, Problem
from production.scheduling.rule import RULES, Rule
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never

PLAIN_UP_TO = 400
"""Operations. So many take the plain twin a few tenths of a second; loading the core takes two
seconds, and compiling it, where nothing is cached, half a minute.
"""
PATIENCE_MIN = 60
"""How much later an operation may end to stay on the lane it had."""


@cache
def _compiled() -> ModuleType:
    """Loaded at the first large plan: whoever never makes one never pays for it."""
    return import_module("production.scheduling.compiled")


def _placing(problem: Problem) -> ModuleType:
    """Who places: both give the same plans, and a small plant is planned by the plain twin before
    the compiled core would even be loaded.
    """
    return reference if len(problem.operations) <= PLAIN_UP_TO else _compiled()


def warm() -> None:
    """Compile and cache everything a large plan needs, so that the first one does not wait."""
    tiny = Problem(
        lanes=(Lane("lane", ((0, 10),)),), jobs=(Job("job"),), operations=(Operation(0, ((0, 1),)),)
    )
    _compiled().dispatch(tiny, [], Rule())
    _compiled().decode(tiny, [0], preferred={}, patience_min=0)


def dispatch(problem: Problem, rule: Rule | None = None) -> Solution:
    """A fresh plan by the dispatch rule.

    Raises:
        Infeasible: an operation has no place; see its code.
    """
    check_fixed(problem)
    rule = rule or Rule()
    first = first_placed(problem, latest_ends(problem))
    placements = _placing(problem).dispatch(problem, first, rule)
    return Solution(problem, tuple(placements), made_by=f"dispatch {rule}")


def decode(
    problem: Problem,
    order: Sequence[int],
    *,
    previous: Mapping[int, Placement] | None = None,
    patience_min: int = 0,
) -> Solution:
    """Place operations in a given order, each where it ends earliest.

    Args:
        order: Operations, first to last; what precedence, the line or a pin ask for goes before
            its turn, what is missing comes last.
        previous: Where operations were; an operation stays on its lane unless another ends it
            more than ``patience_min`` earlier.

    Raises:
        Infeasible: an operation has no place; see its code.
    """
    rank = {operation: turn for turn, operation in enumerate(order)}
    keys = {n: (rank.get(n, len(rank)), n) for n in _movable(problem)}
    return _decode_keys(problem, keys, previous or {}, patience_min)


def make_plan(
    problem: Problem,
    previous: Mapping[int, Placement] | None = None,
    *,
    weights: Weights | None = None,
    rules: Sequence[Rule] = RULES,
    stop: Stop = never,
) -> Solution:
    """The cheapest of: the previous plan's times kept where possible, its order placed again
    without and with the new operations merged in, and one dispatch for each rule.

    Equal costs: the earlier sum of the jobs' ends, then the one tried first, which is the one
    nearest to the previous plan.

    Args:
        previous: Where operations stood in the published plan; those not in it are new.

    Raises:
        Infeasible: no way of placing found a place for everything; the first one's reason.
    """
    before = {n: place for n, place in (previous or {}).items() if n < len(problem.operations)}
    best: tuple[tuple[int, int], Solution] | None = None
    first_refusal: Infeasible | None = None
    for attempt in _attempts(problem, before, rules):
        if best is not None and stop():
            break
        try:
            solution = attempt()
        except Infeasible as refusal:
            first_refusal = first_refusal or refusal
            continue
        ends = sum(end or 0 for end in solution.ends())
        worth = (solution.cost(weights or Weights(), before), ends)
        if best is None or worth < best[0]:
            best = worth, solution
    if best is None:
        raise first_refusal or ValueError("make_plan needs at least one rule")
    return best[1]


def _attempts(
    problem: Problem, previous: Mapping[int, Placement], rules: Sequence[Rule]
) -> Iterator[Callable[[], Solution]]:
    waiting = _movable(problem)
    if previous:
        keys = previous_first_keys(problem, previous, waiting)
        yield partial(_keep_times, problem, keys, previous)
        for keys in (
            previous_first_keys(problem, previous, waiting),
            merged_keys(problem, previous, waiting),
        ):
            yield partial(_decode_keys, problem, keys, previous, PATIENCE_MIN)
    for rule in rules:
        yield partial(dispatch, problem, rule)


def _keep_times(
    problem: Problem, keys: Mapping[int, Key], previous: Mapping[int, Placement]
) -> Solution:
    """Nothing begins earlier than in the previous plan, so that what still fits does not move."""
    operations = tuple(
        replace(own, not_before=max(own.not_before, previous[number].start))
        if number in previous and own.fixed is None
        else own
        for number, own in enumerate(problem.operations)
    )
    held = replace(problem, operations=operations)
    placements = _decode_keys(held, keys, previous, PATIENCE_MIN).placements
    return Solution(problem, placements, made_by="previous times")


def _decode_keys(
    problem: Problem,
    keys: Mapping[int, Key],
    previous: Mapping[int, Placement],
    patience_min: int,
) -> Solution:
    check_fixed(problem)
    first = first_placed(problem, latest_ends(problem))
    taken = set(first)
    rest = repaired(problem, {n: key for n, key in keys.items() if n not in taken})
    preferred = {n: place.lane for n, place in previous.items()}
    placements = _placing(problem).decode(
        problem, [*first, *rest], preferred=preferred, patience_min=patience_min
    )
    return Solution(problem, tuple(placements), made_by="previous order")


def _movable(problem: Problem) -> list[int]:
    return [number for number, own in enumerate(problem.operations) if own.fixed is None]
