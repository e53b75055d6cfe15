"""The local search as a rung: simulated annealing over the sequences of the lanes."""

from collections.abc import Iterator, Mapping, Sequence
from time import thread_time

import numpy as np

from production.scheduling.improve import kernel
from production.scheduling.improve.ground import UNDERSTOOD, ground_of
from production.scheduling.improve.orders import search_orders
from production.scheduling.improve.sequences import (
    START,
    Sequences,
    placed_of,
    placements_of,
    sequences_of,
)
from production.scheduling.ladder import RungContext
from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Solution, Weights
from production.scheduling.tables import Ints

SLICE_S = 0.03
"""Between two looks at the clock."""
REACH = 3_000
"""Operations that one move may give new times; farther effects are not worth following."""
WARMTH = 0.02
"""The first temperature, as share of what a late unit costs on average."""
TRIES_FOR_WARMTH = 10
"""Tries an operation for which there must be time to begin warm; with less, only cooler."""


def search_locally(
    problem: Problem, start: Sequence[Placement], context: RungContext
) -> Iterator[list[Placement]]:
    """A rung; where sequences of lanes do not tell the whole plan, orders are searched instead."""
    if problem.features_used <= UNDERSTOOD and not context.objective.makespan:
        yield from _anneal(problem, start, context)
    else:
        yield from search_orders(problem, start, context)


def weights_of(objective: Weights) -> Ints:
    return np.array(
        [
            objective.tardiness,
            objective.set_up,
            objective.move,
            objective.tolerance_min,
            objective.near_move,
            objective.near_min,
            objective.shift_hour,
            objective.late,
        ],
        dtype=np.int64,
    )


def _anneal(
    problem: Problem, start: Sequence[Placement], context: RungContext
) -> Iterator[list[Placement]]:
    given = context.objective.of(problem, start, context.previous)
    previous = context.previous if context.objective.counts_moves else {}
    ground, weights = ground_of(problem, previous), weights_of(context.objective)
    sequences = sequences_of(ground, placed_of(start), held(problem, start, previous))
    order = np.argsort(sequences.plan[: len(start), START], kind="stable")
    cost = kernel.measure(ground, sequences, weights, order)
    if cost < 0:
        return
    random = np.array([context.seed * 2 + 1], dtype=np.int64)
    best, kept = cost, _copy(sequences)
    tries, done, began = 200, 0, thread_time()
    warmth = 0.0
    while not context.stop():
        late = kernel.late_jobs(ground, sequences)
        if done == 0:
            warmth = WARMTH * cost / max(1, len(late))
        over = context.over()
        speed = done / max(1e-9, thread_time() - began)
        budget = speed * min(context.cpu_seconds, 3600.0) / max(1, len(start))
        temperature = warmth * min(1.0, budget / TRIES_FOR_WARMTH) * (1 - over) ** 2
        since = thread_time()
        cost += kernel.anneal(
            ground, sequences, weights, random, late, tries, REACH, max(temperature, 1e-3)
        )
        done += tries
        tries = _next_tries(tries, thread_time() - since)
        if cost < best:
            best, kept = cost, _copy(sequences)
        context.report(over, min(best, given))
    if best < given:
        yield placements_of(sequences._replace(plan=kept))


def held(
    problem: Problem, start: Sequence[Placement], previous: Mapping[int, Placement]
) -> dict[int, int]:
    """What stands where it was published stays there, unless its unit is late or others push it:
    starting earlier helps nobody and is a move.
    """
    if not previous:
        return {}
    late = set(Solution(problem, tuple(start)).late_jobs)
    return {
        number: before.start
        for number, before in previous.items()
        if problem.operations[number].job not in late and start[number] == before
    }


def _copy(sequences: Sequences) -> Ints:
    return sequences.plan.copy()


def _next_tries(tries: int, took_s: float) -> int:
    """So many as fill a slice."""
    if took_s < SLICE_S / 2:
        return tries * 2
    return max(20, int(tries * SLICE_S / took_s))
