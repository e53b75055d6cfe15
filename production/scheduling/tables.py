"""A problem and its growing plan as int64 tables, the shape the compiled core takes.

One row an operation, lane or rule, one column a fact. Lists of different lengths lie flat in tables
of their own, with the offset of each one's first row, and one row more at the end:
``windows of lane l = window[lane[l, WINDOW_AT] : lane[l + 1, WINDOW_AT]]``. Few wide tables instead
of many arrays keep the core quick to call and to compile. What is given is never written to, so
that many runs share it, also at the same time; each run has its own ``Growth``.

Whoever changes a column touches ``core.py`` too: numba looks at nothing else to see what is stale.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from production.scheduling.calendar import subtract
from production.scheduling.facts import Facts, flat_pairs, offsets
from production.scheduling.parts import FAR, Lane, Placement, SetUpMatrix

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Columns of Given.operation. MIXED has the bits of the rules it is a member of; TAIL is the
# shortest run of the longest chain of steps after it.
(FAMILY, EARLIEST, LATEST, SENT_LANE, PRIORITY, IS_FIXED, ALTERNATIVE_AT, BEFORE_AT) = range(8)
(AFTER_AT, SECOND_AT, MIXED, JOB, SHORTEST, TAIL) = range(8, 14)
(FIXED_LANE, FIXED_START, FIXED_SET_UP, FIXED_END, FIXED_SECOND) = range(14, 19)
OPERATION_COLUMNS = 19

# Columns of Given.lane. TIMELINE is the lane that keeps the slots: itself, or the first of its
# oven, whose others follow by NEXT_IN_OVEN (-1: the last). MATRIX_AT is -1 without set-ups; SLOT_AT
# and QUEUE_AT leave room for every operation that could come there; SHORTEST_ON is the shortest run
# of any of them; MIXED_ON has the bits of the rules of the lane.
(WINDOW_AT, SLOT_AT, MATRIX_AT, MATRIX_SIZE, INITIAL_FAMILY, SHORTEST_ON, PLACE) = range(7)
(TIMELINE, NEXT_IN_OVEN, IS_OVEN, QUEUE_AT, MIXED_ON) = range(7, 12)
LANE_COLUMNS = 12

# Columns of Given.mix; the rule's members are a bit in MIXED.
(MIX_AT, AT_MOST, OF) = range(3)

# Columns of Given.job.
(DUE, WEIGHT, JOB_END) = range(3)

# Given.size: what there is.
(PLACES, RULES, SECONDS) = range(3)

# Columns of Growth.placed. LANE is -1 until placed; MATE is the next unit of its batch, -1: none.
(LANE, START, SET_UP, END, SECOND, READY, MISSING, MATE, PREFERRED) = range(9)
PLACED_COLUMNS = 9

# Columns of Growth.on_lane. SINCE is the earliest minute from which one that waits could start.
(SLOT_COUNT, LAST_SENT_END, CURSOR, CURSOR_FAMILY, WAITING, SINCE, MOMENT) = range(7)
ON_LANE_COLUMNS = 7

# Columns of Growth.slot. SHUT: the time before it fits no run any more.
(OWNER, UNTIL, SHUT) = range(3)


class Given(NamedTuple):
    """What a run reads."""

    operation: Ints
    lane: Ints
    job: Ints  # due, weight
    window: Ints  # start, end
    set_up: Ints  # flat, by matrix: the row of the unknown state, then a row a family
    alternative: Ints  # lane, minutes
    before: Ints
    after: Ints
    second: Ints
    transfer: Ints  # flat, a row a place
    mix: Ints
    size: Ints


class Growth(NamedTuple):
    """What a run writes."""

    placed: Ints
    on_lane: Ints
    slot: Ints  # operation, end, shut: in order of time, lane by lane
    mix_slot: Ints  # start of run, operation: in order, rule by rule
    mix_count: Ints
    queue: Ints  # operation, alternative: lane by lane
    at_queue: Ints  # by alternative, where it stands in its lane's queue
    future: Ints  # ready, operation: a heap of what waits but is not yet there


def given_of(facts: Facts) -> Given:
    """Flatten; O(size of the problem)."""
    lanes = facts.lanes
    windows = [subtract(lane.windows, lane.blocked) for lane in lanes]
    count = len(facts.job)
    operation = np.zeros((count + 1, OPERATION_COLUMNS), dtype=np.int64)
    rows = operation[:-1]
    rows[:, FAMILY] = facts.family
    rows[:, EARLIEST] = np.maximum(0, np.maximum(facts.not_before, facts.job_release[facts.job]))
    rows[:, SENT_LANE] = facts.sent_lane
    rows[:, PRIORITY] = facts.job_priority[facts.job]
    rows[:, IS_FIXED] = facts.is_fixed
    rows[:, FIXED_LANE : FIXED_SECOND + 1] = facts.fixed
    rows[:, JOB] = facts.job
    for number, rule in enumerate(facts.mix_rules):
        rows[np.fromiter(rule.members, dtype=np.int64), MIXED] |= 1 << number
    operation[:, ALTERNATIVE_AT] = facts.alternative_at
    operation[:, BEFORE_AT] = facts.before_at
    operation[:, SECOND_AT] = facts.second_at
    after_at, after = _followers(facts)
    operation[:, AFTER_AT] = after_at
    lane = _lane_table(facts)
    lane[:, WINDOW_AT] = offsets([len(one) for one in windows])
    return Given(
        operation=operation,
        lane=lane,
        job=np.stack([facts.job_due, facts.job_weight], axis=1),
        window=flat_pairs([window for of_lane in windows for window in of_lane]),
        set_up=_flat_matrices(facts.set_up_matrices)[1],
        alternative=facts.alternative,
        before=facts.before,
        after=after,
        second=facts.second,
        transfer=np.array(facts.transfer_min, dtype=np.int64).reshape(-1),
        mix=_mix_table(facts),
        size=np.array(
            [len(facts.transfer_min), len(facts.mix_rules), len(facts.second)], dtype=np.int64
        ),
    )


def growth_of(given: Given, preferred: Mapping[int, int] | None = None) -> Growth:
    """Nothing placed yet."""
    count, lanes = len(given.operation) - 1, len(given.lane) - 1
    placed = np.zeros((count, PLACED_COLUMNS), dtype=np.int64)
    placed[:, [LANE, SECOND, MATE, PREFERRED]] = -1
    if preferred:
        placed[list(preferred), PREFERRED] = list(preferred.values())
    on_lane = np.zeros((lanes, ON_LANE_COLUMNS), dtype=np.int64)
    on_lane[:, CURSOR_FAMILY] = given.lane[:-1, INITIAL_FAMILY]
    on_lane[:, [SINCE, MOMENT]] = FAR
    rules = len(given.mix) - 1
    return Growth(
        placed=placed,
        on_lane=on_lane,
        slot=np.empty((int(given.lane[-1, SLOT_AT]), 3), dtype=np.int64),
        mix_slot=np.empty((int(given.mix[-1, MIX_AT]), 2), dtype=np.int64),
        mix_count=np.zeros(rules, dtype=np.int64),
        queue=np.empty((int(given.lane[-1, QUEUE_AT]), 2), dtype=np.int64),
        at_queue=np.empty(len(given.alternative), dtype=np.int64),
        future=np.empty((count + 1, 2), dtype=np.int64),
    )


def placements_of(growth: Growth) -> list[Placement]:
    return list(map(Placement, *growth.placed[:, LANE : SECOND + 1].T.tolist()))


def _followers(facts: Facts) -> tuple[Ints, Ints]:
    """By operation those that wait for it, lowest first."""
    count = len(facts.job)
    waiting = np.repeat(np.arange(count), np.diff(facts.before_at))
    order = np.argsort(facts.before, kind="stable")
    at = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(facts.before, minlength=count), out=at[1:])
    return at, waiting[order]


def _lane_table(facts: Facts) -> Ints:
    count = len(facts.lanes)
    table = np.zeros((count + 1, LANE_COLUMNS), dtype=np.int64)
    matrix_starts = _flat_matrices(facts.set_up_matrices)[0]
    timelines = timelines_of(facts.lanes)
    last: dict[int, int] = {}
    for number, lane in enumerate(facts.lanes):
        row, matrix = table[number], lane.set_up_matrix
        row[MATRIX_AT] = -1 if matrix < 0 else matrix_starts[matrix]
        row[MATRIX_SIZE] = 0 if matrix < 0 else len(facts.set_up_matrices[matrix].first)
        row[INITIAL_FAMILY] = lane.initial_family
        row[PLACE] = lane.place
        row[TIMELINE] = timelines[number]
        row[IS_OVEN] = lane.batch >= 0
        row[NEXT_IN_OVEN] = -1
        if timelines[number] in last:
            table[last[timelines[number]], NEXT_IN_OVEN] = number
        last[timelines[number]] = number
        for bit, rule in enumerate(facts.mix_rules):
            row[MIXED_ON] |= (number in rule.lanes) << bit
    able = np.asarray(timelines, dtype=np.int64)[facts.alternative[:, 0]]
    is_free = np.repeat(facts.is_fixed == 0, np.diff(facts.alternative_at))
    shortest = np.full(count, FAR, dtype=np.int64)
    np.minimum.at(shortest, able[is_free], facts.alternative[is_free, 1])
    table[:-1, SHORTEST_ON] = shortest
    room = np.bincount(able, minlength=count) + np.bincount(facts.second, minlength=count)
    fixed = facts.fixed[facts.is_fixed != 0]
    room += np.bincount(np.asarray(timelines, dtype=np.int64)[fixed[:, 0]], minlength=count)
    room += np.bincount(fixed[:, 4][fixed[:, 4] >= 0], minlength=count)
    np.cumsum(room, out=table[1:, SLOT_AT])
    np.cumsum(np.bincount(facts.alternative[:, 0], minlength=count), out=table[1:, QUEUE_AT])
    return table


def timelines_of(lanes: Sequence[Lane]) -> list[int]:
    """By lane, the one that keeps its slots: itself or the first of its oven."""
    first: dict[int, int] = {}
    return [
        number if lane.batch < 0 else first.setdefault(lane.batch, number)
        for number, lane in enumerate(lanes)
    ]


def _mix_table(facts: Facts) -> Ints:
    table = np.zeros((len(facts.mix_rules) + 1, 3), dtype=np.int64)
    for number, rule in enumerate(facts.mix_rules):
        is_on = np.isin(facts.alternative[:, 0], rule.lanes)
        room = int(is_on.sum()) + int(np.isin(facts.fixed[:, 0], rule.lanes).sum())
        table[number, AT_MOST], table[number, OF] = rule.at_most, rule.of
        table[number + 1, MIX_AT] = table[number, MIX_AT] + room
    return table


def _flat_matrices(matrices: Sequence[SetUpMatrix]) -> tuple[list[int], Ints]:
    starts: list[int] = []
    flat: list[int] = []
    for matrix in matrices:
        starts.append(len(flat))
        flat.extend(matrix.first)
        for row in matrix.minutes:
            flat.extend(row)
    return starts, np.array(flat, dtype=np.int64)
