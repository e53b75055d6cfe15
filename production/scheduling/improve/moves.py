"""Which move to try next, compiled.

Most moves start from a unit that is late: back along its operations to one that waits for its lane
and, sometimes, on along those it waits for. That operation goes earlier on its lane or to another
lane, or one before it makes way. The others bring operations of one family together or go to
another lane anywhere in the plan.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
import numpy as np
from numba import njit

from production.scheduling.improve.ground import (
    ALTERNATIVE_AT,
    ALTERNATIVE_END,
    BEFORE_AT,
    BEFORE_END,
    FAMILY,
    IS_FIXED,
    IS_SET,
    LAST_AT,
    LAST_END,
    Ground,
)
from production.scheduling.improve.sequences import (
    END,
    HINT_MIN,
    LANE,
    MINUTES,
    NEXT,
    PREVIOUS,
    START,
    Sequences,
)
from production.scheduling.improve.timing import (
    REFUSED,
    late_min,
    ready_by_job,
    shift,
    unshift,
)
from production.scheduling.tables import Ints

STEPS_BACK = 60
KIN_WITHIN = 12
"""How far along a lane one of the same family is looked for."""


@njit()
def draw(random: Ints, below: int) -> int:
    """A whole number from 0, by a linear congruence over the caller's own state."""
    random[0] = random[0] * 6364136223846793005 + 1442695040888963407
    return ((random[0] >> 33) & 0x3FFFFFFF) % below


@njit()
def late_jobs(ground: Ground, sequences: Sequences) -> Ints:
    jobs, ends = ground.jobs, sequences.ends
    found = np.empty(len(jobs), dtype=np.int64)
    count = 0
    for job in range(len(jobs)):
        if late_min(jobs, job, ends[job]) > 0:
            found[count] = job
            count += 1
    return found[:count]


@njit()
def place_at(plan: Ints, hints: Ints, count: int, lane: int, minute: int) -> int:
    """The last operation of the lane that starts before a minute, or the lane's beginning."""
    span = minute // HINT_MIN
    at = hints[lane, span]
    for back in range(1, 6):
        if (at >= 0 and plan[at, LANE] == lane) or span < back:
            break
        at = hints[lane, span - back]
    if at < 0 or plan[at, LANE] != lane:
        at = count + lane
    while plan[at, START] >= minute:
        at = plan[at, PREVIOUS]
    while plan[at, NEXT] < count and plan[plan[at, NEXT], START] < minute:
        at = plan[at, NEXT]
    if at < count:
        hints[lane, span] = at
    return at


@njit()
def latest(plan: Ints, near: Ints, first: int, end: int) -> int:
    """Of a list of operations the one that ends last, -1 of none."""
    best = -1
    for at in range(first, end):
        if best < 0 or plan[near[at], END] > plan[best, END]:
            best = near[at]
    return best


@njit()
def waiting(ground: Ground, sequences: Sequences, late: Ints, random: Ints) -> int:
    """An operation that holds up a late job and waits for its lane, -1 if none was met."""
    fact, jobs, near, plan = ground.operations, ground.jobs, ground.near, sequences.plan
    lanes, transfers, ends = ground.lanes, ground.transfers, sequences.ends
    job = late[draw(random, len(late))]
    other = late[draw(random, len(late))]
    if late_min(jobs, other, ends[other]) > late_min(jobs, job, ends[job]):
        job = other
    if late_min(jobs, job, ends[job]) <= 0:
        return -1
    number = latest(plan, near, jobs[job, LAST_AT], jobs[job, LAST_END])
    count = len(sequences.marks)
    for _ in range(STEPS_BACK):
        if fact[number, IS_FIXED]:
            return -1
        lane, previous = plan[number, LANE], plan[number, PREVIOUS]
        ready = ready_by_job(fact, lanes, transfers, near, plan, number, lane)
        is_waiting = previous < count and plan[previous, END] > ready
        if is_waiting and draw(random, 4) == 0:
            return number
        before = latest(plan, near, fact[number, BEFORE_AT], fact[number, BEFORE_END])
        if is_waiting and (before < 0 or draw(random, 3) == 0):
            number = previous
        elif before >= 0:
            number = before
        else:
            return number if is_waiting else -1
    return -1


@njit()
def earlier_on_lane(
    ground: Ground, sequences: Sequences, random: Ints, number: int
) -> tuple[int, int, int]:
    """Lane, minutes and after whom (-1: nowhere), some places earlier: as far as that helps."""
    fact, lanes, transfers, near = ground.operations, ground.lanes, ground.transfers, ground.near
    plan, count = sequences.plan, len(sequences.marks)
    lane = plan[number, LANE]
    if plan[number, PREVIOUS] >= count:
        return lane, 0, -1
    ready = ready_by_job(fact, lanes, transfers, near, plan, number, lane)
    after = plan[plan[number, PREVIOUS], PREVIOUS]
    while after < count and plan[after, END] > ready and draw(random, 3) > 0:
        if fact[after, IS_FIXED]:
            break
        after = plan[after, PREVIOUS]
    return lane, plan[number, MINUTES], after


@njit()
def later_on_lane(sequences: Sequences, random: Ints, number: int) -> tuple[int, int, int]:
    plan, count = sequences.plan, len(sequences.marks)
    after = plan[number, NEXT]
    if after >= count:
        return plan[number, LANE], 0, -1
    while draw(random, 2) == 0 and plan[after, NEXT] < count:
        after = plan[after, NEXT]
    return plan[number, LANE], plan[number, MINUTES], after


@njit()
def other_lane(
    ground: Ground, sequences: Sequences, random: Ints, number: int
) -> tuple[int, int, int]:
    """To another lane, about when the unit is there."""
    fact, lanes, transfers, near = ground.operations, ground.lanes, ground.transfers, ground.near
    plan, count = sequences.plan, len(sequences.marks)
    first = fact[number, ALTERNATIVE_AT]
    several = fact[number, ALTERNATIVE_END] - first
    if several < 2:
        return 0, 0, -1
    at = draw(random, several)
    if ground.alternatives[first + at, 0] == plan[number, LANE]:
        at = (at + 1) % several
    lane, minutes = ground.alternatives[first + at, 0], ground.alternatives[first + at, 1]
    ready = ready_by_job(fact, lanes, transfers, near, plan, number, lane)
    after = place_at(plan, sequences.hints, count, lane, ready)
    if after < count and draw(random, 4) == 0:
        after = plan[after, PREVIOUS]
    while draw(random, 2) == 0 and plan[after, NEXT] < count:
        after = plan[after, NEXT]
    return lane, minutes, after


@njit()
def beside_kin(
    ground: Ground, sequences: Sequences, random: Ints, number: int
) -> tuple[int, int, int]:
    """After one of the same family near it, on its lane or another."""
    fact, plan, count = ground.operations, sequences.plan, len(sequences.marks)
    family = fact[number, FAMILY]
    if family < 0:
        return 0, 0, -1
    first = fact[number, ALTERNATIVE_AT]
    at = first + draw(random, fact[number, ALTERNATIVE_END] - first)
    lane = ground.alternatives[at, 0]
    after = place_at(plan, sequences.hints, count, lane, plan[number, START])
    step = PREVIOUS if draw(random, 2) == 0 else NEXT
    for _ in range(KIN_WITHIN):
        if after >= count:
            break
        if after != number and fact[after, FAMILY] == family:
            return lane, ground.alternatives[at, 1], after
        after = plan[after, step]
    return lane, 0, -1


@njit()
def try_one(
    ground: Ground,
    sequences: Sequences,
    weights: Ints,
    random: Ints,
    late: Ints,
    most: int,
    allowed: float,
) -> int:
    """The change of cost of one move that was kept; REFUSED: nothing has changed."""
    plan, count = sequences.plan, len(sequences.marks)
    sequences.counts[0] = 0
    if len(late) == 0 or draw(random, 8) == 0:
        number = draw(random, count)
        kind = 2 + draw(random, 2)
    else:
        number = waiting(ground, sequences, late, random)
        kind = 0 if draw(random, 3) > 0 else 2
        if number >= 0 and draw(random, 3) == 0:
            kind = 1 + draw(random, 2)
            number = plan[number, PREVIOUS]
            while number < count and draw(random, 2) == 0:
                number = plan[number, PREVIOUS]
    if number < 0 or number >= count or ground.operations[number, IS_SET]:
        return REFUSED
    if kind == 0:
        lane, minutes, after = earlier_on_lane(ground, sequences, random, number)
    elif kind == 1:
        lane, minutes, after = later_on_lane(sequences, random, number)
    elif kind == 2:
        lane, minutes, after = other_lane(ground, sequences, random, number)
    else:
        lane, minutes, after = beside_kin(ground, sequences, random, number)
    old_lane, old_minutes, old_after = (
        plan[number, LANE],
        plan[number, MINUTES],
        plan[number, PREVIOUS],
    )
    if after < 0 or after in (number, old_after):
        return REFUSED
    change = shift(ground, sequences, weights, number, lane, minutes, after, most, allowed)
    if change > allowed:
        unshift(sequences, number, old_lane, old_minutes, old_after)
        return REFUSED
    return change
