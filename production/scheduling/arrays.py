"""Plans as arrays: a plant prepared once, dispatched and decoded many times, in many threads.

    prepared = prepare(facts)                       # or prepared_of(problem)
    run = prepared.dispatch(Rule(k1=1.0))           # no object but the run itself
    run.stuck, run.weighted_tardiness, run.set_up_min, run.makespan, run.mix_breaches
    run.placed                                      # a row an operation: lane, start, set-up, end,
    prepared.decode(order).placed                   # second lane
    placements = run.placements()

Runs let go of the interpreter's lock and share what they read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from weakref import ref

import numpy as np

from production.scheduling import core
from production.scheduling.facts import Facts, facts_of
from production.scheduling.ordering import first_placed, latest_ends
from production.scheduling.parts import FAR, Placement
from production.scheduling.problem import Problem
from production.scheduling.rule import Rule
from production.scheduling.tables import (
    DUE,
    EARLIEST,
    JOB,
    LANE,
    SECOND,
    SHORTEST,
    TAIL,
    WEIGHT,
    Floats,
    Given,
    Growth,
    Ints,
    given_of,
    growth_of,
    placements_of,
)


@dataclass(frozen=True, slots=True)
class Run:
    """One plan, measured.

    Attributes:
        stuck: The operation that found no place, -1 when all did; the rest says nothing then.
        ends: By job, the end of its last operation; below zero by far without operations.
    """

    growth: Growth
    stuck: int
    weighted_tardiness: int
    set_up_min: int
    makespan: int
    mix_breaches: int
    ends: Ints

    @property
    def placed(self) -> Ints:
        """Lane, start, set-up, end and second lane, a row an operation."""
        return self.growth.placed[:, LANE : SECOND + 1]

    def placements(self) -> list[Placement]:
        return placements_of(self.growth)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plant ready to be planned; nothing in it changes.

    Attributes:
        first: What is placed before any choice is made, in order.
    """

    facts: Facts
    given: Given
    first: Ints
    log_urgency: Floats
    mean_run: float
    mean_set_up: float

    def dispatch(self, rule: Rule | None = None) -> Run:
        """A fresh plan by the dispatch rule."""
        rule = rule or Rule()
        growth = growth_of(self.given)
        stuck = core.dispatch_all(
            self.given,
            growth,
            self.first,
            self.start_by(rule.flow),
            self.log_urgency,
            1 / (rule.k1 * max(1.0, self.mean_run)),
            1 / (rule.k2 * max(1.0, self.mean_set_up)),
        )
        return self._measured(growth, stuck)

    def decode(
        self,
        order: Sequence[int] | Ints,
        *,
        preferred: Mapping[int, int] | None = None,
        patience_min: int = 0,
        not_before: Mapping[int, int] | None = None,
        steady: int = 0,
    ) -> Run:
        """Place all that is not fixed, one after the other; ``order`` respects precedence.

        Args:
            not_before: By operation, a minute before which its set-up may not start either.
            steady: So many of the first in order stay on the lane they prefer, whatever it costs.
        """
        given = self._held(not_before) if not_before else self.given
        growth = growth_of(given, preferred)
        wanted = np.ascontiguousarray(order, dtype=np.int64)
        stuck = core.decode_all(given, growth, wanted[:steady], FAR)
        if stuck < 0:
            stuck = core.decode_more(given, growth, wanted[steady:], patience_min)
        return self._measured(growth, stuck)

    def _held(self, not_before: Mapping[int, int]) -> Given:
        operation, held = self.given.operation.copy(), np.array(list(not_before), dtype=np.int64)
        minutes = np.array(list(not_before.values()), dtype=np.int64)
        operation[held, EARLIEST] = np.maximum(operation[held, EARLIEST], minutes)
        return self.given._replace(operation=operation)

    def start_by(self, flow: float) -> Ints:
        """By operation, its own due minute less its shortest run."""
        rows = self.given.operation[:-1]
        due = self.given.job[rows[:, JOB], DUE]
        own = np.where(due >= FAR, FAR, due - (flow * rows[:, TAIL]).astype(np.int64))
        return np.asarray(own - rows[:, SHORTEST])

    def _measured(self, growth: Growth, stuck: int) -> Run:
        ends = np.empty(len(self.given.job), dtype=np.int64)
        tardiness, set_up, makespan = core.measure(self.given, growth.placed, ends)
        breaches = core.count_breaches(self.given, growth)
        return Run(growth, int(stuck), int(tardiness), int(set_up), int(makespan), breaches, ends)


def prepare(facts: Facts, first: Sequence[int] = ()) -> Prepared:
    """O(size of the problem)."""
    given = given_of(facts)
    core.prepare(given, facts.topological)
    rows = given.operation[:-1]
    weights = given.job[rows[:, JOB], WEIGHT]
    set_ups = [
        minutes
        for matrix in facts.set_up_matrices
        for row in matrix.minutes
        for minutes in row
        if minutes
    ]
    return Prepared(
        facts=facts,
        given=given,
        first=np.array(first, dtype=np.int64),
        log_urgency=_logarithms(weights, rows[:, SHORTEST]),
        mean_run=int(rows[:, SHORTEST].sum()) / max(1, len(rows)),
        mean_set_up=sum(set_ups) / max(1, len(set_ups)),
    )


_prepared: dict[int, tuple["ref[Problem]", Prepared]] = {}


def prepared_of(problem: Problem) -> Prepared:
    """Prepared once as long as the problem lives.

    Raises:
        Infeasible: what the line has contradicts the routing (``sent_order``).
    """
    key = id(problem)
    kept = _prepared.get(key)
    if kept is not None and kept[0]() is problem:
        return kept[1]
    first: Sequence[int] = ()
    if problem.features_used & {"sent", "fixed"}:
        first = first_placed(problem, latest_ends(problem))
    prepared = prepare(facts_of(problem), first)
    _prepared[key] = ref(problem, lambda _: _prepared.pop(key, None)), prepared
    return prepared


def _logarithms(weights: Ints, runs: Ints) -> Floats:
    """By the plain logarithm, whose last bit the vectorised one does not promise."""
    base = int(runs.max(initial=0)) + 1
    pairs, where = np.unique(weights * base + runs, return_inverse=True)
    logs = [log((pair // base) / (pair % base)) for pair in pairs.tolist()]
    values: Floats = np.array(logs, dtype=np.float64)[where.reshape(-1)]
    return values
