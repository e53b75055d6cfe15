"""The dispatch compiled by numba: the same plans as ``reference``, some hundred times faster.

Plain loops over the tables of ``tables``; integers but for the index, whose few float operations
are the twin's in the twin's order (no fast-math), so that ties break alike. Compiled once and kept
on disk (``NUMBA_CACHE_DIR``): the entries, with all they call. The entries let go of the
interpreter's lock, so that threads run them side by side, each on a ``Growth`` of its own. Nothing
here makes an array, so that none need be counted (``BARE``): counting takes two thirds of the time.
One file, because what is kept on disk is only known to be stale by the file of the entries.
"""

# An element of a table is Any to mypy, and numba has no types.
# mypy: disable-error-code="untyped-decorator, no-any-return"
from typing import Any

from numba import njit

from production.scheduling.tables import (
    AFTER_AT,
    ALTERNATIVE_AT,
    AT_MOST,
    BEFORE_AT,
    CURSOR,
    CURSOR_FAMILY,
    DUE,
    EARLIEST,
    END,
    FAMILY,
    FIXED_END,
    FIXED_LANE,
    FIXED_SECOND,
    FIXED_SET_UP,
    FIXED_START,
    INITIAL_FAMILY,
    IS_FIXED,
    IS_OVEN,
    JOB,
    LANE,
    LAST_SENT_END,
    LATEST,
    MATE,
    MATRIX_AT,
    MATRIX_SIZE,
    MISSING,
    MIX_AT,
    MIXED,
    MIXED_ON,
    MOMENT,
    NEXT_IN_OVEN,
    OF,
    OWNER,
    PLACE,
    PLACES,
    PREFERRED,
    PRIORITY,
    QUEUE_AT,
    READY,
    RULES,
    SECOND,
    SECOND_AT,
    SENT_LANE,
    SET_UP,
    SHORTEST,
    SHORTEST_ON,
    SHUT,
    SINCE,
    SLOT_AT,
    SLOT_COUNT,
    START,
    TAIL,
    TIMELINE,
    UNTIL,
    WAITING,
    WEIGHT,
    WINDOW_AT,
    Floats,
    Given,
    Growth,
    Ints,
)

FAR = 1 << 40
DONE = -1
BARE: dict[str, Any] = {"_nrt": False}
HOT: dict[str, Any] = {**BARE, "forceinline": True}
Place = tuple[int, int, int, int, int, int, bool]
"""Start (-1: none), set-up, position on the lane, the next slot's set-up, second lane, the batch
it joins (-1: none), and whether it breaks a mix rule.
"""


@njit(**HOT)
def set_up_min(given: Given, number: int, before: int, after: int) -> int:
    """Minutes of set-up on a lane from family to family."""
    if after < 0 or given.lane[number, MATRIX_AT] < 0:
        return 0
    at = given.lane[number, MATRIX_AT] + (before + 1) * given.lane[number, MATRIX_SIZE] + after
    return given.set_up[at]


@njit(**HOT)
def way_min(given: Given, before: int, after: int) -> int:
    """Minutes from one lane to another."""
    places = given.size[PLACES]
    if places == 0:
        return 0
    return given.transfer[given.lane[before, PLACE] * places + given.lane[after, PLACE]]


# Windows and slots


@njit(**HOT)
def window_at(given: Given, lane: int, minute: int) -> int:
    """Position of the first window of the lane that ends after ``minute``."""
    low, high = given.lane[lane, WINDOW_AT], given.lane[lane + 1, WINDOW_AT]
    while low < high:
        middle = (low + high) // 2
        if given.window[middle, 1] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit(**HOT)
def first_fit(given: Given, lane: int, free_from: int, length: int, free_until: int) -> int:
    """The earliest start of ``length`` open minutes, -1 if none ends by ``free_until``."""
    if free_from + length > free_until:
        return -1
    for window in range(window_at(given, lane, free_from), given.lane[lane + 1, WINDOW_AT]):
        start = max(free_from, given.window[window, 0])
        if start + length > free_until:
            return -1
        if start + length <= given.window[window, 1]:
            return start
    return -1


@njit(**HOT)
def first_slot(given: Given, growth: Growth, lane: int, minute: int) -> int:
    """How many slots of the lane end at or before ``minute``."""
    base = given.lane[lane, SLOT_AT]
    low, high = 0, growth.on_lane[lane, SLOT_COUNT]
    if high == 0 or growth.slot[base + high - 1, UNTIL] <= minute:
        return high
    while low < high:
        middle = (low + high) // 2
        if growth.slot[base + middle, UNTIL] > minute:
            high = middle
        else:
            low = middle + 1
    return low


@njit(**HOT)
def enter(given: Given, growth: Growth, number: int, lane: int, position: int) -> None:
    """Enter an operation into a lane's order of time."""
    base, count = given.lane[lane, SLOT_AT], growth.on_lane[lane, SLOT_COUNT]
    slot = growth.slot
    for index in range(base + count, base + position, -1):
        slot[index, OWNER] = slot[index - 1, OWNER]
        slot[index, UNTIL] = slot[index - 1, UNTIL]
        slot[index, SHUT] = slot[index - 1, SHUT]
    slot[base + position, OWNER] = number
    slot[base + position, UNTIL] = growth.placed[number, END]
    slot[base + position, SHUT] = 0
    growth.on_lane[lane, SLOT_COUNT] = count + 1


@njit(**HOT)
def note_shut(given: Given, growth: Growth, lane: int, position: int) -> None:
    """Remember whether the time before a slot is too short for any run of the lane.

    Time before a slot only ever shrinks, so that a search may pass it by for good.
    """
    if position >= growth.on_lane[lane, SLOT_COUNT]:
        return
    base = given.lane[lane, SLOT_AT]
    owner = growth.slot[base + position, OWNER]
    free_from, free_until = 0, growth.placed[owner, START]
    if position > 0:
        free_from = max(0, growth.slot[base + position - 1, UNTIL])
    if not given.operation[owner, IS_FIXED]:
        free_until += growth.placed[owner, SET_UP]  # its set-up may shrink
    start = first_fit(given, lane, free_from, given.lane[lane, SHORTEST_ON], free_until)
    growth.slot[base + position, SHUT] = 1 if start < 0 else 0


# Second lanes


@njit(**BARE)
def crew_from(
    given: Given, growth: Growth, number: int, ready: int, length: int
) -> tuple[int, int]:
    """The earliest start (-1: none) of ``length`` minutes on any of the second lanes, and which."""
    best, best_lane = -1, -1
    for at in range(given.operation[number, SECOND_AT], given.operation[number + 1, SECOND_AT]):
        lane = given.second[at]
        base, count = given.lane[lane, SLOT_AT], growth.on_lane[lane, SLOT_COUNT]
        position = first_slot(given, growth, lane, ready)
        free_from = ready
        while True:
            free_until = FAR
            if position < count:
                free_until = growth.placed[growth.slot[base + position, OWNER], START]
            start = first_fit(given, lane, free_from, length, free_until)
            if start >= 0:
                if best < 0 or start < best:
                    best, best_lane = start, lane
                break
            if position == count or (best >= 0 and free_from >= best):
                break
            free_from = max(free_from, growth.slot[base + position, UNTIL])
            position += 1
    return best, best_lane


@njit(**HOT)
def fit(
    given: Given,
    growth: Growth,
    number: int,
    lane: int,
    free_from: int,
    length: int,
    free_until: int,
) -> tuple[int, int]:
    """The earliest start (-1: none) at which the lane and a second lane are free, and which."""
    start = first_fit(given, lane, free_from, length, free_until)
    if given.operation[number, SECOND_AT] == given.operation[number + 1, SECOND_AT]:
        return start, -1
    while start >= 0:
        found, second = crew_from(given, growth, number, start, length)
        if found < 0 or found + length > free_until:
            return -1, -1
        if found == start:
            return start, second
        start = first_fit(given, lane, found, length, free_until)
    return -1, -1


@njit(**BARE)
def crew_is_free_before(given: Given, growth: Growth, number: int, start: int) -> bool:
    """Whether a placed operation may begin as early as ``start`` for its second lane."""
    lane = growth.placed[number, SECOND]
    if lane < 0:
        return True
    position = first_slot(given, growth, lane, start)
    if growth.slot[given.lane[lane, SLOT_AT] + position, OWNER] != number:
        return False
    window = window_at(given, lane, start)
    if window == given.lane[lane + 1, WINDOW_AT] or given.window[window, 0] > start:
        return False
    return growth.placed[number, END] <= given.window[window, 1]


# Mix rules


@njit(**BARE)
def rank_in(given: Given, growth: Growth, rule: int, run_start: int, number: int) -> int:
    """Position in a rule's sequence at which a run belongs."""
    base = given.mix[rule, MIX_AT]
    low, high = 0, growth.mix_count[rule]
    while low < high:
        middle = (low + high) // 2
        at, owner = growth.mix_slot[base + middle, 0], growth.mix_slot[base + middle, 1]
        if at < run_start or (at == run_start and owner < number):
            low = middle + 1
        else:
            high = middle
    return low


@njit(**BARE)
def is_member(given: Given, growth: Growth, rule: int, position: int) -> int:
    owner = growth.mix_slot[given.mix[rule, MIX_AT] + position, 1]
    return (given.operation[owner, MIXED] >> rule) & 1


@njit(**BARE)
def is_breach(given: Given, growth: Growth, number: int, lane: int, run_start: int) -> bool:
    """Whether it would be one too many among ``OF`` on end around it."""
    asked = given.operation[number, MIXED] & given.lane[lane, MIXED_ON]
    for rule in range(given.size[RULES]):
        if not (asked >> rule) & 1:
            continue
        rank, count = rank_in(given, growth, rule, run_start, number), growth.mix_count[rule]
        of, members = given.mix[rule, OF], 1
        for position in range(max(0, rank - of + 1), rank):  # the window that ends with it
            members += is_member(given, growth, rule, position)
        if members > given.mix[rule, AT_MOST]:
            return True
        for step in range(of - 1):  # one further: in at the end, out at the beginning
            if rank + step >= count:
                break
            members += is_member(given, growth, rule, rank + step)
            if rank - of + 1 + step >= 0:
                members -= is_member(given, growth, rule, rank - of + 1 + step)
            if members > given.mix[rule, AT_MOST]:
                return True
    return False


@njit(**BARE)
def tight_rules(given: Given, growth: Growth, lane: int) -> int:
    """Bits of the lane's rules that bear no further member at their end."""
    tight = 0
    for rule in range(given.size[RULES]):
        if not (given.lane[lane, MIXED_ON] >> rule) & 1:
            continue
        count, members = growth.mix_count[rule], 0
        for position in range(max(0, count - given.mix[rule, OF] + 1), count):
            members += is_member(given, growth, rule, position)
        if members >= given.mix[rule, AT_MOST]:
            tight |= 1 << rule
    return tight


@njit(**BARE)
def enter_mix(given: Given, growth: Growth, number: int) -> None:
    lane = growth.placed[number, LANE]
    run_start = growth.placed[number, START] + growth.placed[number, SET_UP]
    for rule in range(given.size[RULES]):
        if not (given.lane[lane, MIXED_ON] >> rule) & 1:
            continue
        base, count = given.mix[rule, MIX_AT], growth.mix_count[rule]
        rank = rank_in(given, growth, rule, run_start, number)
        for index in range(base + count, base + rank, -1):
            growth.mix_slot[index, 0] = growth.mix_slot[index - 1, 0]
            growth.mix_slot[index, 1] = growth.mix_slot[index - 1, 1]
        growth.mix_slot[base + rank, 0] = run_start
        growth.mix_slot[base + rank, 1] = number
        growth.mix_count[rule] = count + 1


# A place for one operation


@njit(**HOT)
def room_before(
    given: Given, growth: Growth, lane: int, position: int, family: int
) -> tuple[int, int]:
    """Until when ``family`` may take the time before a slot (-1: not at all), and that slot's
    new set-up.
    """
    if position == growth.on_lane[lane, SLOT_COUNT]:
        return FAR, 0
    owner = growth.slot[given.lane[lane, SLOT_AT] + position, OWNER]
    start, set_up = growth.placed[owner, START], growth.placed[owner, SET_UP]
    needed = set_up_min(given, lane, family, given.operation[owner, FAMILY])
    if given.operation[owner, IS_FIXED]:
        if needed > set_up:
            return -1, 0
        return max(-1, start), set_up
    run_start = start + set_up
    if needed > set_up:
        opens = given.window[window_at(given, lane, run_start), 0]
        if run_start - needed < max(opens, growth.placed[owner, READY]):
            return -1, 0
        while owner >= 0:
            if not crew_is_free_before(given, growth, owner, run_start - needed):
                return -1, 0
            owner = growth.placed[owner, MATE]
    return run_start - needed, needed


@njit(**BARE)
def joins(
    given: Given,
    growth: Growth,
    number: int,
    lane: int,
    owner: int,
    ready: int,
    latest: int,
    minutes: int,
) -> tuple[bool, int]:
    """Whether an operation may become part of the batch of ``owner``, and its second lane."""
    placed = growth.placed
    start, end = placed[owner, START], placed[owner, END]
    if given.operation[owner, FAMILY] != given.operation[number, FAMILY]:
        return False, -1
    if end - start - placed[owner, SET_UP] != minutes or start < ready or end > latest:
        return False, -1
    if given.operation[owner, IS_FIXED]:  # it may have begun, or stand in closed time
        timeline = given.lane[lane, TIMELINE]
        if start <= 0 or first_fit(given, timeline, start, end - start, end) != start:
            return False, -1
    mate = owner
    while mate >= 0:
        if placed[mate, LANE] == lane:
            return False, -1
        mate = placed[mate, MATE]
    if given.operation[number, SECOND_AT] == given.operation[number + 1, SECOND_AT]:
        return True, -1
    found, second = crew_from(given, growth, number, start, end - start)
    return found == start, second


@njit(**HOT)
def earliest(
    given: Given, growth: Growth, number: int, able: int, ready: int, latest: int, minutes: int
) -> Place:
    """The earliest place of an operation on a lane; one that breaks a mix rule only where no other
    is left.
    """
    lane, family = given.lane[able, TIMELINE], given.operation[number, FAMILY]
    base, count = given.lane[lane, SLOT_AT], growth.on_lane[lane, SLOT_COUNT]
    is_mixed = (given.operation[number, MIXED] & given.lane[able, MIXED_ON]) != 0
    fallback = (-1, 0, 0, 0, -1, -1, False)
    for position in range(first_slot(given, growth, lane, ready), count + 1):
        if position == count or not growth.slot[base + position, SHUT]:
            free_from, before = ready, given.lane[lane, INITIAL_FAMILY]
            if position > 0:
                free_from = max(ready, growth.slot[base + position - 1, UNTIL])
                before = given.operation[growth.slot[base + position - 1, OWNER], FAMILY]
            if free_from >= latest:
                break
            free_until, next_set_up = room_before(given, growth, lane, position, family)
            set_up = set_up_min(given, lane, before, family)
            start, second = fit(
                given, growth, number, lane, free_from, set_up + minutes, min(free_until, latest)
            )
            if start >= 0:
                place = (start, set_up, position, next_set_up, second, -1, False)
                if not is_mixed or not is_breach(given, growth, number, able, start + set_up):
                    return place
                if fallback[0] < 0:
                    fallback = (start, set_up, position, next_set_up, second, -1, True)
        if given.lane[lane, IS_OVEN] and position < count:
            owner = growth.slot[base + position, OWNER]
            is_in, second = joins(given, growth, number, able, owner, ready, latest, minutes)
            if is_in:
                start, set_up = growth.placed[owner, START], growth.placed[owner, SET_UP]
                return start, set_up, position, 0, second, owner, False
    return fallback


@njit(**HOT)
def ready_at(given: Given, growth: Growth, number: int) -> int:
    """The earliest start, ways not counted."""
    ready = given.operation[number, EARLIEST]
    for at in range(given.operation[number, BEFORE_AT], given.operation[number + 1, BEFORE_AT]):
        ready = max(ready, growth.placed[given.before[at], END])
    return ready


@njit(**BARE)
def ready_on(given: Given, growth: Growth, number: int, lane: int) -> int:
    """The earliest start on a lane, with the way there."""
    ready = given.operation[number, EARLIEST]
    for at in range(given.operation[number, BEFORE_AT], given.operation[number + 1, BEFORE_AT]):
        before = given.before[at]
        way = way_min(given, growth.placed[before, LANE], lane)
        ready = max(ready, growth.placed[before, END] + way)
    return ready


@njit(**BARE)
def latest_on(given: Given, number: int, lane: int) -> int:
    """When it must have ended there, so that what is pinned after it can be reached."""
    latest = given.operation[number, LATEST]
    for at in range(given.operation[number, AFTER_AT], given.operation[number + 1, AFTER_AT]):
        after = given.after[at]
        if given.operation[after, IS_FIXED] and given.operation[after, FIXED_START] > 0:
            way = way_min(given, lane, given.operation[after, FIXED_LANE])
            latest = min(latest, given.operation[after, FIXED_START] - way)
    return latest


@njit(**HOT)
def is_better(one: tuple[bool, int, int, int], other: tuple[bool, int, int, int]) -> bool:
    """Breach, felt end, whether it is another lane than before, set-up; the first found wins."""
    for_rules, end, is_other, set_up = one
    if for_rules != other[0]:
        return other[0]
    if end != other[1]:
        return end < other[1]
    if is_other != other[2]:
        return is_other < other[2]
    return set_up < other[3]


@njit(**HOT)
def best_place(
    given: Given, growth: Growth, number: int, patience_min: int
) -> tuple[int, int, int, Place]:
    """Lane (-1: none), end, from when it was ready, and the place."""
    sent_lane, has_ways = given.operation[number, SENT_LANE], given.size[PLACES] > 0
    best, best_ready = (-1, 0, 0, 0, -1, -1, False), 0
    best_lane, best_end, best_felt, best_is_other = -1, 0, FAR, 1
    first_ready, first_latest = ready_at(given, growth, number), given.operation[number, LATEST]
    first = given.operation[number, ALTERNATIVE_AT]
    for at in range(first, given.operation[number + 1, ALTERNATIVE_AT]):
        lane, minutes = given.alternative[at, 0], given.alternative[at, 1]
        if sent_lane >= 0 and sent_lane != lane:
            continue
        ready, latest = first_ready, first_latest
        if has_ways:
            ready = ready_on(given, growth, number, lane)
            latest = latest_on(given, number, lane)
        if sent_lane >= 0:
            ready = max(ready, growth.on_lane[lane, LAST_SENT_END])
        found = earliest(given, growth, number, lane, ready, latest, minutes)
        if found[0] < 0:
            continue
        end = found[0] + found[1] + minutes
        is_other, felt_end = 1, end
        if lane == growth.placed[number, PREFERRED]:
            is_other, felt_end = 0, end - patience_min
        if best_lane >= 0 and not is_better(
            (found[6], felt_end, is_other, found[1]), (best[6], best_felt, best_is_other, best[1])
        ):
            continue
        best, best_ready, best_lane, best_end = found, ready, lane, end
        best_felt, best_is_other = felt_end, is_other
    return best_lane, best_end, best_ready, best


@njit(**BARE)
def give_set_up(growth: Growth, owner: int, set_up: int) -> None:
    """Another set-up for all of a batch; the run stays where it is."""
    start = growth.placed[owner, START] + growth.placed[owner, SET_UP] - set_up
    while owner >= 0:
        growth.placed[owner, START], growth.placed[owner, SET_UP] = start, set_up
        owner = growth.placed[owner, MATE]


@njit(**BARE)
def enter_others(given: Given, growth: Growth, number: int) -> None:
    """Enter a placed operation on its second lane and in the sequences of mix rules."""
    second = growth.placed[number, SECOND]
    if second >= 0:
        at = first_slot(given, growth, second, growth.placed[number, START])
        enter(given, growth, number, second, at)
    if given.size[RULES] > 0:
        enter_mix(given, growth, number)


@njit(**BARE)
def join(growth: Growth, number: int, owner: int) -> None:
    """The owner of a batch's slot is ready when all of it is."""
    growth.placed[number, MATE] = growth.placed[owner, MATE]
    growth.placed[owner, MATE] = number
    growth.placed[owner, READY] = max(growth.placed[owner, READY], growth.placed[number, READY])


@njit(**BARE)
def place(given: Given, growth: Growth, number: int, patience_min: int) -> bool:
    """Put an operation where it ends earliest; False if no lane has a place."""
    able, end, ready, found = best_place(given, growth, number, patience_min)
    if able < 0:
        return False
    start, set_up, position, next_set_up, second, owner, _ = found
    row = growth.placed[number]
    row[LANE], row[START], row[SET_UP], row[END], row[READY] = able, start, set_up, end, ready
    row[SECOND], row[MATE] = second, -1
    if owner >= 0:
        join(growth, number, owner)
    else:
        lane = given.lane[able, TIMELINE]
        if position < growth.on_lane[lane, SLOT_COUNT]:
            after = growth.slot[given.lane[lane, SLOT_AT] + position, OWNER]
            if not given.operation[after, IS_FIXED]:
                give_set_up(growth, after, next_set_up)
        enter(given, growth, number, lane, position)
        note_shut(given, growth, lane, position)
        note_shut(given, growth, lane, position + 1)
    enter_others(given, growth, number)
    if given.operation[number, SENT_LANE] >= 0:
        growth.on_lane[able, LAST_SENT_END] = end
    return True


@njit(**BARE)
def advance(given: Given, growth: Growth, number: int) -> None:
    """Move the lane's moment of decision behind an operation; the other places of an oven can
    still be filled until its batch starts.
    """
    own, family = growth.placed[number, LANE], given.operation[number, FAMILY]
    lane = given.lane[own, TIMELINE]
    while lane >= 0:
        minute = growth.placed[number, END] if lane == own else growth.placed[number, START]
        if minute > growth.on_lane[lane, CURSOR]:
            growth.on_lane[lane, CURSOR] = minute
            growth.on_lane[lane, CURSOR_FAMILY] = family
            note_moment(growth, lane)
        lane = given.lane[lane, NEXT_IN_OVEN]


@njit(**BARE)
def put_fixed(given: Given, growth: Growth) -> None:
    for number in range(len(growth.placed)):
        if not given.operation[number, IS_FIXED]:
            continue
        fixed, row = given.operation[number], growth.placed[number]
        start, end = fixed[FIXED_START], fixed[FIXED_END]
        row[LANE], row[SECOND], row[READY] = fixed[FIXED_LANE], fixed[FIXED_SECOND], start
        row[START], row[SET_UP], row[END] = start, fixed[FIXED_SET_UP], end
        lane = given.lane[growth.placed[number, LANE], TIMELINE]
        position = first_slot(given, growth, lane, start)
        owner = -1
        if given.lane[lane, IS_OVEN] and position < growth.on_lane[lane, SLOT_COUNT]:
            owner = growth.slot[given.lane[lane, SLOT_AT] + position, OWNER]
            if growth.placed[owner, START] != start or growth.placed[owner, END] != end:
                owner = -1
        if owner >= 0:
            join(growth, number, owner)
        else:
            enter(given, growth, number, lane, position)
            note_shut(given, growth, lane, position)
            note_shut(given, growth, lane, position + 1)
        enter_others(given, growth, number)
        if start <= 0:
            advance(given, growth, number)


# What waits


@njit(**HOT)
def note_moment(growth: Growth, lane: int) -> None:
    """When the lane is looked at next; FAR while nothing waits."""
    row = growth.on_lane[lane]
    row[MOMENT] = max(row[CURSOR], row[SINCE]) if row[WAITING] > 0 else FAR


@njit(**HOT)
def is_earlier(future: Ints, one: int, other: int) -> bool:
    if future[one, 0] != future[other, 0]:
        return future[one, 0] < future[other, 0]
    return future[one, 1] < future[other, 1]


@njit(**HOT)
def swap(future: Ints, one: int, other: int) -> None:
    future[one, 0], future[other, 0] = future[other, 0], future[one, 0]
    future[one, 1], future[other, 1] = future[other, 1], future[one, 1]


@njit(**HOT)
def push(future: Ints, count: int, ready: int, number: int) -> None:
    future[count, 0], future[count, 1] = ready, number
    while count > 0 and is_earlier(future, count, (count - 1) // 2):
        swap(future, count, (count - 1) // 2)
        count = (count - 1) // 2


@njit(**HOT)
def pop(future: Ints, count: int) -> int:
    """Take out the first of ``count``."""
    number = future[0, 1]
    future[0, 0], future[0, 1] = future[count - 1, 0], future[count - 1, 1]
    at, count = 0, count - 1
    while True:
        least = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < count and is_earlier(future, child, least):
                least = child
        if least == at:
            return number
        swap(future, at, least)
        at = least


@njit(**HOT)
def note_ready(given: Given, growth: Growth, number: int) -> int:
    """When it could start on any of its lanes."""
    if given.size[PLACES] == 0:
        ready = ready_at(given, growth, number)
    else:
        ready = FAR
        first = given.operation[number, ALTERNATIVE_AT]
        for at in range(first, given.operation[number + 1, ALTERNATIVE_AT]):
            ready = min(ready, ready_on(given, growth, number, given.alternative[at, 0]))
    growth.placed[number, READY] = ready
    return ready


@njit(**HOT)
def enqueue(given: Given, growth: Growth, number: int) -> None:
    """It waits at every lane that can do it."""
    ready = growth.placed[number, READY]
    for at in range(
        given.operation[number, ALTERNATIVE_AT], given.operation[number + 1, ALTERNATIVE_AT]
    ):
        lane = given.alternative[at, 0]
        row = growth.on_lane[lane]
        end = given.lane[lane, QUEUE_AT] + row[WAITING]
        growth.queue[end, 0], growth.queue[end, 1] = number, at
        growth.at_queue[at] = end
        row[WAITING] += 1
        row[SINCE] = min(row[SINCE], ready)
        note_moment(growth, lane)


@njit(**HOT)
def note_since(given: Given, growth: Growth, lane: int) -> None:
    """From when something waits: any minute up to the cursor serves as well as the earliest."""
    row = growth.on_lane[lane]
    base, since = given.lane[lane, QUEUE_AT], FAR
    for at in range(base, base + row[WAITING]):
        since = min(since, growth.placed[growth.queue[at, 0], READY])
        if since <= row[CURSOR]:
            break
    row[SINCE] = since


@njit(**HOT)
def dequeue(given: Given, growth: Growth, number: int) -> None:
    ready = growth.placed[number, READY]
    for at in range(
        given.operation[number, ALTERNATIVE_AT], given.operation[number + 1, ALTERNATIVE_AT]
    ):
        lane = given.alternative[at, 0]
        row = growth.on_lane[lane]
        row[WAITING] -= 1
        last, gap = given.lane[lane, QUEUE_AT] + row[WAITING], growth.at_queue[at]
        growth.queue[gap, 0], growth.queue[gap, 1] = growth.queue[last, 0], growth.queue[last, 1]
        growth.at_queue[growth.queue[gap, 1]] = gap
        if ready <= row[SINCE]:
            note_since(given, growth, lane)
        note_moment(growth, lane)


@njit(**HOT)
def next_lane(growth: Growth) -> int:
    """The lane that is looked at first, -1 when nothing waits anywhere."""
    best, best_moment = -1, FAR
    for lane in range(len(growth.on_lane)):
        if growth.on_lane[lane, MOMENT] < best_moment:
            best, best_moment = lane, growth.on_lane[lane, MOMENT]
    return best


@njit(**HOT)
def best_waiting(
    given: Given,
    growth: Growth,
    start_by: Ints,
    log_urgency: Floats,
    per_slack_min: float,
    per_set_up_min: float,
    lane: int,
) -> int:
    """Of what waits at the lane, the best by priority, mix rules, index and lowest number."""
    minute, before = growth.on_lane[lane, MOMENT], growth.on_lane[lane, CURSOR_FAMILY]
    tight = tight_rules(given, growth, lane) if given.lane[lane, MIXED_ON] else 0
    best, best_priority, best_breaks, best_value = -1, 0, False, 0.0
    base = given.lane[lane, QUEUE_AT]
    for at in range(base, base + growth.on_lane[lane, WAITING]):
        number = growth.queue[at, 0]
        if growth.placed[number, READY] > minute:
            continue
        row = given.operation[number]
        slack = max(0, start_by[number] - minute)
        set_up = set_up_min(given, lane, before, row[FAMILY])
        value = log_urgency[number] - slack * per_slack_min - set_up * per_set_up_min
        breaks = (row[MIXED] & tight) != 0
        if best >= 0:
            if row[PRIORITY] != best_priority:
                if row[PRIORITY] < best_priority:
                    continue
            elif breaks != best_breaks:
                if breaks:
                    continue
            elif value < best_value or (value == best_value and number > best):
                continue
        best, best_priority, best_breaks, best_value = number, row[PRIORITY], breaks, value
    return best


@njit(**BARE)
def start_waiting(given: Given, growth: Growth) -> int:
    """Count what each operation still waits for, and collect those that wait for nothing; how many
    those are.
    """
    count, operation, placed = 0, given.operation, growth.placed
    for number in range(len(placed)):
        missing = 0
        for at in range(operation[number, BEFORE_AT], operation[number + 1, BEFORE_AT]):
            if placed[given.before[at], LANE] < 0:
                missing += 1
        placed[number, MISSING] = missing
        if missing == 0 and placed[number, LANE] < 0:
            push(growth.future, count, note_ready(given, growth, number), number)
            count += 1
    return count


@njit(**BARE)
def place_first(
    given: Given, growth: Growth, order: Ints, patience_min: int, is_advancing: bool
) -> int:
    """Place in order; DONE, or the operation that found no place."""
    for number in order:
        if not place(given, growth, number, patience_min):
            return number
        if is_advancing:
            advance(given, growth, number)
    return DONE


@njit(cache=True, nogil=True, **BARE)
def decode_all(given: Given, growth: Growth, order: Ints, patience_min: int) -> int:
    """Put what is fixed, place the rest in order; DONE, or the operation that found no place."""
    put_fixed(given, growth)
    return place_first(given, growth, order, patience_min, False)


@njit(cache=True, nogil=True, **BARE)
def decode_more(given: Given, growth: Growth, order: Ints, patience_min: int) -> int:
    """Place further operations after ``decode_all``, with another patience."""
    return place_first(given, growth, order, patience_min, False)


@njit(cache=True, nogil=True, **BARE)
def dispatch_all(
    given: Given,
    growth: Growth,
    first: Ints,
    start_by: Ints,
    log_urgency: Floats,
    per_slack_min: float,
    per_set_up_min: float,
) -> int:
    """Put what is fixed, place ``first`` in order, the rest by index; DONE, or the operation that
    found no place.

    Args:
        start_by: By operation, its own due minute less its shortest run.
        log_urgency: By operation, log(weight / run).
    """
    put_fixed(given, growth)
    stuck = place_first(given, growth, first, 0, True)
    if stuck != DONE:
        return stuck
    operation, coming = given.operation, start_waiting(given, growth)
    while True:
        lane = next_lane(growth)
        minute = growth.on_lane[lane, MOMENT] if lane >= 0 else FAR
        if coming > 0 and growth.future[0, 0] <= minute:
            if lane < 0:
                minute = growth.future[0, 0]
            while coming > 0 and growth.future[0, 0] <= minute:
                enqueue(given, growth, pop(growth.future, coming))
                coming -= 1
            continue
        if lane < 0:
            return DONE
        number = best_waiting(
            given, growth, start_by, log_urgency, per_slack_min, per_set_up_min, lane
        )
        dequeue(given, growth, number)
        if not place(given, growth, number, 0):
            return number
        advance(given, growth, number)
        for at in range(operation[number, AFTER_AT], operation[number + 1, AFTER_AT]):
            later = given.after[at]
            growth.placed[later, MISSING] -= 1
            if growth.placed[later, MISSING] == 0 and growth.placed[later, LANE] < 0:
                push(growth.future, coming, note_ready(given, growth, later), later)
                coming += 1


# What is worked out before and after


@njit(cache=True, nogil=True, **BARE)
def prepare(given: Given, topological: Ints) -> None:
    """Fill LATEST, SHORTEST and TAIL."""
    operation = given.operation
    for number in range(len(operation) - 1):
        operation[number, LATEST] = FAR
        if operation[number, IS_FIXED]:
            run = operation[number, FIXED_END] - operation[number, FIXED_START]
            operation[number, SHORTEST] = run - operation[number, FIXED_SET_UP]
        else:
            operation[number, SHORTEST] = FAR
            first = operation[number, ALTERNATIVE_AT]
            for at in range(first, operation[number + 1, ALTERNATIVE_AT]):
                shortest = min(operation[number, SHORTEST], given.alternative[at, 1])
                operation[number, SHORTEST] = shortest
    for turn in range(len(topological) - 1, -1, -1):
        number = topological[turn]
        row = operation[number]
        if row[IS_FIXED]:
            must_end = row[FIXED_START] if row[FIXED_START] > 0 else FAR
        else:
            must_end = row[LATEST] - row[SHORTEST] if row[LATEST] < FAR else FAR
        for at in range(row[BEFORE_AT], operation[number + 1, BEFORE_AT]):
            before = operation[given.before[at]]
            before[LATEST] = min(before[LATEST], must_end)
            before[TAIL] = max(before[TAIL], row[TAIL] + row[SHORTEST])


@njit(cache=True, nogil=True, **BARE)
def measure(given: Given, placed: Ints, ends: Ints) -> tuple[int, int, int]:
    """Weighted tardiness, minutes of set-up that a plan can change, and the last end; ``ends``
    becomes the end of every job.
    """
    for job in range(len(ends)):
        ends[job] = -FAR
    set_up, makespan = 0, placed[0, END] if len(placed) > 0 else 0
    for number in range(len(placed)):
        job, end = given.operation[number, JOB], placed[number, END]
        ends[job] = max(ends[job], end)
        makespan = max(makespan, end)
        if not given.operation[number, IS_FIXED]:
            set_up += placed[number, SET_UP]
    tardiness = 0
    for job in range(len(ends)):
        tardiness += given.job[job, WEIGHT] * max(0, ends[job] - given.job[job, DUE])
    return tardiness, set_up, makespan


@njit(cache=True, nogil=True, **BARE)
def count_breaches(given: Given, growth: Growth) -> int:
    """Members that are one too many among the ``OF`` that end with them."""
    breaches = 0
    for rule in range(given.size[RULES]):
        members = 0
        for position in range(growth.mix_count[rule]):
            is_in = is_member(given, growth, rule, position)
            members += is_in
            if position >= given.mix[rule, OF]:
                members -= is_member(given, growth, rule, position - given.mix[rule, OF])
            if is_in and members > given.mix[rule, AT_MOST]:
                breaches += 1
    return breaches
