"""Make a plan: dispatch afresh, or place a given order again, or the better of both.

    solution = make_plan(problem, previous={operation: Placement, ...})

Fixed operations never move. What the line has keeps its lane and order. Everything else goes, by
rule or in the order of the plan before, to where it ends earliest between what is placed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from itertools import islice
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
from production.scheduling.repair import Mender, Repair, give_way, newly_late
from production.scheduling.rule import RULES, Rule
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never

PLAIN_UP_TO = 400
"""Operations. So many take the plain twin a few tenths of a second; loading the core takes two
seconds, and compiling it, where nothing is cached, half a minute.
"""
PATIENCE_MIN = 60
"""How much later an operation may end to stay on the lane it had."""
ROUNDS = 12
"""So often more work gives way to what a repair would make late."""


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
    is_quick: bool = False,
) -> Solution:
    """The cheapest of: the previous plan with only that placed again which cannot stay, the same
    with others giving way to what is late, its times kept where possible, its order placed again
    without and with the new operations merged in, and one dispatch for each rule.

    Equal costs: the earlier sum of the jobs' ends, then the one tried first, which is the one
    nearest to the previous plan.

    Args:
        previous: Where operations stood in the published plan; those not in it are new.
        is_quick: The first change of the previous plan in which nothing is later than it was will
            do.

    Raises:
        Infeasible: no way of placing found a place for everything; the first one's reason.
    """
    before = {n: place for n, place in (previous or {}).items() if n < len(problem.operations)}
    best = _Best(weights or Weights(), before)
    for attempt in _attempts(problem, before, rules, best, is_quick):
        if best.solution is not None and stop():
            break
        best.hear(attempt)
    if best.solution is None:
        raise best.refusal or ValueError("make_plan needs at least one rule")
    return best.solution


class _Best:
    """The cheapest plan so far, and why the first attempt found none."""

    def __init__(self, weights: Weights, previous: Mapping[int, Placement]) -> None:
        self.weights, self.previous = weights, previous
        self.solution: Solution | None = None
        self.refusal: Infeasible | None = None
        self.worth = (0, 0)
        self.late: frozenset[int] = frozenset()  # jobs that are later than they were

    @property
    def is_calm(self) -> bool:
        return self.solution is not None and not self.late

    def hear(self, attempt: Callable[[], Solution]) -> None:
        try:
            solution = attempt()
        except Infeasible as refusal:
            self.refusal = self.refusal or refusal
            return
        ends = sum(end or 0 for end in solution.ends())
        worth = (solution.cost(self.weights, self.previous), ends)
        if self.solution is None or worth < self.worth:
            self.solution, self.worth = solution, worth
            self.late = newly_late(solution.problem, self.previous, solution)


def _attempts(
    problem: Problem,
    previous: Mapping[int, Placement],
    rules: Sequence[Rule],
    best: _Best,
    is_quick: bool,
) -> Iterator[Callable[[], Solution]]:
    """What is near the previous plan first; one fresh plan before much is tried to stay near it."""
    if previous:
        repairs = _repairs(problem, previous, best)
        yield from islice(repairs, 1)
        if is_quick and best.is_calm:
            return
        waiting = _movable(problem)
        first = previous_first_keys(problem, previous, waiting)
        yield partial(_keep_times, problem, first, previous)
        yield from (partial(dispatch, problem, rule) for rule in rules[:1])
        yield from repairs
        if is_quick and best.is_calm:
            return
        for keys in (first, merged_keys(problem, previous, waiting)):
            yield partial(_decode_keys, problem, keys, previous, PATIENCE_MIN)
        rules = rules[1:]
    for rule in rules:
        yield partial(dispatch, problem, rule)


def _repairs(
    problem: Problem, previous: Mapping[int, Placement], best: _Best
) -> Iterator[Callable[[], Solution]]:
    """Only what cannot stay is placed again; then, while that makes others late, more gives way."""
    made: list[Solution] = []
    released: set[int] = set()

    def mend(mender: Mender) -> Solution:
        made.append(_decode_repair(problem, mender.repair(released), len(released)))
        return made[-1]

    try:
        mender = Mender(problem, previous)
    except Infeasible as refusal:
        best.refusal = refusal
        return
    for _ in range(ROUNDS):
        yield partial(mend, mender)
        late = newly_late(problem, previous, made[-1]) if made else frozenset[int]()
        more = give_way(problem, previous, late, released) - released if late else set[int]()
        if not more:
            return
        released |= more


def _decode_repair(problem: Problem, repair: Repair, released: int) -> Solution:
    check_fixed(problem)
    placements = _placing(problem).decode(
        problem,
        repair.order,
        preferred=repair.lanes,
        patience_min=PATIENCE_MIN,
        not_before=repair.not_before,
        steady=repair.steady,
    )
    made_by = f"repair, {released} gave way" if released else "repair"
    return Solution(problem, tuple(placements), made_by=made_by)


def _keep_times(
    problem: Problem, keys: Mapping[int, Key], previous: Mapping[int, Placement]
) -> Solution:
    """Nothing begins earlier than in the previous plan; what is hit pushes what follows."""
    starts = {n: place.start for n, place in previous.items() if n in keys}
    solution = _decode_keys(problem, keys, previous, PATIENCE_MIN, not_before=starts)
    return replace(solution, made_by="previous times")


def _decode_keys(
    problem: Problem,
    keys: Mapping[int, Key],
    previous: Mapping[int, Placement],
    patience_min: int,
    not_before: Mapping[int, int] | None = None,
) -> Solution:
    check_fixed(problem)
    first = first_placed(problem, latest_ends(problem))
    taken = set(first)
    rest = repaired(problem, {n: key for n, key in keys.items() if n not in taken})
    preferred = {n: place.lane for n, place in previous.items()}
    placements = _placing(problem).decode(
        problem,
        [*first, *rest],
        preferred=preferred,
        patience_min=patience_min,
        not_before=not_before,
    )
    return Solution(problem, tuple(placements), made_by="previous order")


def _movable(problem: Problem) -> list[int]:
    return [number for number, own in enumerate(problem.operations) if own.fixed is None]
