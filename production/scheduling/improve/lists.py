"""A plan by list scheduling, compiled: whenever a lane is free, the most urgent that waits goes on.

The same index as the dispatch (``rule``), but each lane weighs slack and set-ups by its own
parameters, the urgency and due minute of every operation are given, and nothing is put into gaps:
some ten times faster than the dispatch, which is what a search over parameters needs. What does not
fit before the lane closes waits, and the most urgent that does fit goes first.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
from math import log
from typing import NamedTuple

import numpy as np
from numba import njit

from production.scheduling.improve.ground import (
    AFTER_AT,
    AFTER_END,
    ALTERNATIVE_AT,
    ALTERNATIVE_END,
    BEFORE_AT,
    BEFORE_END,
    EARLIEST,
    FAMILY,
    JOB,
    MATRIX_AT,
    MATRIX_SIZE,
    PRIORITY,
    WINDOW_AT,
    WINDOW_END,
    Ground,
)
from production.scheduling.improve.sequences import END, LANE, SET_UP, START
from production.scheduling.improve.timing import drop_first, late_min, set_up_min
from production.scheduling.tables import Floats, Ints

# An event: minute, whether a lane is free (after all arrivals), whether another lane of those
# woken for one operation would end it sooner, and the number of the operation or lane.
NUMBER_BITS, SECOND_BEST, LANE_FREE, MINUTE_AT = 22, 1 << 22, 1 << 23, 24


class Pools(NamedTuple):
    """Operations that can go to the same lanes wait together.

    Attributes:
        of: By operation its pool.
        member_at: By pool where its members begin; one more at the end.
        lane_at, of_lane: By lane its pools.
    """

    of: Ints
    member_at: Ints
    lane_at: Ints
    of_lane: Ints
    column: Ints  # beside of_lane: which alternative of the pool the lane is


def pools_of(ground: Ground, count: int, lanes: int) -> Pools:
    """O(alternatives)."""
    first = ground.operations[:count, ALTERNATIVE_AT].tolist()
    end = ground.operations[:count, ALTERNATIVE_END].tolist()
    able = ground.alternatives[:, 0].tolist()
    seen: dict[tuple[int, ...], int] = {}
    of = [
        seen.setdefault(tuple(able[at:until]), len(seen))
        for at, until in zip(first, end, strict=True)
    ]
    by_lane: list[list[tuple[int, int]]] = [[] for _ in range(lanes)]
    for members, pool in seen.items():
        for column, lane in enumerate(members):
            by_lane[lane].append((pool, column))
    sizes = np.bincount(np.array(of, dtype=np.int64), minlength=len(seen))
    pairs = np.array([pair for lane in by_lane for pair in lane], dtype=np.int64).reshape(-1, 2)
    return Pools(
        of=np.array(of, dtype=np.int64),
        member_at=np.concatenate(([0], np.cumsum(sizes))),
        lane_at=np.concatenate(([0], np.cumsum([len(lane) for lane in by_lane]))),
        of_lane=np.ascontiguousarray(pairs[:, 0]),
        column=np.ascontiguousarray(pairs[:, 1]),
    )


@njit(inline="always")
def enter(heap: Ints, size: int, value: int) -> None:
    at = size
    while at > 0 and heap[(at - 1) >> 1] > value:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = value


@njit()
def wake(
    ground: Ground, heap: Ints, size: int, is_idle: Ints, state: Ints, number: int, minute: int
) -> int:
    """Idle lanes look at who arrived, the one that would end it first; the heap's new size."""
    fact, lanes, alternatives = ground.operations, ground.lanes, ground.alternatives
    best, best_min = -1, 0
    for at in range(fact[number, ALTERNATIVE_AT], fact[number, ALTERNATIVE_END]):
        lane = alternatives[at, 0]
        if is_idle[lane]:
            minutes = alternatives[at, 1] + set_up_min(
                lanes, ground.set_ups, lane, state[lane], fact[number, FAMILY]
            )
            if best < 0 or minutes < best_min:
                best, best_min = lane, minutes
    for at in range(fact[number, ALTERNATIVE_AT], fact[number, ALTERNATIVE_END]):
        lane = alternatives[at, 0]
        if is_idle[lane]:
            is_idle[lane] = 0
            rank = 0 if lane == best else SECOND_BEST
            enter(heap, size, (minute << MINUTE_AT) | LANE_FREE | rank | lane)
            size += 1
    return size


@njit()
def most_urgent(
    ground: Ground,
    pools: Pools,
    member: Ints,
    waits: Ints,
    urgency: Floats,
    due: Floats,
    per_slack_min: float,
    per_set_up_min: float,
    lane: int,
    state: int,
    minute: int,
    room: int,
) -> tuple[int, int, int, bool]:
    """Position in ``member`` (-1: none fits), run, set-up, and whether anything waits."""
    fact, alternatives, set_ups = ground.operations, ground.alternatives, ground.set_ups
    base = -1
    if ground.lanes[lane, MATRIX_AT] >= 0:
        base = ground.lanes[lane, MATRIX_AT] + (state + 1) * ground.lanes[lane, MATRIX_SIZE]
    best, best_run, best_set_up, best_value, best_priority = -1, 0, 0, 0.0, 0
    is_any = False
    of_lane, columns, member_at = pools.of_lane, pools.column, pools.member_at
    for turn in range(pools.lane_at[lane], pools.lane_at[lane + 1]):
        pool, column = of_lane[turn], columns[turn]
        for at in range(member_at[pool], member_at[pool] + waits[pool]):
            is_any = True
            number = member[at]
            run = alternatives[fact[number, ALTERNATIVE_AT] + column, 1]
            family = fact[number, FAMILY]
            set_up = set_ups[base + family] if base >= 0 and family >= 0 else 0
            if run + set_up > room:
                continue
            slack = max(0.0, due[number] - run - minute)
            value = urgency[number] - log(run) - slack * per_slack_min - set_up * per_set_up_min
            priority = fact[number, PRIORITY]
            if (
                best < 0
                or priority > best_priority
                or (priority == best_priority and value > best_value)
            ):
                best, best_run, best_set_up = at, run, set_up
                best_value, best_priority = value, priority
    return best, best_run, best_set_up, is_any


@njit()
def list_schedule(  # noqa: C901 - one loop over events
    ground: Ground,
    pools: Pools,
    urgency: Floats,
    due: Floats,
    per_slack_min: Floats,
    per_set_up_min: Floats,
    placed: Ints,
) -> bool:
    """Fill ``placed``, a row an operation; False: the calendar ends before."""
    fact, lanes, windows, near = ground.operations, ground.lanes, ground.windows, ground.near
    count, lane_count = len(placed), len(lanes)
    missing = np.zeros(count, dtype=np.int64)
    heap = np.zeros(count + 2 * lane_count + 2, dtype=np.int64)
    member = np.zeros(count, dtype=np.int64)
    waits = np.zeros(len(pools.member_at) - 1, dtype=np.int64)
    is_idle = np.ones(lane_count, dtype=np.int64)
    state = fact[count:, FAMILY].copy()
    window = lanes[:, WINDOW_AT].copy()
    size = 0
    for number in range(count):
        missing[number] = fact[number, BEFORE_END] - fact[number, BEFORE_AT]
        if missing[number] == 0:
            enter(heap, size, (fact[number, EARLIEST] << MINUTE_AT) | number)
            size += 1
    while size > 0:
        event = heap[0]
        drop_first(heap, size)
        size -= 1
        minute, number = event >> MINUTE_AT, event & ((1 << NUMBER_BITS) - 1)
        if event & LANE_FREE == 0:
            pool = pools.of[number]
            member[pools.member_at[pool] + waits[pool]] = number
            waits[pool] += 1
            size = wake(ground, heap, size, is_idle, state, number, minute)
            continue
        lane = number
        while window[lane] < lanes[lane, WINDOW_END] and windows[window[lane], 1] <= minute:
            window[lane] += 1
        if window[lane] >= lanes[lane, WINDOW_END]:
            return False
        opens, closes = windows[window[lane], 0], windows[window[lane], 1]
        if opens > minute:
            enter(heap, size, (opens << MINUTE_AT) | LANE_FREE | lane)
            size += 1
            continue
        at, run, set_up, is_any = most_urgent(
            ground,
            pools,
            member,
            waits,
            urgency,
            due,
            per_slack_min[lane],
            per_set_up_min[lane],
            lane,
            state[lane],
            minute,
            closes - minute,
        )
        if at < 0:
            is_idle[lane] = 0 if is_any else 1
            if is_any:
                enter(heap, size, (closes << MINUTE_AT) | LANE_FREE | lane)
                size += 1
            continue
        number = member[at]
        pool = pools.of[number]
        waits[pool] -= 1
        member[at] = member[pools.member_at[pool] + waits[pool]]
        end = minute + set_up + run
        placed[number, LANE], placed[number, START] = lane, minute
        placed[number, SET_UP], placed[number, END] = set_up, end
        state[lane] = fact[number, FAMILY]
        enter(heap, size, (end << MINUTE_AT) | LANE_FREE | lane)
        size += 1
        for turn in range(fact[number, AFTER_AT], fact[number, AFTER_END]):
            later = near[turn]
            missing[later] -= 1
            if missing[later] == 0:
                ready = fact[later, EARLIEST]
                for other in range(fact[later, BEFORE_AT], fact[later, BEFORE_END]):
                    ready = max(ready, placed[near[other], END])
                enter(heap, size, (ready << MINUTE_AT) | later)
                size += 1
    return True


@njit()
def worth(ground: Ground, placed: Ints, ends: Ints) -> tuple[int, int]:
    """Weighted tardiness and set-up minutes; fills the jobs' ends."""
    fact, jobs = ground.operations, ground.jobs
    ends[:] = 0
    set_up = 0
    for number in range(len(placed)):
        job = fact[number, JOB]
        ends[job] = max(ends[job], placed[number, END])
        set_up += placed[number, SET_UP]
    total = 0
    for job in range(len(jobs)):
        total += late_min(jobs, job, ends[job])
    return total, set_up
