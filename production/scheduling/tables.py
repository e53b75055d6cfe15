"""A problem and its growing plan as int64 tables, the shape the compiled core takes.

One row an operation, lane or pool, one column a fact. Lists of different lengths lie flat in tables
of their own, with the offset of each one's first row, and one row more at the end:
``windows of lane l = window[lane[l, WINDOW_AT] : lane[l + 1, WINDOW_AT]]``. Few wide tables instead
of many arrays keep the core quick to call and to compile.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from production.scheduling.calendar import subtract
from production.scheduling.ordering import latest_ends
from production.scheduling.problem import FAR, Placement, Problem, SequenceClass
from production.scheduling.rule import Indexed

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Columns of Board.operation: what is given ...
(FAMILY, EARLIEST, LATEST, SENT_LANE, PREFERRED, PRIORITY, POOL) = range(7)
(IS_FIXED, ALTERNATIVE_AT, BEFORE_AT, AFTER_AT, DUE, SHORTEST) = range(7, 13)
# ... and what grows. LANE is -1 until placed; IS_SHUT: the time before it fits no run any more.
(LANE, START, SET_UP, END, READY, IS_SHUT, MISSING) = range(13, 20)
OPERATION_COLUMNS = 20

# Columns of Board.lane. MATRIX_AT is -1 without set-ups; SLOT_AT leaves room for every operation
# that could come there; SHORTEST_ON is the shortest run of any of them.
(WINDOW_AT, SLOT_AT, MATRIX_AT, MATRIX_SIZE, INITIAL_FAMILY, SHORTEST_ON) = range(6)
(SLOT_COUNT, LAST_SENT_END, CURSOR, CURSOR_FAMILY) = range(6, 10)
LANE_COLUMNS = 10

# Columns of Board.pool; a pool is all operations with the same lanes. SINCE is the earliest minute
# from which one that waits could start.
(POOL_LANE_AT, MEMBER_AT, WAITING, SINCE) = range(4)
POOL_COLUMNS = 4


class Board(NamedTuple):
    """All tables of one run."""

    operation: Ints
    lane: Ints
    pool: Ints
    window: Ints  # start, end
    set_up: Ints  # flat, by matrix: the row of the unknown state, then a row a family
    alternative: Ints  # lane, minutes
    before: Ints
    after: Ints
    pool_lane: Ints
    slot: Ints  # operations in order of time, lane by lane
    member: Ints  # operations that wait, pool by pool


def board_of(problem: Problem, preferred: Mapping[int, int]) -> Board:
    """Flatten, nothing placed but what is fixed; O(size of the problem)."""
    operations = problem.operations
    windows = [subtract(lane.windows, lane.blocked) for lane in problem.lanes]
    followers: list[list[int]] = [[] for _ in operations]
    for number, own in enumerate(operations):
        for before in own.predecessors:
            followers[before].append(number)
    pool_of, pools = _pools(problem)
    operation = _operation_table(problem, preferred, pool_of)
    operation[:, ALTERNATIVE_AT] = _offsets([own.alternatives for own in operations])
    operation[:, BEFORE_AT] = _offsets([own.predecessors for own in operations])
    operation[:, AFTER_AT] = _offsets(followers)
    lane = _lane_table(problem)
    lane[:, WINDOW_AT] = _offsets(windows)
    pool = np.zeros((len(pools) + 1, POOL_COLUMNS), dtype=np.int64)
    pool[:, POOL_LANE_AT] = _offsets(pools)
    pool[1:, MEMBER_AT] = np.cumsum(np.bincount(pool_of, minlength=len(pools)))
    pool[:, SINCE] = FAR
    return Board(
        operation=operation,
        lane=lane,
        pool=pool,
        window=_pairs(window for of_lane in windows for window in of_lane),
        set_up=_flat_matrices(problem)[1],
        alternative=_pairs(pair for own in operations for pair in own.alternatives),
        before=_ints(before for own in operations for before in own.predecessors),
        after=_ints(after for of_one in followers for after in of_one),
        pool_lane=_ints(number for lanes in pools for number in lanes),
        slot=np.full(int(lane[-1, SLOT_AT]), -1, dtype=np.int64),
        member=np.full(len(operations), -1, dtype=np.int64),
    )


def enter_index(board: Board, indexed: Indexed) -> Floats:
    """Fill the index' columns; returns log(weight / run) by operation."""
    board.operation[:-1, DUE] = indexed.due
    board.operation[:-1, SHORTEST] = indexed.shortest
    return np.array(indexed.log_urgency, dtype=np.float64)


def placements_of(board: Board) -> list[Placement]:
    rows = board.operation[:-1, [LANE, START, SET_UP, END]].tolist()
    return [Placement(*row) for row in rows]


def _operation_table(
    problem: Problem, preferred: Mapping[int, int], pool_of: Sequence[int]
) -> Ints:
    table = np.zeros((len(problem.operations) + 1, OPERATION_COLUMNS), dtype=np.int64)
    latest = latest_ends(problem)
    for number, own in enumerate(problem.operations):
        row = table[number]
        row[FAMILY] = own.family
        row[EARLIEST] = problem.earliest_start(number)
        row[LATEST] = latest[number]
        row[SENT_LANE] = own.sent_lane if own.sequence == SequenceClass.SENT else -1
        row[PREFERRED] = preferred.get(number, -1)
        row[PRIORITY] = problem.jobs[own.job].priority
        row[POOL] = pool_of[number]
        row[IS_FIXED] = own.fixed is not None
        row[LANE] = -1
        if own.fixed is not None:
            place = own.fixed
            row[LANE : END + 1] = (place.lane, place.start, place.set_up, place.end)
    return table


def _lane_table(problem: Problem) -> Ints:
    table = np.zeros((len(problem.lanes) + 1, LANE_COLUMNS), dtype=np.int64)
    matrix_starts = _flat_matrices(problem)[0]
    for number, lane in enumerate(problem.lanes):
        row, matrix = table[number], lane.set_up_matrix
        row[MATRIX_AT] = -1 if matrix < 0 else matrix_starts[matrix]
        row[MATRIX_SIZE] = 0 if matrix < 0 else len(problem.set_up_matrices[matrix].first)
        row[INITIAL_FAMILY] = row[CURSOR_FAMILY] = lane.initial_family
        row[SHORTEST_ON] = FAR
    room = [0] * len(problem.lanes)
    for own in problem.operations:
        if own.fixed is not None:
            room[own.fixed.lane] += 1
            continue
        for able, minutes in own.alternatives:
            room[able] += 1
            table[able, SHORTEST_ON] = min(table[able, SHORTEST_ON], minutes)
    table[1:, SLOT_AT] = np.cumsum(room)
    return table


def _pools(problem: Problem) -> tuple[list[int], list[tuple[int, ...]]]:
    """By operation its pool, and by pool its lanes."""
    seen: dict[tuple[int, ...], int] = {}
    of_operation = [
        seen.setdefault(tuple(lane for lane, _ in own.alternatives), len(seen))
        for own in problem.operations
    ]
    return of_operation, list(seen)


def _flat_matrices(problem: Problem) -> tuple[list[int], Ints]:
    starts: list[int] = []
    flat: list[int] = []
    for matrix in problem.set_up_matrices:
        starts.append(len(flat))
        flat.extend(matrix.first)
        for row in matrix.minutes:
            flat.extend(row)
    return starts, _ints(flat)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _pairs(values: Iterable[tuple[int, int]]) -> Ints:
    return np.array(list(values), dtype=np.int64).reshape(-1, 2)


def _offsets(parts: Sequence[Sequence[object]]) -> Ints:
    offsets = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=offsets[1:])
    return offsets
