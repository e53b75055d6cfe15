"""Make a plan: dispatch afresh, or place a given order again, or the better of both.

    solution = make_plan(problem, previous={operation: Placement, ...})

Fixed operations never move. What the line has keeps its lane and order. Everything else goes, by
rule or in the order of the plan before, to where it ends earliest between what is placed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from types import ModuleType

import numpy as np

from production.scheduling.arrays import (
    State,
    fresh_state,
    fresh_waiting,
    given_arrays,
    index_arrays,
)
from production.scheduling.infeasible import Infeasible, check_fixed, no_place
from production.scheduling.ordering import (
    Key,
    first_placed,
    latest_ends,
    merged_keys,
    previous_first_keys,
    repaired,
)
from production.scheduling.problem import Job, Lane, Operation, Placement, Problem
from production.scheduling.rule import RULES, Rule, index_operations
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never

PATIENCE_MIN = 60
"""How much later an operation may end to stay on the lane it had."""


@cache
def _core() -> ModuleType:
    """The compiled core, loaded at the first plan: processes that only promise never pay for it."""
    return import_module("production.scheduling.core")


def warm() -> None:
    """Compile and cache everything a plan needs, so that the first real plan does not wait."""
    tiny = Problem(
        lanes=(Lane("lane", ((0, 10),)),), jobs=(Job("job"),), operations=(Operation(0, ((0, 1),)),)
    )
    dispatch(tiny)
    decode(tiny, [0])


def dispatch(problem: Problem, rule: Rule | None = None) -> Solution:
    """A fresh plan by the dispatch rule.

    Raises:
        Infeasible: an operation has no place; see its code.
    """
    check_fixed(problem)
    given = given_arrays(problem, {})
    state = fresh_state(given)
    core = _core()
    core.put_fixed(given, state)
    order = np.array(first_placed(problem, given.latest.tolist()), dtype=np.int64)
    stuck = core.place_all(given, state, order, 0, True)
    if stuck < 0:
        index = index_arrays(index_operations(problem, rule or Rule()))
        stuck = core.dispatch_all(given, state, fresh_waiting(given), index)
    if stuck >= 0:
        raise no_place(problem, int(stuck), int(given.latest[stuck]))
    return Solution(problem, _placements(state), made_by=f"dispatch {rule or Rule()}")


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
    """The cheapest of: the previous plan's order placed again, and one dispatch for each rule.

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
        for keys in (
            previous_first_keys(problem, previous, waiting),
            merged_keys(problem, previous, waiting),
        ):
            yield partial(_decode_keys, problem, keys, previous, PATIENCE_MIN)
    for rule in rules:
        yield partial(dispatch, problem, rule)


def _decode_keys(
    problem: Problem,
    keys: Mapping[int, Key],
    previous: Mapping[int, Placement],
    patience_min: int,
) -> Solution:
    check_fixed(problem)
    latest = latest_ends(problem)
    first = first_placed(problem, latest)
    taken = set(first)
    rest = repaired(problem, {n: key for n, key in keys.items() if n not in taken})
    given = given_arrays(problem, {n: place.lane for n, place in previous.items()})
    state = fresh_state(given)
    core = _core()
    core.put_fixed(given, state)
    order = np.array([*first, *rest], dtype=np.int64)
    stuck = core.place_all(given, state, order, patience_min, False)
    if stuck >= 0:
        raise no_place(problem, int(stuck), latest[stuck])
    return Solution(problem, _placements(state), made_by="previous order")


def _movable(problem: Problem) -> list[int]:
    return [number for number, own in enumerate(problem.operations) if own.fixed is None]


def _placements(state: State) -> tuple[Placement, ...]:
    columns = (state.lane, state.start, state.set_up, state.end)
    return tuple(
        Placement(*row) for row in zip(*(column.tolist() for column in columns), strict=True)
    )
