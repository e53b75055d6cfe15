"""Tabu search over the disjunctive graph, compiled.

Moves change a critical way of every late target: inside a block of one machine those of N7
(Zhang et al. 2007), with set-ups any two of a block (Balas and Vazacopoulos 1998); to every other
machine that can do a critical operation, at every place heads and tails prove free of circles
(Mastrolilli and Gambardella 2000; Dauzere-Peres and Paulli 1997).
"""

# An element of a table is Any to mypy, and numba has no types.
# mypy: disable-error-code="untyped-decorator, no-any-return"
from numba import njit

from production.scheduling.instances.shop import Ints
from production.scheduling.search.graph import (
    AFTER,
    BEFORE,
    DUE,
    END,
    HEAD,
    JOB_AFTER,
    JOB_BEFORE,
    MACHINE,
    MINUTES,
    OPTION_AT,
    OPTION_END,
    SEEN,
    TARGET,
    Table,
)
from production.scheduling.search.moves import (
    LINE,
    WAY,
    draw,
    estimate,
    estimate_elsewhere,
    gap,
    heads,
    put_after,
    tails,
    take_out,
)

# What a search remembers between calls. STALL: iterations since the best plan.
(ITERATION, COST, BEST, STALL) = range(4)
NUMBERS = 5
# The best moves by estimate, best first, and in the last row a forbidden one. KEY is the estimate
# with a drawn number behind it, so that equal ones stand in any order.
(KEY, TIES, NUMBER, TO_MACHINE, TO_BEFORE, OTHER) = range(6)
CHOICE_COLUMNS = 6
DRAWN = 1024
# pair[before, after]: the iteration until which that order is forbidden; for the first and the
# last of a block, the iteration that saw it.
(UNTIL, SEEN_IN) = range(2)
FAR = 1 << 60


@njit()
def offer(
    numbers: Ints,
    choice: Ints,
    worth: int,
    number: int,
    machine: int,
    before: int,
    other: int,
    forbidden: bool,
) -> None:
    """Keep the move if it is among the best so far; of forbidden ones any will do."""
    row = len(choice) - 1
    key = worth * DRAWN + draw(numbers, DRAWN)
    if forbidden and worth >= numbers[BEST]:
        choice[row, TIES] += 1
        if draw(numbers, choice[row, TIES]) > 0:
            return
    else:
        if key >= choice[row - 1, KEY]:
            return
        row -= 1
        while row > 0 and choice[row - 1, KEY] > key:
            for column in range(CHOICE_COLUMNS):
                choice[row, column] = choice[row - 1, column]
            row -= 1
    choice[row, KEY] = key
    choice[row, NUMBER] = number
    choice[row, TO_MACHINE] = machine
    choice[row, TO_BEFORE] = before
    choice[row, OTHER] = other


@njit()
def critical_way(
    node: Table, target: Table, set_up: Table, numbers: Ints, room: Table, aim: int
) -> int:
    """A critical way to a target's end, last operation first; returns its length."""
    number, ties = -1, 0
    for candidate in range(len(node)):
        end = node[candidate, HEAD] + node[candidate, MINUTES]
        if node[candidate, TARGET] == aim and end == target[aim, END]:
            ties += 1
            if draw(numbers, ties) == 0:
                number = candidate
    length = 0
    while number >= 0:
        room[length, WAY] = number
        length += 1
        by_job, by_machine = node[number, JOB_BEFORE], node[number, BEFORE]
        start = node[number, HEAD]
        if by_job >= 0 and node[by_job, HEAD] + node[by_job, MINUTES] != start:
            by_job = -1
        if by_machine >= 0:
            free = node[by_machine, HEAD] + node[by_machine, MINUTES]
            if free + gap(set_up, node[number, MACHINE], by_machine, number) != start:
                by_machine = -1
        if by_job >= 0 and by_machine >= 0:
            number = by_job if draw(numbers, 2) else by_machine
        else:
            number = max(by_job, by_machine)
    return length


@njit()
def has_no_way(node: Table, tail: Table, source: int, sink: int) -> bool:
    """Whether no way leads from an operation to another, as far as heads and tails tell."""
    if source == sink:
        return False
    if node[sink, HEAD] < node[source, HEAD] + node[source, MINUTES]:
        return True
    for aim in range(tail.shape[1]):
        if tail[source, aim] < node[sink, MINUTES] + tail[sink, aim]:
            return True
    return False


@njit()
def offer_shift(
    node: Table,
    tail: Table,
    target: Table,
    set_up: Table,
    numbers: Ints,
    pair: Table,
    choice: Ints,
    room: Table,
    new_tail: Table,
    low: int,
    high: int,
    forward: bool,
) -> None:
    """Offer ``way[high]`` right behind ``way[low]`` (forward), or ``way[low]`` right before
    ``way[high]``; ``way`` runs backwards.
    """
    iteration, length = numbers[ITERATION], high - low + 1
    first, last = room[high, WAY], room[low, WAY]
    room[0, LINE], room[length + 1, LINE] = node[first, BEFORE], node[last, AFTER]
    forbidden = False
    if forward:
        for index in range(1, length):
            number = room[high - index, WAY]
            room[index, LINE] = number
            forbidden |= pair[number, first, UNTIL] > iteration
        room[length, LINE] = first
    else:
        room[1, LINE] = last
        for index in range(1, length):
            number = room[high - index + 1, WAY]
            room[index + 1, LINE] = number
            forbidden |= pair[last, number, UNTIL] > iteration
    worth = estimate(node, tail, target, set_up, room, new_tail, length)
    if forward:
        offer(numbers, choice, worth, first, node[first, MACHINE], last, last, forbidden)
    else:
        before = node[first, BEFORE]
        offer(numbers, choice, worth, last, node[last, MACHINE], before, first, forbidden)


@njit()
def offer_block(
    node: Table,
    tail: Table,
    target: Table,
    set_up: Table,
    numbers: Ints,
    pair: Table,
    choice: Ints,
    room: Table,
    new_tail: Table,
    low: int,
    high: int,
) -> None:
    """All moves inside ``way[low..high]``, a block of one machine."""
    first, last = room[high, WAY], room[low, WAY]
    if pair[first, last, SEEN_IN] == numbers[ITERATION]:
        return
    pair[first, last, SEEN_IN] = numbers[ITERATION]
    wide = set_up.size > 0
    for right in range(low, high):
        for left in range(right + 1, high + 1):
            if not (wide or left == high or right == low):
                continue
            early, late = room[left, WAY], room[right, WAY]
            after, before = node[early, JOB_AFTER], node[late, JOB_BEFORE]
            if after < 0 or has_no_way(node, tail, after, late):
                offer_shift(
                    node, tail, target, set_up, numbers, pair, choice, room, new_tail,
                    right, left, True,
                )  # fmt: skip
            if left > right + 1 and (before < 0 or has_no_way(node, tail, early, before)):
                offer_shift(
                    node, tail, target, set_up, numbers, pair, choice, room, new_tail,
                    right, left, False,
                )  # fmt: skip


@njit()
def offer_machines(
    node: Table,
    first: Table,
    tail: Table,
    target: Table,
    option: Table,
    set_up: Table,
    numbers: Ints,
    machine_until: Table,
    choice: Ints,
    number: int,
) -> None:
    """Every place on every other machine that can do it, where no circle can arise."""
    iteration = numbers[ITERATION]
    if node[number, SEEN] == iteration:
        return
    node[number, SEEN] = iteration
    earlier, later = node[number, JOB_BEFORE], node[number, JOB_AFTER]
    closes = FAR
    if later >= 0:
        closes = node[later, HEAD] + node[later, MINUTES]
    opens = -1
    if earlier >= 0:
        opens = node[earlier, HEAD]
    for row in range(node[number, OPTION_AT], node[number, OPTION_END]):
        machine, minutes = option[row, 0], option[row, 1]
        if machine == node[number, MACHINE]:
            continue
        forbidden = machine_until[number, machine] > iteration
        before, after = -1, first[machine]
        while after >= 0 and node[after, HEAD] + node[after, MINUTES] <= opens:
            before, after = after, node[after, AFTER]
        while True:
            worth = estimate_elsewhere(
                node, tail, target, set_up, number, machine, minutes, before, after
            )
            offer(numbers, choice, worth, number, machine, before, row, forbidden)
            if after < 0 or node[after, HEAD] >= closes:
                break
            before, after = after, node[after, AFTER]


@njit()
def offer_all(
    node: Table,
    first: Table,
    tail: Table,
    target: Table,
    option: Table,
    set_up: Table,
    numbers: Ints,
    pair: Table,
    machine_until: Table,
    choice: Ints,
    room: Table,
    new_tail: Table,
) -> None:
    for row in range(len(choice)):
        choice[row, KEY], choice[row, TIES], choice[row, NUMBER] = FAR, 0, -1
    for aim in range(len(target)):
        if target[aim, END] <= target[aim, DUE]:
            continue
        length = critical_way(node, target, set_up, numbers, room, aim)
        low = 0
        for index in range(length):
            number = room[index, WAY]
            if node[number, OPTION_END] - node[number, OPTION_AT] > 1:
                offer_machines(
                    node, first, tail, target, option, set_up, numbers, machine_until, choice,
                    number,
                )  # fmt: skip
            if index + 1 == length or node[number, BEFORE] != room[index + 1, WAY]:
                if index > low:
                    offer_block(
                        node, tail, target, set_up, numbers, pair, choice, room, new_tail,
                        low, index,
                    )  # fmt: skip
                low = index + 1


@njit()
def make(
    node: Table,
    first: Table,
    option: Table,
    numbers: Ints,
    pair: Table,
    machine_until: Table,
    choice: Ints,
    row: int,
    tenure: int,
) -> None:
    """Make the chosen move and forbid the way back."""
    number, machine = choice[row, NUMBER], choice[row, TO_MACHINE]
    before, opposite = choice[row, TO_BEFORE], choice[row, OTHER]
    old, minutes = node[number, MACHINE], node[number, MINUTES]
    until = numbers[ITERATION] + tenure
    if machine != old:
        machine_until[number, old] = until
        minutes = option[opposite, 1]
    elif before == opposite:  # to behind it
        other = node[number, AFTER]
        while True:
            pair[number, other, UNTIL] = until
            if other == opposite:
                break
            other = node[other, AFTER]
    else:
        other = node[number, BEFORE]
        while True:
            pair[other, number, UNTIL] = until
            if other == opposite:
                break
            other = node[other, BEFORE]
    take_out(node, first, number)
    put_after(node, first, number, machine, minutes, before)


@njit()
def best_row(
    node: Table, first: Table, target: Table, option: Table, set_up: Table, choice: Ints
) -> int:
    """The row to follow: the first, or of several the one whose plan is the best when reckoned to
    the end. Leaves heads and order as the last one tried made them.
    """
    last = len(choice) - 1
    if choice[0, NUMBER] < 0:
        return last
    if last == 1:
        return 0
    best, least = 0, FAR
    for row in range(last):
        number, machine = choice[row, NUMBER], choice[row, TO_MACHINE]
        if number < 0:
            break
        old, minutes, before = node[number, MACHINE], node[number, MINUTES], node[number, BEFORE]
        new_minutes = minutes if machine == old else option[choice[row, OTHER], 1]
        take_out(node, first, number)
        put_after(node, first, number, machine, new_minutes, choice[row, TO_BEFORE])
        worth = heads(node, target, set_up)
        take_out(node, first, number)
        put_after(node, first, number, old, minutes, before)
        if 0 <= worth < least:
            best, least = row, worth
    return best


@njit(cache=True, nogil=True)
def evaluate(
    node: Table, first: Table, tail: Table, target: Table, option: Table, set_up: Table
) -> int:
    """Heads, tails and the objective of a plan; -1: its arcs run in a circle."""
    worth = heads(node, target, set_up)
    if worth >= 0:
        tails(node, tail, set_up)
    return worth


@njit(cache=True, nogil=True)
def search(
    node: Table,
    first: Table,
    tail: Table,
    target: Table,
    option: Table,
    set_up: Table,
    numbers: Ints,
    pair: Table,
    machine_until: Table,
    choice: Ints,
    room: Table,
    new_tail: Table,
    best_node: Table,
    best_first: Table,
    iterations: int,
    patience: int,
    tenure: int,
) -> int:
    """Walk on from the plan in ``node``, keeping the best one met in ``best_node``.

    Returns how many of ``iterations`` were made; fewer when nothing better came for ``patience``
    iterations, no move is left or nothing is left to gain. May be called again to walk on.
    """
    for done in range(iterations):
        if numbers[BEST] == 0 or numbers[STALL] >= patience:
            return done
        numbers[ITERATION] += 1
        offer_all(
            node, first, tail, target, option, set_up, numbers, pair, machine_until, choice, room,
            new_tail,
        )  # fmt: skip
        row = best_row(node, first, target, option, set_up, choice)
        number = choice[row, NUMBER]
        if number < 0:
            return done
        machine, minutes, before = (
            node[number, MACHINE],
            node[number, MINUTES],
            node[number, BEFORE],
        )
        length = tenure + draw(numbers, tenure // 2 + 1)
        make(node, first, option, numbers, pair, machine_until, choice, row, length)
        worth = heads(node, target, set_up)
        numbers[STALL] += 1
        if worth < 0:  # runs of no minutes only: the numbers cannot prove enough there
            take_out(node, first, number)
            put_after(node, first, number, machine, minutes, before)
            worth = heads(node, target, set_up)
        tails(node, tail, set_up)
        numbers[COST] = worth
        if worth < numbers[BEST]:
            numbers[BEST], numbers[STALL] = worth, 0
            best_node[:] = node
            best_first[:] = first
    return iterations
