"""A problem as flat arrays, the shape the compiled core takes.

A list per lane or operation lies flat, with the offset of each one's first entry and one more:
``windows of lane l = window_start[window_at[l] : window_at[l + 1]]``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from production.scheduling.calendar import subtract
from production.scheduling.ordering import latest_ends
from production.scheduling.problem import FAR, Problem, SequenceClass
from production.scheduling.rule import Indexed

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Given(NamedTuple):
    """What never changes during a run; int64, minutes and positions as in ``Problem``."""

    window_at: Ints
    window_start: Ints
    window_end: Ints
    initial_family: Ints
    matrix_at: Ints  # by lane; -1: no set-ups
    matrix_size: Ints  # by lane; families
    set_up: Ints  # by matrix: row of the unknown state, then a row a family
    alternative_at: Ints
    alternative_lane: Ints
    alternative_min: Ints
    before_at: Ints
    before: Ints
    after_at: Ints
    after: Ints
    family: Ints
    earliest: Ints
    latest: Ints
    sent_lane: Ints
    preferred: Ints
    fixed_lane: Ints  # -1: not fixed
    fixed_start: Ints
    fixed_set_up: Ints
    fixed_end: Ints
    priority: Ints
    pool: Ints
    pool_at: Ints
    pool_lane: Ints
    shortest_on: Ints  # by lane: the shortest run of any operation that could come there
    slot_at: Ints  # room on each lane for every operation that could come there


class State(NamedTuple):
    """What grows during a run."""

    slots: Ints  # operations in order of time, lane by lane
    slot_count: Ints
    lane: Ints  # by operation; -1: not placed
    start: Ints
    set_up: Ints
    end: Ints
    ready: Ints
    is_shut: Bools  # by operation: the time before it fits no run any more
    last_sent_end: Ints
    cursor: Ints
    cursor_family: Ints


class Waiting(NamedTuple):
    """Operations whose predecessors are all placed, by pool (operations with the same lanes)."""

    members: Ints
    member_at: Ints
    counts: Ints
    since: Ints  # the earliest minute from which one of them could start


class Index(NamedTuple):
    """``rule.Indexed`` as arrays."""

    due: Ints
    shortest: Ints
    log_urgency: Floats
    per_slack_min: float
    per_set_up_min: float


def given_arrays(problem: Problem, preferred: Mapping[int, int]) -> Given:
    """Flatten; O(size of the problem)."""
    operations = problem.operations
    windows = [subtract(lane.windows, lane.blocked) for lane in problem.lanes]
    flat_windows = [window for of_lane in windows for window in of_lane]
    matrix_starts, set_up = _flat_matrices(problem)
    matrices = [lane.set_up_matrix for lane in problem.lanes]
    fixed = [own.fixed for own in operations]
    pool, pools = _pools(problem)
    followers: list[list[int]] = [[] for _ in operations]
    for number, own in enumerate(operations):
        for before in own.predecessors:
            followers[before].append(number)
    return Given(
        window_at=_offsets(windows),
        window_start=_ints(start for start, _ in flat_windows),
        window_end=_ints(end for _, end in flat_windows),
        initial_family=_ints(lane.initial_family for lane in problem.lanes),
        matrix_at=_ints(-1 if m < 0 else matrix_starts[m] for m in matrices),
        matrix_size=_ints(0 if m < 0 else len(problem.set_up_matrices[m].first) for m in matrices),
        set_up=_ints(set_up),
        alternative_at=_offsets([own.alternatives for own in operations]),
        alternative_lane=_ints(lane for own in operations for lane, _ in own.alternatives),
        alternative_min=_ints(minutes for own in operations for _, minutes in own.alternatives),
        before_at=_offsets([own.predecessors for own in operations]),
        before=_ints(before for own in operations for before in own.predecessors),
        after_at=_offsets(followers),
        after=_ints(after for of_one in followers for after in of_one),
        family=_ints(own.family for own in operations),
        earliest=_ints(problem.earliest_start(number) for number in range(len(operations))),
        latest=_ints(latest_ends(problem)),
        sent_lane=_ints(
            own.sent_lane if own.sequence == SequenceClass.SENT else -1 for own in operations
        ),
        preferred=_ints(preferred.get(number, -1) for number in range(len(operations))),
        fixed_lane=_ints(-1 if one is None else one.lane for one in fixed),
        fixed_start=_ints(0 if one is None else one.start for one in fixed),
        fixed_set_up=_ints(0 if one is None else one.set_up for one in fixed),
        fixed_end=_ints(0 if one is None else one.end for one in fixed),
        priority=_ints(problem.jobs[own.job].priority for own in operations),
        pool=_ints(pool),
        pool_at=_offsets(pools),
        pool_lane=_ints(lane for lanes in pools for lane in lanes),
        shortest_on=_shortest_runs(problem),
        slot_at=_slot_offsets(problem),
    )


def fresh_state(given: Given) -> State:
    """Nothing placed yet."""
    operations, lanes = len(given.family), len(given.initial_family)
    return State(
        slots=np.full(int(given.slot_at[-1]), -1, dtype=np.int64),
        slot_count=np.zeros(lanes, dtype=np.int64),
        lane=np.full(operations, -1, dtype=np.int64),
        start=np.zeros(operations, dtype=np.int64),
        set_up=np.zeros(operations, dtype=np.int64),
        end=np.zeros(operations, dtype=np.int64),
        ready=np.zeros(operations, dtype=np.int64),
        is_shut=np.zeros(operations, dtype=np.bool_),
        last_sent_end=np.zeros(lanes, dtype=np.int64),
        cursor=np.zeros(lanes, dtype=np.int64),
        cursor_family=given.initial_family.copy(),
    )


def fresh_waiting(given: Given) -> Waiting:
    pools = len(given.pool_at) - 1
    member_at = np.zeros(pools + 1, dtype=np.int64)
    np.cumsum(np.bincount(given.pool, minlength=pools), out=member_at[1:])
    return Waiting(
        members=np.full(len(given.pool), -1, dtype=np.int64),
        member_at=member_at,
        counts=np.zeros(pools, dtype=np.int64),
        since=np.full(pools, FAR, dtype=np.int64),
    )


def index_arrays(indexed: Indexed) -> Index:
    return Index(
        due=_ints(indexed.due),
        shortest=_ints(indexed.shortest),
        log_urgency=np.array(indexed.log_urgency, dtype=np.float64),
        per_slack_min=indexed.per_slack_min,
        per_set_up_min=indexed.per_set_up_min,
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _offsets(parts: Sequence[Sequence[Any]]) -> Ints:
    offsets = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=offsets[1:])
    return offsets


def _flat_matrices(problem: Problem) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    flat: list[int] = []
    for matrix in problem.set_up_matrices:
        starts.append(len(flat))
        flat.extend(matrix.first)
        for row in matrix.minutes:
            flat.extend(row)
    return starts, flat


def _pools(problem: Problem) -> tuple[list[int], list[tuple[int, ...]]]:
    """By operation its pool, and by pool its lanes; operations with the same lanes share one."""
    seen: dict[tuple[int, ...], int] = {}
    of_operation = [
        seen.setdefault(tuple(lane for lane, _ in own.alternatives), len(seen))
        for own in problem.operations
    ]
    return of_operation, list(seen)


def _shortest_runs(problem: Problem) -> Ints:
    shortest = [FAR] * len(problem.lanes)
    for own in problem.operations:
        if own.fixed is None:
            for lane, minutes in own.alternatives:
                shortest[lane] = min(shortest[lane], minutes)
    return _ints(shortest)


def _slot_offsets(problem: Problem) -> Ints:
    room = np.zeros(len(problem.lanes) + 1, dtype=np.int64)
    for own in problem.operations:
        if own.fixed is not None:
            room[own.fixed.lane + 1] += 1
        else:
            for lane, _ in own.alternatives:
                room[lane + 1] += 1
    return np.cumsum(room)
