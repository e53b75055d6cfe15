"""The dispatch compiled by numba: the same plans as ``reference``, some hundred times faster.

Plain loops over the tables of ``tables``; integers but for the index, whose few float operations
are the twin's in the twin's order (no fast-math), so that ties break alike. Compiled once and kept
on disk (``NUMBA_CACHE_DIR``): the three entries, with all they call.
"""

# An element of a table is Any to mypy, and numba has no types.
# mypy: disable-error-code="untyped-decorator, no-any-return"
from numba import njit

from production.scheduling.tables import (
    AFTER_AT,
    ALTERNATIVE_AT,
    BEFORE_AT,
    CURSOR,
    CURSOR_FAMILY,
    DUE,
    EARLIEST,
    END,
    FAMILY,
    INITIAL_FAMILY,
    IS_FIXED,
    IS_SHUT,
    LANE,
    LAST_SENT_END,
    LATEST,
    MATRIX_AT,
    MATRIX_SIZE,
    MEMBER_AT,
    MISSING,
    POOL,
    POOL_LANE_AT,
    PREFERRED,
    PRIORITY,
    READY,
    SENT_LANE,
    SET_UP,
    SHORTEST,
    SHORTEST_ON,
    SINCE,
    SLOT_AT,
    SLOT_COUNT,
    START,
    WAITING,
    WINDOW_AT,
    Board,
    Floats,
    Ints,
)

FAR = 1 << 40
DONE = -1


@njit(inline="always")
def set_up_min(lane: Ints, set_up: Ints, number: int, before: int, after: int) -> int:
    """Minutes of set-up on a lane from family to family."""
    if after < 0 or lane[number, MATRIX_AT] < 0:
        return 0
    return set_up[lane[number, MATRIX_AT] + (before + 1) * lane[number, MATRIX_SIZE] + after]


@njit()
def window_at(board: Board, lane: int, minute: int) -> int:
    """Position of the first window of the lane that ends after ``minute``."""
    low, high = board.lane[lane, WINDOW_AT], board.lane[lane + 1, WINDOW_AT]
    while low < high:
        middle = (low + high) // 2
        if board.window[middle, 1] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit()
def first_fit(board: Board, lane: int, free_from: int, length: int, free_until: int) -> int:
    """The earliest start of ``length`` open minutes, -1 if none ends by ``free_until``."""
    if free_from + length > free_until:
        return -1
    for window in range(window_at(board, lane, free_from), board.lane[lane + 1, WINDOW_AT]):
        start = max(free_from, board.window[window, 0])
        if start + length > free_until:
            return -1
        if start + length <= board.window[window, 1]:
            return start
    return -1


@njit()
def first_slot(board: Board, lane: int, minute: int) -> int:
    """How many slots of the lane end at or before ``minute``."""
    base = board.lane[lane, SLOT_AT]
    low, high = 0, board.lane[lane, SLOT_COUNT]
    while low < high:
        middle = (low + high) // 2
        if board.operation[board.slot[base + middle], END] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit()
def room_before(board: Board, lane: int, position: int, family: int) -> tuple[int, int]:
    """Until when ``family`` may take the time before a slot (-1: not at all), and that slot's
    new set-up.
    """
    if position == board.lane[lane, SLOT_COUNT]:
        return FAR, 0
    slot = board.slot[board.lane[lane, SLOT_AT] + position]
    start, set_up = board.operation[slot, START], board.operation[slot, SET_UP]
    needed = set_up_min(board.lane, board.set_up, lane, family, board.operation[slot, FAMILY])
    if board.operation[slot, IS_FIXED]:
        if needed > set_up:
            return -1, 0
        return max(-1, start), set_up
    run_start = start + set_up
    if needed > set_up:
        opens = board.window[window_at(board, lane, run_start), 0]
        if run_start - needed < max(opens, board.operation[slot, READY]):
            return -1, 0
    return run_start - needed, needed


@njit()
def earliest(
    board: Board, number: int, lane: int, ready: int, minutes: int
) -> tuple[int, int, int, int]:
    """Start (-1: none), set-up, position on the lane, and the next slot's set-up."""
    family, latest = board.operation[number, FAMILY], board.operation[number, LATEST]
    base, count = board.lane[lane, SLOT_AT], board.lane[lane, SLOT_COUNT]
    for position in range(first_slot(board, lane, ready), count + 1):
        if position < count and board.operation[board.slot[base + position], IS_SHUT]:
            continue
        free_from, before = ready, board.lane[lane, INITIAL_FAMILY]
        if position > 0:
            earlier = board.slot[base + position - 1]
            free_from = max(ready, board.operation[earlier, END])
            before = board.operation[earlier, FAMILY]
        if free_from >= latest:
            break
        free_until, next_set_up = room_before(board, lane, position, family)
        set_up = set_up_min(board.lane, board.set_up, lane, before, family)
        start = first_fit(board, lane, free_from, set_up + minutes, min(free_until, latest))
        if start >= 0:
            return start, set_up, position, next_set_up
    return -1, 0, 0, 0


@njit()
def note_shut(board: Board, lane: int, position: int) -> None:
    """Remember whether the time before a slot is too short for any run of the lane.

    Time before a slot only ever shrinks, so that a search may pass it by for good.
    """
    if position >= board.lane[lane, SLOT_COUNT]:
        return
    base = board.lane[lane, SLOT_AT]
    slot = board.slot[base + position]
    free_from, free_until = 0, board.operation[slot, START]
    if position > 0:
        free_from = max(0, board.operation[board.slot[base + position - 1], END])
    if not board.operation[slot, IS_FIXED]:
        free_until += board.operation[slot, SET_UP]  # its set-up may shrink
    start = first_fit(board, lane, free_from, board.lane[lane, SHORTEST_ON], free_until)
    board.operation[slot, IS_SHUT] = 1 if start < 0 else 0


@njit()
def put(board: Board, number: int, lane: int, position: int) -> None:
    """Enter an operation into the lane's order of time."""
    base, count = board.lane[lane, SLOT_AT], board.lane[lane, SLOT_COUNT]
    for index in range(base + count, base + position, -1):
        board.slot[index] = board.slot[index - 1]
    board.slot[base + position] = number
    board.lane[lane, SLOT_COUNT] = count + 1
    note_shut(board, lane, position)
    note_shut(board, lane, position + 1)


@njit()
def advance(board: Board, number: int) -> None:
    """Move the lane's moment of decision behind an operation."""
    lane = board.operation[number, LANE]
    if board.operation[number, END] > board.lane[lane, CURSOR]:
        board.lane[lane, CURSOR] = board.operation[number, END]
        board.lane[lane, CURSOR_FAMILY] = board.operation[number, FAMILY]


@njit(cache=True)
def put_fixed(board: Board) -> None:
    for number in range(len(board.operation) - 1):
        if board.operation[number, IS_FIXED]:
            lane, start = board.operation[number, LANE], board.operation[number, START]
            put(board, number, lane, first_slot(board, lane, start))
            if start <= 0:
                advance(board, number)


@njit()
def ready_at(board: Board, number: int) -> int:
    ready = board.operation[number, EARLIEST]
    for at in range(board.operation[number, BEFORE_AT], board.operation[number + 1, BEFORE_AT]):
        ready = max(ready, board.operation[board.before[at], END])
    return ready


@njit()
def best_place(
    board: Board, number: int, ready: int, patience_min: int
) -> tuple[int, int, int, int, int, int]:
    """Lane (-1: none), position on it, start, set-up, end, and the next slot's set-up."""
    sent_lane = board.operation[number, SENT_LANE]
    best = (-1, 0, 0, 0, 0, 0)
    best_end, best_is_other, best_set_up = FAR, 1, 0
    first = board.operation[number, ALTERNATIVE_AT]
    for at in range(first, board.operation[number + 1, ALTERNATIVE_AT]):
        lane, minutes = board.alternative[at, 0], board.alternative[at, 1]
        if sent_lane >= 0 and sent_lane != lane:
            continue
        start, set_up, position, next_set_up = earliest(board, number, lane, ready, minutes)
        if start < 0:
            continue
        end = start + set_up + minutes
        is_other, felt_end = 1, end
        if lane == board.operation[number, PREFERRED]:
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


@njit()
def place(board: Board, number: int, patience_min: int) -> bool:
    """Put an operation where it ends earliest; False if no lane has a place."""
    ready = ready_at(board, number)
    sent_lane = board.operation[number, SENT_LANE]
    if sent_lane >= 0:
        ready = max(ready, board.lane[sent_lane, LAST_SENT_END])
    lane, position, start, set_up, end, next_set_up = best_place(board, number, ready, patience_min)
    if lane < 0:
        return False
    if position < board.lane[lane, SLOT_COUNT]:
        slot = board.slot[board.lane[lane, SLOT_AT] + position]
        if not board.operation[slot, IS_FIXED]:
            board.operation[slot, START] += board.operation[slot, SET_UP] - next_set_up
            board.operation[slot, SET_UP] = next_set_up
    row = board.operation[number]
    row[LANE], row[START], row[SET_UP], row[END], row[READY] = lane, start, set_up, end, ready
    put(board, number, lane, position)
    if sent_lane >= 0:
        board.lane[sent_lane, LAST_SENT_END] = end
    return True


@njit(cache=True)
def place_all(board: Board, order: Ints, patience_min: int, is_advancing: bool) -> int:
    """Place in order; DONE, or the operation that found no place."""
    for number in order:
        if not place(board, number, patience_min):
            return number
        if is_advancing:
            advance(board, number)
    return DONE


@njit()
def add_waiting(board: Board, number: int) -> None:
    pool = board.operation[number, POOL]
    ready = ready_at(board, number)
    board.operation[number, READY] = ready
    board.member[board.pool[pool, MEMBER_AT] + board.pool[pool, WAITING]] = number
    board.pool[pool, WAITING] += 1
    board.pool[pool, SINCE] = min(board.pool[pool, SINCE], ready)


@njit()
def remove_waiting(board: Board, pool: int, position: int) -> None:
    base = board.pool[pool, MEMBER_AT]
    board.pool[pool, WAITING] -= 1
    board.member[position] = board.member[base + board.pool[pool, WAITING]]
    since = FAR
    for at in range(base, base + board.pool[pool, WAITING]):
        since = min(since, board.operation[board.member[at], READY])
    board.pool[pool, SINCE] = since


@njit()
def best_waiting(
    board: Board,
    log_urgency: Floats,
    per_slack_min: float,
    per_set_up_min: float,
    pool: int,
    minute: int,
    lane: int,
) -> int:
    """Position in ``member`` of the best that waits: by priority, index, lowest number."""
    operation, before = board.operation, board.lane[lane, CURSOR_FAMILY]
    best, best_at, best_value = -1, -1, 0.0
    base = board.pool[pool, MEMBER_AT]
    for at in range(base, base + board.pool[pool, WAITING]):
        number = board.member[at]
        if operation[number, READY] > minute:
            continue
        slack = max(0, operation[number, DUE] - operation[number, SHORTEST] - minute)
        set_up = set_up_min(board.lane, board.set_up, lane, before, operation[number, FAMILY])
        value = log_urgency[number] - slack * per_slack_min - set_up * per_set_up_min
        if best >= 0:
            ahead = operation[number, PRIORITY] - operation[best, PRIORITY]
            if ahead < 0:
                continue
            if ahead == 0 and (value < best_value or (value == best_value and number > best)):
                continue
        best, best_at, best_value = number, at, value
    return best_at


@njit()
def free_lane(board: Board, pool: int) -> int:
    """The pool's lane that is free first; the first listed among equals."""
    first = board.pool_lane[board.pool[pool, POOL_LANE_AT]]
    for at in range(board.pool[pool, POOL_LANE_AT], board.pool[pool + 1, POOL_LANE_AT]):
        lane = board.pool_lane[at]
        if board.lane[lane, CURSOR] < board.lane[first, CURSOR]:
            first = lane
    return first


@njit()
def next_pool(board: Board) -> tuple[int, int, int]:
    """The pool to look at (-1: none waits), when, and its lane that is free first."""
    best_pool, best_minute, best_lane = -1, FAR, -1
    for pool in range(len(board.pool) - 1):
        if board.pool[pool, WAITING] == 0:
            continue
        lane = free_lane(board, pool)
        minute = max(board.lane[lane, CURSOR], board.pool[pool, SINCE])
        if best_pool < 0 or minute < best_minute:
            best_pool, best_minute, best_lane = pool, minute, lane
    return best_pool, best_minute, best_lane


@njit()
def start_waiting(board: Board) -> None:
    """Count what each operation still waits for, and enter those that wait for nothing."""
    operation = board.operation
    for number in range(len(operation) - 1):
        missing = 0
        for at in range(operation[number, BEFORE_AT], operation[number + 1, BEFORE_AT]):
            if operation[board.before[at], LANE] < 0:
                missing += 1
        operation[number, MISSING] = missing
        if missing == 0 and operation[number, LANE] < 0:
            add_waiting(board, number)


@njit(cache=True)
def dispatch_all(
    board: Board, log_urgency: Floats, per_slack_min: float, per_set_up_min: float
) -> int:
    """Place what is not placed yet by index; DONE, or the operation that found no place."""
    operation = board.operation
    start_waiting(board)
    while True:
        pool, minute, lane = next_pool(board)
        if pool < 0:
            return DONE
        position = best_waiting(
            board, log_urgency, per_slack_min, per_set_up_min, pool, minute, lane
        )
        number = board.member[position]
        remove_waiting(board, pool, position)
        if not place(board, number, 0):
            return number
        advance(board, number)
        for at in range(operation[number, AFTER_AT], operation[number + 1, AFTER_AT]):
            later = board.after[at]
            operation[later, MISSING] -= 1
            if operation[later, MISSING] == 0 and operation[later, LANE] < 0:
                add_waiting(board, later)
