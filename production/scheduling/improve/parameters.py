"""Search the parameters of the dispatch rule on all cores: a grid, then closer and closer around
the best, with parameters of their own for every work centre.

Where list scheduling does not understand the problem (pins, sent work, ovens, crews, mix rules,
transfers) the dispatch itself is run with one set of parameters after the other.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, product
from math import exp, log

import numpy as np

from production.scheduling.arrays import Prepared, prepared_of
from production.scheduling.improve import kernel
from production.scheduling.improve.ground import Ground, ground_of
from production.scheduling.improve.lists import Pools, pools_of
from production.scheduling.improve.sequences import placements_of_rows
from production.scheduling.ladder import RungContext
from production.scheduling.problem import FAR, Placement, Problem
from production.scheduling.rule import RULES, Rule
from production.scheduling.solution import Weights
from production.scheduling.tables import DUE, JOB, TAIL, WEIGHT, Floats, Ints

LISTED = frozenset({"set_ups"})
"""Features of a problem that list scheduling understands."""
GRID = tuple(product((1.0, 2.0, 4.0), (1.0, 4.0, 16.0), (0.2, 0.7, 2.5)))
"""flow, k1, k2."""
ORDINARY = (2.0, 4.0, 0.7)
AGAIN_WITHOUT_GAIN = 40
"""So many trials on end without a better plan halve the step."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Logarithms of the parameters, the last two a work centre each."""

    flow: float
    k1: Floats
    k2: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    trial: Trial
    cost: int
    placed: Ints


class Lists:
    """List scheduling of one problem, made ready once; trials may run in several threads."""

    def __init__(self, problem: Problem, objective: Weights) -> None:
        self.prepared: Prepared = prepared_of(problem)
        self.ground: Ground = ground_of(problem)
        self.centre = np.array([lane.work_centre for lane in problem.lanes], dtype=np.int64)
        rows = self.prepared.given.operation[:-1]
        self.pools: Pools = pools_of(self.ground, len(rows), len(problem.lanes))
        jobs = self.prepared.given.job
        self.urgency: Floats = np.log(jobs[rows[:, JOB], WEIGHT].astype(np.float64))
        self.due: Floats = np.minimum(jobs[rows[:, JOB], DUE], FAR).astype(np.float64)
        self.tail: Floats = rows[:, TAIL].astype(np.float64)
        self.objective = objective

    @property
    def centres(self) -> int:
        return int(self.centre.max(initial=0)) + 1

    def of_rule(self, flow: float, k1: float, k2: float) -> Trial:
        return Trial(log(flow), np.full(self.centres, log(k1)), np.full(self.centres, log(k2)))

    def run(self, trial: Trial) -> Outcome | None:
        """None: the calendar ends before."""
        placed = np.empty((len(self.tail), 5), dtype=np.int64)
        placed[:, 4] = -1
        ends = np.empty(len(self.prepared.given.job), dtype=np.int64)
        per_slack = np.exp(-trial.k1[self.centre]) / max(1.0, self.prepared.mean_run)
        per_set_up = np.exp(-trial.k2[self.centre]) / max(1.0, self.prepared.mean_set_up)
        tardiness, set_up = kernel.schedule(
            self.ground,
            self.pools,
            self.urgency,
            self.due - exp(trial.flow) * self.tail,
            per_slack,
            per_set_up,
            placed,
            ends,
        )
        if tardiness < 0:
            return None
        cost = self.objective.tardiness * int(tardiness) + self.objective.set_up * int(set_up)
        cost += self.objective.makespan * int(ends.max(initial=0))
        if self.objective.late:
            jobs = self.prepared.given.job
            cost += self.objective.late * int(jobs[ends > jobs[:, DUE], WEIGHT].sum())
        return Outcome(trial, cost, placed)


def search_parameters(
    problem: Problem, start: Sequence[Placement], context: RungContext
) -> Iterator[list[Placement]]:
    """A rung. List scheduling knows nothing of the published plan; with one it steps aside."""
    best = context.objective.of(problem, start, context.previous)
    if problem.features_used <= LISTED and not (
        context.previous and context.objective.counts_moves
    ):
        yield from _by_lists(problem, best, context)
    else:
        yield from _by_rules(problem, best, context)


def _by_lists(problem: Problem, best: int, context: RungContext) -> Iterator[list[Placement]]:
    found: Outcome | None = None
    for outcome in outcomes(Lists(problem, context.objective), context):
        if outcome.cost < best:
            best, found = outcome.cost, outcome
        context.report(context.over(), best)
    if found is not None:
        yield placements_of_rows(found.placed)


def outcomes(lists: Lists, context: RungContext) -> Iterator[Outcome]:
    """Each better than the one before, until ``context.stop()``."""
    rng = np.random.default_rng(context.seed)
    best: Outcome | None = None
    step, without = 0.5, 0
    grid = iter([lists.of_rule(*point) for point in GRID])
    with ThreadPoolExecutor(context.workers) as threads:
        while not context.stop():
            trials = list(islice(grid, context.workers))
            if not trials and best is None:
                return
            if not trials and best is not None:
                trials = [_near(best.trial, rng, step) for _ in range(context.workers)]
            for outcome in threads.map(lists.run, trials):
                without += 1
                if outcome is not None and (best is None or outcome.cost < best.cost):
                    best, without = outcome, 0
                    yield outcome
            if without >= AGAIN_WITHOUT_GAIN:
                step, without = max(0.02, step / 2), 0


def _near(trial: Trial, rng: np.random.Generator, step: float) -> Trial:
    """All of it a little changed, or some work centres more."""
    some = rng.random(len(trial.k1)) < rng.choice((0.1, 0.3, 1.0))
    return Trial(
        flow=trial.flow + step * rng.normal() * (rng.random() < 0.5),
        k1=trial.k1 + step * (rng.normal() + rng.normal(size=len(some))) * some,
        k2=trial.k2 + step * (rng.normal() + rng.normal(size=len(some))) * some,
    )


def _by_rules(problem: Problem, best: int, context: RungContext) -> Iterator[list[Placement]]:
    """The dispatch with other parameters, first those it knows, then around the best."""
    prepared = prepared_of(problem)
    rng = np.random.default_rng(context.seed)
    chosen, rules = Rule(), list(RULES)
    with ThreadPoolExecutor(context.workers) as threads:
        while not context.stop():
            turn, rules = rules[: context.workers], rules[context.workers :]
            for _ in range(context.workers - len(turn)):
                factor = np.exp(0.5 * rng.normal(size=3)).tolist()
                turn.append(
                    Rule(
                        chosen.k1 * factor[0],
                        chosen.k2 * factor[1],
                        max(1.0, chosen.flow * factor[2]),
                    )
                )
            for rule, run in zip(turn, threads.map(prepared.dispatch, turn), strict=True):
                if run.stuck >= 0:
                    continue
                placements = run.placements()
                cost = context.objective.of(problem, placements, context.previous)
                if cost < best:
                    best, chosen = cost, rule
                    context.report(0.5, best)
                    yield placements


def first_listed(problem: Problem, objective: Weights) -> list[Placement] | None:
    """One list schedule by ordinary parameters; None: not for this problem."""
    if not problem.features_used <= LISTED:
        return None
    lists = Lists(problem, objective)
    outcome = lists.run(lists.of_rule(*ORDINARY))
    return None if outcome is None else placements_of_rows(outcome.placed)
