"""New plans to improve: drawn at random, or between two good ones.

A plan is a sequence of all operations that keeps each job in order, and a machine for each. Any
such sequence is free of circles, so a plan on the way from one to another is found by mixing the
ranks of both: what both agree on stays, and no repair is needed.
"""

import numpy as np
import numpy.typing as npt

from production.scheduling.instances.shop import Ints
from production.scheduling.search.graph import (
    BEFORE,
    HEAD,
    JOB_BEFORE,
    MACHINE,
    OPTION_AT,
    OPTION_END,
    ORDER,
    Graph,
)
from production.scheduling.search.walk import Found

Floats = npt.NDArray[np.float64]


def ranks(found: Found) -> Ints:
    """Each operation's place in time; of equal heads the topologically earlier first."""
    size = len(found.node)
    place = np.empty(size, dtype=np.int64)
    place[found.node[:, ORDER]] = np.arange(size)
    sequence = np.lexsort((place, found.node[:, HEAD]))
    place[sequence] = np.arange(size)
    return place


def distance(one: Found, other: Found) -> float:
    """Share of operations with another neighbour before them or on another machine."""
    differs = (one.node[:, BEFORE] != other.node[:, BEFORE]) | (
        one.node[:, MACHINE] != other.node[:, MACHINE]
    )
    return float(differs.mean())


def blend(
    graph: Graph, one: Found, other: Found, share: float, noise: float, random: np.random.Generator
) -> None:
    """Enter a plan that is ``share`` of the way from one to the other.

    Args:
        noise: Spread of what is added to the ranks, in operations.
    """
    mixed = (1 - share) * ranks(one) + share * ranks(other)
    if noise:
        mixed = _by_job(graph, mixed + random.normal(0, noise, len(mixed)))
    takes_other = random.random(len(mixed)) < share
    machine = np.where(takes_other, other.node[:, MACHINE], one.node[:, MACHINE])
    graph.enter(np.argsort(mixed, kind="stable"), machine.astype(np.int64))


def scatter(graph: Graph, random: np.random.Generator, *, greed: float) -> None:
    """Enter a drawn plan: jobs take turns at random, on the machine that ends earliest.

    Args:
        greed: Chance that an operation gets the machine that ends it earliest, not just any.
    """
    node, size = graph.node, len(graph.node)
    starts = np.flatnonzero(node[:, JOB_BEFORE] < 0)
    lengths = np.diff([*starts.tolist(), size])
    turns = np.repeat(np.arange(len(starts)), lengths)
    random.shuffle(turns)
    free = [0] * len(graph.first)
    ready, following = [0] * len(starts), starts.tolist()
    sequence, machine = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    dice = random.random(size)
    for turn, job in enumerate(turns.tolist()):
        number = following[job]
        following[job] += 1
        rows = graph.option[node[number, OPTION_AT] : node[number, OPTION_END]].tolist()
        if dice[turn] < greed:
            end, on = min((max(ready[job], free[m]) + minutes, m) for m, minutes in rows)
        else:
            on, minutes = rows[int(dice[turn] * 1e6) % len(rows)]
            end = max(ready[job], free[on]) + minutes
        ready[job] = free[on] = end
        sequence[turn], machine[number] = number, on
    graph.enter(sequence, machine)


def _by_job(graph: Graph, values: Floats) -> Floats:
    """The same values of each job, in ascending order."""
    starts = np.flatnonzero(graph.node[:, JOB_BEFORE] < 0)
    return np.concatenate([np.sort(part) for part in np.split(values, starts[1:])])
