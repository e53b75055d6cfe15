"""The dispatch compiled by numba: the same plans as ``reference``, some hundred times faster.

Plain loops over the flat arrays of ``arrays``; integers but for the index, whose few float
operations are the twin's in the twin's order (no fast-math), so that ties break alike.
Compiled once and kept on disk (``NUMBA_CACHE_DIR``): the three entries, with all they call.
"""

# An element of an array is Any to mypy, and numba has no types.
# mypy: disable-error-code="untyped-decorator, no-any-return"
from numba import njit

from production.scheduling.arrays import Given, Index, Ints, State, Waiting

FAR = 1 << 40
DONE = -1


@njit(inline="always")
def set_up_min(given: Given, lane: int, before: int, after: int) -> int:
    if after < 0 or given.matrix_at[lane] < 0:
        return 0
    return given.set_up[given.matrix_at[lane] + (before + 1) * given.matrix_size[lane] + after]


@njit
def window_at(given: Given, lane: int, minute: int) -> int:
    """Position of the first window of the lane that ends after ``minute``."""
    low, high = given.window_at[lane], given.window_at[lane + 1]
    while low < high:
        middle = (low + high) // 2
        if given.window_end[middle] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def first_fit(given: Given, lane: int, free_from: int, length: int, free_until: int) -> int:
    """The earliest start of ``length`` open minutes, -1 if none ends by ``free_until``."""
    for window in range(window_at(given, lane, free_from), given.window_at[lane + 1]):
        start = max(free_from, given.window_start[window])
        if start + length > free_until:
            return -1
        if start + length <= given.window_end[window]:
            return start
    return -1


@njit
def first_slot(given: Given, state: State, lane: int, minute: int) -> int:
    """How many slots of the lane end at or before ``minute``."""
    base = given.slot_at[lane]
    low, high = 0, state.slot_count[lane]
    while low < high:
        middle = (low + high) // 2
        if state.end[state.slots[base + middle]] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def room_before(
    given: Given, state: State, lane: int, position: int, family: int
) -> tuple[int, int]:
    """Until when ``family`` may take the time before a slot (-1: not at all), and that slot's
    new set-up.
    """
    if position == state.slot_count[lane]:
        return FAR, 0
    other = state.slots[given.slot_at[lane] + position]
    needed = set_up_min(given, lane, family, given.family[other])
    if given.fixed_lane[other] >= 0:
        if needed > state.set_up[other]:
            return -1, 0
        return max(-1, state.start[other]), state.set_up[other]
    run_start = state.start[other] + state.set_up[other]
    if needed > state.set_up[other]:
        opens = given.window_start[window_at(given, lane, run_start)]
        if run_start - needed < max(opens, state.ready[other]):
            return -1, 0
    return run_start - needed, needed


@njit
def earliest(
    given: Given, state: State, operation: int, lane: int, ready: int, minutes: int
) -> tuple[int, int, int, int]:
    """Start (-1: none), set-up, position on the lane, and the next slot's set-up."""
    family, latest = given.family[operation], given.latest[operation]
    base, count = given.slot_at[lane], state.slot_count[lane]
    for position in range(first_slot(given, state, lane, ready), count + 1):
        if position < count and state.is_shut[state.slots[base + position]]:
            continue
        free_from, before = ready, given.initial_family[lane]
        if position > 0:
            earlier = state.slots[base + position - 1]
            free_from = max(ready, state.end[earlier])
            before = given.family[earlier]
        if free_from >= latest:
            break
        free_until, next_set_up = room_before(given, state, lane, position, family)
        set_up = set_up_min(given, lane, before, family)
        if free_until < free_from + set_up + minutes:
            continue
        start = first_fit(given, lane, free_from, set_up + minutes, min(free_until, latest))
        if start >= 0:
            return start, set_up, position, next_set_up
    return -1, 0, 0, 0


@njit
def note_shut(given: Given, state: State, lane: int, position: int) -> None:
    """Remember whether the time before a slot is too short for any run of the lane.

    Time before a slot only ever shrinks, so that a search may pass it by for good.
    """
    if position >= state.slot_count[lane]:
        return
    slot = state.slots[given.slot_at[lane] + position]
    free_from, free_until = 0, state.start[slot]
    if position > 0:
        free_from = max(0, state.end[state.slots[given.slot_at[lane] + position - 1]])
    if given.fixed_lane[slot] < 0:
        free_until += state.set_up[slot]  # its set-up may shrink
    start = first_fit(given, lane, free_from, given.shortest_on[lane], free_until)
    state.is_shut[slot] = start < 0


@njit
def put(given: Given, state: State, operation: int, lane: int, position: int) -> None:
    """Enter an operation into the lane's order of time."""
    base, count = given.slot_at[lane], state.slot_count[lane]
    for index in range(base + count, base + position, -1):
        state.slots[index] = state.slots[index - 1]
    state.slots[base + position] = operation
    state.slot_count[lane] = count + 1
    state.lane[operation] = lane


@njit
def note_shut_around(given: Given, state: State, lane: int, position: int) -> None:
    note_shut(given, state, lane, position)
    note_shut(given, state, lane, position + 1)


@njit
def advance(given: Given, state: State, operation: int) -> None:
    lane = state.lane[operation]
    if state.end[operation] > state.cursor[lane]:
        state.cursor[lane] = state.end[operation]
        state.cursor_family[lane] = given.family[operation]


@njit(cache=True)
def put_fixed(given: Given, state: State) -> None:
    for operation in range(len(given.family)):
        lane = given.fixed_lane[operation]
        if lane < 0:
            continue
        state.start[operation] = given.fixed_start[operation]
        state.set_up[operation] = given.fixed_set_up[operation]
        state.end[operation] = given.fixed_end[operation]
        position = first_slot(given, state, lane, given.fixed_start[operation])
        put(given, state, operation, lane, position)
        note_shut_around(given, state, lane, position)
        if given.fixed_start[operation] <= 0:
            advance(given, state, operation)


@njit
def ready_at(given: Given, state: State, operation: int) -> int:
    ready = given.earliest[operation]
    for index in range(given.before_at[operation], given.before_at[operation + 1]):
        ready = max(ready, state.end[given.before[index]])
    return ready


@njit
def best_place(
    given: Given, state: State, operation: int, ready: int, patience_min: int
) -> tuple[int, int, int, int, int, int]:
    """Lane (-1: none), position on it, start, set-up, end, and the next slot's set-up."""
    sent_lane = given.sent_lane[operation]
    best = (-1, 0, 0, 0, 0, 0)
    best_end, best_is_other, best_set_up = FAR, 1, 0
    for index in range(given.alternative_at[operation], given.alternative_at[operation + 1]):
        lane, minutes = given.alternative_lane[index], given.alternative_min[index]
        if sent_lane >= 0 and sent_lane != lane:
            continue
        start, set_up, position, next_set_up = earliest(
            given, state, operation, lane, ready, minutes
        )
        if start < 0:
            continue
        end = start + set_up + minutes
        is_other, felt_end = 1, end
        if lane == given.preferred[operation]:
            is_other, felt_end = 0, end - patience_min
        is_better = felt_end < best_end
        if felt_end == best_end:
            is_better = is_other < best_is_other or (
                is_other == best_is_other and set_up < best_set_up
            )
        if best[0] < 0 or is_better:
            best = (lane, position, start, set_up, end, next_set_up)
            best_end, best_is_other, best_set_up = felt_end, is_other, set_up
    return best


@njit
def place(given: Given, state: State, operation: int, patience_min: int) -> bool:
    """Put an operation where it ends earliest; False if no lane has a place."""
    ready = ready_at(given, state, operation)
    sent_lane = given.sent_lane[operation]
    if sent_lane >= 0:
        ready = max(ready, state.last_sent_end[sent_lane])
    lane, position, start, set_up, end, next_set_up = best_place(
        given, state, operation, ready, patience_min
    )
    if lane < 0:
        return False
    if position < state.slot_count[lane]:
        other = state.slots[given.slot_at[lane] + position]
        if given.fixed_lane[other] < 0:
            state.start[other] += state.set_up[other] - next_set_up
            state.set_up[other] = next_set_up
    put(given, state, operation, lane, position)
    state.start[operation] = start
    state.set_up[operation] = set_up
    state.end[operation] = end
    state.ready[operation] = ready
    note_shut_around(given, state, lane, position)
    if sent_lane >= 0:
        state.last_sent_end[sent_lane] = end
    return True


@njit(cache=True)
def place_all(
    given: Given, state: State, order: Ints, patience_min: int, is_advancing: bool
) -> int:
    """Place in order; DONE, or the operation that found no place."""
    for operation in order:
        if not place(given, state, operation, patience_min):
            return operation
        if is_advancing:
            advance(given, state, operation)
    return DONE


@njit
def moment(given: Given, state: State, waiting: Waiting, pool: int) -> tuple[int, int]:
    """When the pool is looked at next, and its lane that is free first."""
    free_lane = -1
    for index in range(given.pool_at[pool], given.pool_at[pool + 1]):
        lane = given.pool_lane[index]
        if free_lane < 0 or state.cursor[lane] < state.cursor[free_lane]:
            free_lane = lane
    return max(state.cursor[free_lane], waiting.since[pool]), free_lane


@njit
def add_waiting(given: Given, state: State, waiting: Waiting, operation: int) -> None:
    pool = given.pool[operation]
    state.ready[operation] = ready_at(given, state, operation)
    waiting.members[waiting.member_at[pool] + waiting.counts[pool]] = operation
    waiting.counts[pool] += 1
    waiting.since[pool] = min(waiting.since[pool], state.ready[operation])


@njit
def remove_waiting(state: State, waiting: Waiting, pool: int, position: int) -> None:
    base = waiting.member_at[pool]
    waiting.counts[pool] -= 1
    waiting.members[position] = waiting.members[base + waiting.counts[pool]]
    waiting.since[pool] = FAR
    for at in range(base, base + waiting.counts[pool]):
        waiting.since[pool] = min(waiting.since[pool], state.ready[waiting.members[at]])


@njit(inline="always")
def index_of(
    given: Given, index: Index, operation: int, minute: int, lane: int, before: int
) -> float:
    slack = max(0, index.due[operation] - index.shortest[operation] - minute)
    set_up = set_up_min(given, lane, before, given.family[operation])
    return (
        index.log_urgency[operation] - slack * index.per_slack_min - set_up * index.per_set_up_min
    )


@njit
def best_waiting(
    given: Given, state: State, waiting: Waiting, index: Index, pool: int, minute: int, lane: int
) -> int:
    """Position in ``members`` of the best that waits: by priority, index, lowest number."""
    before = state.cursor_family[lane]
    best, best_at, best_index = -1, -1, 0.0
    base = waiting.member_at[pool]
    for at in range(base, base + waiting.counts[pool]):
        operation = waiting.members[at]
        if state.ready[operation] > minute:
            continue
        value = index_of(given, index, operation, minute, lane, before)
        if best >= 0:
            if given.priority[operation] < given.priority[best]:
                continue
            if given.priority[operation] == given.priority[best] and (
                value < best_index or (value == best_index and operation > best)
            ):
                continue
        best, best_at, best_index = operation, at, value
    return best_at


@njit
def next_pool(given: Given, state: State, waiting: Waiting) -> tuple[int, int, int]:
    """The pool to look at (-1: none waits), when, and its lane that is free first."""
    best_pool, best_minute, best_lane = -1, FAR, -1
    for pool in range(len(waiting.counts)):
        if waiting.counts[pool] == 0:
            continue
        minute, lane = moment(given, state, waiting, pool)
        if best_pool < 0 or minute < best_minute:
            best_pool, best_minute, best_lane = pool, minute, lane
    return best_pool, best_minute, best_lane


@njit(cache=True)
def dispatch_all(given: Given, state: State, waiting: Waiting, index: Index) -> int:
    """Place what is not placed yet by index; DONE, or the operation that found no place."""
    missing = given.before_at[1:] - given.before_at[:-1]
    for operation in range(len(given.family)):
        for at in range(given.before_at[operation], given.before_at[operation + 1]):
            if state.lane[given.before[at]] >= 0:
                missing[operation] -= 1
        if state.lane[operation] < 0 and missing[operation] == 0:
            add_waiting(given, state, waiting, operation)
    while True:
        pool, minute, lane = next_pool(given, state, waiting)
        if pool < 0:
            return DONE
        position = best_waiting(given, state, waiting, index, pool, minute, lane)
        operation = waiting.members[position]
        remove_waiting(state, waiting, pool, position)
        if not place(given, state, operation, 0):
            return operation
        advance(given, state, operation)
        for at in range(given.after_at[operation], given.after_at[operation + 1]):
            later = given.after[at]
            missing[later] -= 1
            if missing[later] == 0 and state.lane[later] < 0:
                add_waiting(given, state, waiting, later)
