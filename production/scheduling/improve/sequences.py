"""A plan as sequences of its lanes: every operation knows the one before and after it on its lane.

With the sequences given, each operation starts as early as it can, so a plan is its sequences.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from production.scheduling.improve.ground import EARLIEST, Ground
from production.scheduling.problem import FAR, Placement
from production.scheduling.tables import Ints

# Columns of Sequences.operation; rows beyond the operations are the lanes' beginnings, which come
# before the first and after the last of the lane. WINDOW: which open window it lies in. FROM: not
# before this minute, by its release or so that what was published need not move.
(LANE, START, SET_UP, END, MINUTES, PREVIOUS, NEXT, WINDOW, FROM) = range(9)
COLUMNS = 9

# Columns of Sequences.trail: what an operation was before the move.
(TRAIL_OPERATION, TRAIL_START, TRAIL_SET_UP, TRAIL_END, TRAIL_WINDOW) = range(5)

HINT_MIN = 480
"""For every lane and so many minutes, an operation that lies near, to find places quickly."""


class Sequences(NamedTuple):
    """What a search changes, and the room it works in."""

    plan: Ints  # a row an operation
    ends: Ints  # by job
    hints: Ints  # lanes x spans of HINT_MIN
    heap: Ints
    marks: Ints  # by operation: the last move that touched it
    trail: Ints
    job_trail: Ints  # job, end before the move
    counts: Ints  # see timing


def sequences_of(ground: Ground, placed: Ints, held: Mapping[int, int] | None = None) -> Sequences:
    """The lane sequences of a plan, with its times.

    Args:
        placed: Lane, start, set-up and end, a row an operation.
        held: By operation, a minute before which it is to stay for the time being.
    """
    count, lanes = len(placed), len(ground.lanes)
    rows = np.zeros((count + lanes, COLUMNS), dtype=np.int64)
    rows[:count, : END + 1] = placed[:, : END + 1]
    rows[:count, MINUTES] = placed[:, END] - placed[:, START] - placed[:, SET_UP]
    rows[count:, LANE] = np.arange(lanes)
    rows[count:, START] = rows[count:, END] = -FAR
    order = np.lexsort((placed[:, END], placed[:, START], placed[:, LANE]))
    lane_of = placed[order, LANE]
    is_first = np.concatenate(([True], lane_of[1:] != lane_of[:-1]))[: len(order)]
    previous = np.concatenate(([0], order[:-1]))[: len(order)]
    rows[order, PREVIOUS] = np.where(is_first, count + lane_of, previous)
    rows[count:, PREVIOUS] = rows[count:, NEXT] = np.arange(count, count + lanes)
    rows[rows[order, PREVIOUS], NEXT] = order
    is_end = np.concatenate((lane_of[1:] != lane_of[:-1], [True]))[: len(order)]
    rows[order[is_end], NEXT] = count + lane_of[is_end]
    rows[count + lane_of[is_end], PREVIOUS] = order[is_end]
    rows[:, WINDOW] = -1
    rows[:count, FROM] = ground.operations[:count, EARLIEST]
    for number, minute in (held or {}).items():
        rows[number, FROM] = max(rows[number, FROM], minute)
    horizon = max(int(ground.windows.max(initial=0)), int(placed.max(initial=0)), 0)
    return Sequences(
        plan=rows,
        ends=np.full(len(ground.jobs), -FAR, dtype=np.int64),
        hints=np.full((lanes, horizon // HINT_MIN + 2), -1, dtype=np.int64),
        heap=np.zeros(count + 4, dtype=np.int64),
        marks=np.zeros(count, dtype=np.int64),
        trail=np.zeros((count + 1, 5), dtype=np.int64),
        job_trail=np.zeros((count + 1, 2), dtype=np.int64),
        counts=np.zeros(4, dtype=np.int64),
    )


def placed_of(placements: Sequence[Placement]) -> Ints:
    """Lane, start, set-up, end and second lane, a row an operation."""
    rows = [(p.lane, p.start, p.set_up, p.end, p.second_lane) for p in placements]
    return np.array(rows, dtype=np.int64).reshape(-1, 5)


def placements_of_rows(placed: Ints) -> list[Placement]:
    return list(map(Placement, *placed.T.tolist()))


def placements_of(sequences: Sequences) -> list[Placement]:
    """The plan as placements, for problems without second resources."""
    return placements_of_rows(sequences.plan[: len(sequences.marks), : END + 1])
