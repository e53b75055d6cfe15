"""Times from sequences, compiled: all of them at once, or only what one move changes.

Every operation starts at the earliest minute that its release, the operations before it in its
job, the one before it on its lane, its set-up and the lane's open windows allow. A change is
followed in the order of the times before it, which is an order in which every operation comes
after all it waits for, so that each is looked at once.

Loops first take the tables out of their tuples: numba counts references at every access.
"""

# An element of a table is Any to mypy, and numba has no types.
# mypy: disable-error-code="untyped-decorator, no-any-return"
from numba import njit

from production.scheduling.improve.ground import (
    AFTER_AT,
    AFTER_END,
    BEFORE_AT,
    BEFORE_END,
    DUE,
    FAMILY,
    IS_FIXED,
    IS_LAST,
    JOB,
    LAST_AT,
    LAST_END,
    MATRIX_AT,
    MATRIX_SIZE,
    OLD_LANE,
    OLD_RUN,
    PLACE,
    PRIORITY,
    WEIGHT,
    WINDOW_AT,
    WINDOW_END,
    Ground,
)
from production.scheduling.improve.sequences import (
    END,
    FROM,
    LANE,
    MINUTES,
    NEXT,
    PREVIOUS,
    SET_UP,
    START,
    WINDOW,
    Sequences,
)
from production.scheduling.tables import Ints

REFUSED = 1 << 60
"""Costs more than any plan: the move breaks a rule, or its effects reach too far."""
SHIFT = 22
"""Bits of an operation's number in a key of the heap."""
MASK = (1 << SHIFT) - 1

HOPE_PART = 4
"""A move is given up when it has cost a quarter of what is lost where it could help."""

# Entries of a weights array.
(PER_TARDY_MIN, PER_SET_UP_MIN, PER_MOVE, TOLERANCE_MIN) = range(4)
(PER_NEAR_MOVE, NEAR_MIN, PER_SHIFT_HOUR, PER_LATE) = range(4, 8)
# Entries of Sequences.counts.
(TRAIL, JOB_TRAIL, MOVE) = range(3)


@njit(inline="always")
def set_up_min(lanes: Ints, set_ups: Ints, lane: int, before: int, after: int) -> int:
    """Minutes of set-up on a lane from family to family."""
    if after < 0 or lanes[lane, MATRIX_AT] < 0:
        return 0
    return set_ups[lanes[lane, MATRIX_AT] + (before + 1) * lanes[lane, MATRIX_SIZE] + after]


@njit(inline="always")
def ready_by_job(
    fact: Ints, lanes: Ints, transfers: Ints, near: Ints, plan: Ints, number: int, lane: int
) -> int:
    """The minute from which the unit could be there, whatever the lane does."""
    ready = plan[number, FROM]
    for at in range(fact[number, BEFORE_AT], fact[number, BEFORE_END]):
        before = near[at]
        transfer = transfers[lanes[plan[before, LANE], PLACE], lanes[lane, PLACE]]
        ready = max(ready, plan[before, END] + transfer)
    return ready


@njit(inline="always")
def retime(
    fact: Ints,
    lanes: Ints,
    windows: Ints,
    set_ups: Ints,
    transfers: Ints,
    near: Ints,
    plan: Ints,
    number: int,
) -> tuple[int, int, int]:
    """Start (-1: the calendar ends before), set-up and window of one operation."""
    lane, previous = plan[number, LANE], plan[number, PREVIOUS]
    ready = ready_by_job(fact, lanes, transfers, near, plan, number, lane)
    ready = max(ready, plan[previous, END])
    set_up = set_up_min(lanes, set_ups, lane, fact[previous, FAMILY], fact[number, FAMILY])
    length = set_up + plan[number, MINUTES]
    window, last = plan[number, WINDOW], lanes[lane, WINDOW_END]
    if window < lanes[lane, WINDOW_AT] or window >= last or windows[window, 0] > ready:
        window, high = lanes[lane, WINDOW_AT], last  # the first that ends after it is ready
        while window < high:
            middle = (window + high) // 2
            if windows[middle, 1] > ready:
                high = middle
            else:
                window = middle + 1
    while window < last:
        start = max(ready, windows[window, 0])
        if start + length <= windows[window, 1]:
            return start, set_up, window
        window += 1
    return -1, set_up, window


@njit(inline="always")
def late_min(jobs: Ints, job: int, end: int) -> int:
    """Weighted minutes a job is late that ends then."""
    return max(0, end - jobs[job, DUE]) * jobs[job, WEIGHT]


@njit(inline="always")
def late_cost(jobs: Ints, weights: Ints, job: int, end: int) -> int:
    """What it costs that a job ends then: its minutes late, and that it is late at all."""
    late = end - jobs[job, DUE]
    if late <= 0:
        return 0
    return (weights[PER_TARDY_MIN] * late + weights[PER_LATE]) * jobs[job, WEIGHT]


@njit()
def move_cost(fact: Ints, weights: Ints, number: int, lane: int, run: int) -> int:
    """What it costs that an operation is not where the published plan has it."""
    old_lane, old_run = fact[number, OLD_LANE], fact[number, OLD_RUN]
    away = abs(run - old_run)
    if old_lane < 0 or (lane == old_lane and away <= weights[TOLERANCE_MIN]):
        return 0
    near = weights[PER_NEAR_MOVE] if old_run < weights[NEAR_MIN] else 0
    return weights[PER_MOVE] + near + weights[PER_SHIFT_HOUR] * (away // 60)


@njit(inline="always")
def end_of_job(jobs: Ints, near: Ints, plan: Ints, job: int) -> int:
    end = -REFUSED
    for at in range(jobs[job, LAST_AT], jobs[job, LAST_END]):
        end = max(end, plan[near[at], END])
    return end


@njit()
def cost_of(ground: Ground, sequences: Sequences, weights: Ints) -> int:
    """The whole plan's, from its times."""
    fact, jobs, near, plan = ground.operations, ground.jobs, ground.near, sequences.plan
    total = 0
    for job in range(len(jobs)):
        end = sequences.ends[job] = end_of_job(jobs, near, plan, job)
        total += late_cost(jobs, weights, job, end)
    for number in range(len(sequences.marks)):
        if not fact[number, IS_FIXED]:
            total += weights[PER_SET_UP_MIN] * plan[number, SET_UP]
        run = plan[number, START] + plan[number, SET_UP]
        total += move_cost(fact, weights, number, plan[number, LANE], run)
    return total


@njit()
def time_all(ground: Ground, sequences: Sequences, order: Ints) -> bool:
    """All times anew; ``order`` has everything after what it waits for. False: it does not fit."""
    fact, lanes, windows, near = ground.operations, ground.lanes, ground.windows, ground.near
    set_ups, transfers, plan = ground.set_ups, ground.transfers, sequences.plan
    for number in order:
        if fact[number, IS_FIXED]:
            continue
        start, set_up, window = retime(fact, lanes, windows, set_ups, transfers, near, plan, number)
        if start < 0:
            return False
        plan[number, START], plan[number, SET_UP], plan[number, WINDOW] = start, set_up, window
        plan[number, END] = start + set_up + plan[number, MINUTES]
    return True


@njit(inline="always")
def push(heap: Ints, size: int, key: int, number: int) -> None:
    """Enter what is to be looked at into a heap of ``size``."""
    value = (key << SHIFT) | number
    at = size
    while at > 0 and heap[(at - 1) >> 1] > value:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = value


@njit(inline="always")
def drop_first(heap: Ints, size: int) -> None:
    """Take the first of ``size`` away."""
    last = size - 1
    value = heap[last]
    at, child = 0, 1
    while child < last:
        if child + 1 < last and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = value


@njit()
def fits_before(
    fact: Ints, lanes: Ints, set_ups: Ints, plan: Ints, number: int, later: int
) -> bool:
    """Whether an operation may stand right before a fixed one, which keeps its set-up and start."""
    needed = set_up_min(
        lanes, set_ups, plan[later, LANE], fact[number, FAMILY], fact[later, FAMILY]
    )
    return needed <= plan[later, SET_UP]


@njit()
def follow(  # noqa: C901 - one loop; calls with that many tables cost half its speed
    ground: Ground,
    sequences: Sequences,
    weights: Ints,
    size: int,
    moved: int,
    most: int,
    old_lane: int,
    hopeless: float,
) -> int:
    """Give new times to all that is in the heap and what it pushes; the change of cost.

    REFUSED where a fixed operation would have to move, one of higher priority than ``moved`` would
    wait for it, more than ``most`` change, or the cost so far is ``hopeless``. The trail then leads
    back.
    """
    fact, lanes, windows, near = ground.operations, ground.lanes, ground.windows, ground.near
    set_ups, transfers, jobs = ground.set_ups, ground.transfers, ground.jobs
    plan, heap, marks, ends = sequences.plan, sequences.heap, sequences.marks, sequences.ends
    trail, job_trail, counts = sequences.trail, sequences.job_trail, sequences.counts
    stamp, count = counts[MOVE], len(marks)
    touched, jobs_touched, change = 0, 0, 0
    is_refused = False
    while size > 0:
        number = heap[0] & MASK
        drop_first(heap, size)
        size -= 1
        start, set_up, window = retime(fact, lanes, windows, set_ups, transfers, near, plan, number)
        end = start + set_up + plan[number, MINUTES]
        is_other_end = end != plan[number, END] or number == moved
        if start == plan[number, START] and set_up == plan[number, SET_UP] and not is_other_end:
            continue
        is_ahead = fact[number, PRIORITY] > fact[moved, PRIORITY]
        if start < 0 or touched >= most or (is_ahead and start > plan[number, START]):
            is_refused = True
            break
        trail[touched, 0], trail[touched, 1] = number, plan[number, START]
        trail[touched, 2], trail[touched, 3] = plan[number, SET_UP], plan[number, END]
        trail[touched, 4] = plan[number, WINDOW]
        touched += 1
        change += weights[PER_SET_UP_MIN] * (set_up - plan[number, SET_UP])
        if fact[number, OLD_LANE] >= 0:
            lane = old_lane if number == moved else plan[number, LANE]
            run = plan[number, START] + plan[number, SET_UP]
            change -= move_cost(fact, weights, number, lane, run)
            lane, run = plan[number, LANE], start + set_up
            change += move_cost(fact, weights, number, lane, run)
        plan[number, START], plan[number, SET_UP] = start, set_up
        plan[number, END], plan[number, WINDOW] = end, window
        if not is_other_end:
            continue
        if fact[number, IS_LAST]:
            job = fact[number, JOB]
            job_end = end_of_job(jobs, near, plan, job)
            if job_end != ends[job]:
                change += late_cost(jobs, weights, job, job_end)
                change -= late_cost(jobs, weights, job, ends[job])
                job_trail[jobs_touched, 0], job_trail[jobs_touched, 1] = job, ends[job]
                jobs_touched += 1
                ends[job] = job_end
                if change > hopeless:
                    is_refused = True
                    break
        later = plan[number, NEXT]
        if later < count:
            if fact[later, IS_FIXED]:
                is_refused = end > plan[later, START]
            elif marks[later] != stamp:
                marks[later] = stamp
                push(heap, size, 2 * plan[later, START] + 2, later)
                size += 1
        for at in range(fact[number, AFTER_AT], fact[number, AFTER_END]):
            later = near[at]
            if not fact[later, IS_FIXED]:
                if marks[later] != stamp:
                    marks[later] = stamp
                    push(heap, size, 2 * plan[later, START] + 2, later)
                    size += 1
            elif plan[later, START] > 0:
                place, other = lanes[plan[number, LANE], PLACE], lanes[plan[later, LANE], PLACE]
                if end + transfers[place, other] > plan[later, START]:
                    is_refused = True
        if is_refused:
            break
    counts[TRAIL], counts[JOB_TRAIL] = touched, jobs_touched
    return REFUSED if is_refused else change


@njit()
def undo(sequences: Sequences) -> None:
    """The times before the last move; its links are undone by who made them."""
    plan, trail, job_trail = sequences.plan, sequences.trail, sequences.job_trail
    for at in range(sequences.counts[TRAIL] - 1, -1, -1):
        number = trail[at, 0]
        plan[number, START], plan[number, SET_UP] = trail[at, 1], trail[at, 2]
        plan[number, END], plan[number, WINDOW] = trail[at, 3], trail[at, 4]
    for at in range(sequences.counts[JOB_TRAIL] - 1, -1, -1):
        sequences.ends[job_trail[at, 0]] = job_trail[at, 1]


@njit()
def unlink(plan: Ints, number: int) -> None:
    previous, later = plan[number, PREVIOUS], plan[number, NEXT]
    plan[previous, NEXT], plan[later, PREVIOUS] = later, previous


@njit()
def link(plan: Ints, number: int, after: int) -> None:
    """Put an operation right after another or after a lane's beginning."""
    later = plan[after, NEXT]
    plan[number, PREVIOUS], plan[number, NEXT] = after, later
    plan[later, PREVIOUS] = plan[after, NEXT] = number


@njit()
def shift(  # noqa: C901 - all the ways a move can break a rule before it is timed
    ground: Ground,
    sequences: Sequences,
    weights: Ints,
    number: int,
    lane: int,
    minutes: int,
    after: int,
    most: int,
    allowed: float,
) -> int:
    """Put an operation after another (or a lane's beginning) and follow all it changes.

    The change of cost, or REFUSED; either way ``unshift`` leads back.
    """
    fact, lanes, set_ups, near = ground.operations, ground.lanes, ground.set_ups, ground.near
    plan, heap, marks, counts = sequences.plan, sequences.heap, sequences.marks, sequences.counts
    counts[TRAIL] = counts[JOB_TRAIL] = 0
    counts[MOVE] += 1
    stamp, count = counts[MOVE], len(marks)
    old_lane, old_next, old_previous = (
        plan[number, LANE],
        plan[number, NEXT],
        plan[number, PREVIOUS],
    )
    key = plan[after, START]  # what comes before it starts at or before then
    for at in range(fact[number, BEFORE_AT], fact[number, BEFORE_END]):
        key = max(key, plan[near[at], START])
    unlink(plan, number)
    new_next = plan[after, NEXT]
    link(plan, number, after)
    plan[number, LANE], plan[number, MINUTES] = lane, minutes
    if old_lane != lane:
        plan[number, WINDOW] = -1
    size = 0
    if new_next < count:
        if plan[new_next, START] <= key:
            return REFUSED  # it might have to wait for what waits for it
        if fact[new_next, IS_FIXED]:
            if not fits_before(fact, lanes, set_ups, plan, number, new_next):
                return REFUSED
        else:
            marks[new_next] = stamp
            push(heap, size, 2 * plan[new_next, START] + 2, new_next)
            size += 1
    for at in range(fact[number, AFTER_AT], fact[number, AFTER_END]):
        if plan[near[at], START] <= key:
            return REFUSED
    if old_next < count:
        if fact[old_next, IS_FIXED]:
            is_open = old_previous < count and not fact[old_previous, IS_FIXED]
            if is_open and not fits_before(fact, lanes, set_ups, plan, old_previous, old_next):
                return REFUSED
        else:
            marks[old_next] = stamp
            push(heap, size, 2 * plan[old_next, START] + 2, old_next)
            size += 1
    marks[number] = stamp
    push(heap, size, max(2 * key + 3, 1), number)
    jobs, ends = ground.jobs, sequences.ends  # what those that can gain most could still gain
    hope = late_cost(jobs, weights, fact[number, JOB], ends[fact[number, JOB]])
    for _ in range(2):
        if old_next < count:
            hope += late_cost(jobs, weights, fact[old_next, JOB], ends[fact[old_next, JOB]])
            old_next = plan[old_next, NEXT]
    hopeless = allowed + hope // HOPE_PART
    return follow(ground, sequences, weights, size + 1, number, most, old_lane, hopeless)


@njit()
def unshift(sequences: Sequences, number: int, lane: int, minutes: int, after: int) -> None:
    """Undo the last ``shift``: back behind ``after`` with the times before."""
    plan = sequences.plan
    unlink(plan, number)
    link(plan, number, after)
    plan[number, LANE], plan[number, MINUTES] = lane, minutes
    undo(sequences)
