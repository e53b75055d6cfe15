"""Steps in the disjunctive graph, compiled: evaluating a plan, estimating a move, making it."""

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
    IS_TOUCHED,
    JOB_AFTER,
    JOB_BEFORE,
    MACHINE,
    MINUTES,
    MISSING,
    ORDER,
    TARGET,
    THROUGH,
    WEIGHT,
    Table,
)

NEVER = -(1 << 30)
"""The tail to a target that an operation has no way to."""
SEED = 4
"""Where the numbers of a search keep the state of its generator."""
(WAY, LINE, NEW_HEAD) = range(3)
"""Columns of a search's room to reckon in."""


@njit()
def draw(numbers: Ints, below: int) -> int:
    """A number from 0 below ``below``; xorshift, so that a seed gives the same run anywhere."""
    x = numbers[SEED]
    x ^= (x << 13) & 0x7FFFFFFFFFFFFFFF
    x ^= x >> 7
    x ^= (x << 17) & 0x7FFFFFFFFFFFFFFF
    numbers[SEED] = x
    return (((x >> 20) & 0xFFFFFFFF) * below) >> 32


@njit()
def gap(set_up: Table, machine: int, before: int, after: int) -> int:
    """Minutes of set-up between neighbours on a machine."""
    return set_up[machine, before, after] if set_up.size else 0


@njit()
def cost(target: Table, column: int) -> int:
    total = 0
    for index in range(len(target)):
        late = target[index, column] - target[index, DUE]
        if late > 0:
            total += target[index, WEIGHT] * late
    return total


@njit()
def cost_of_touched(target: Table) -> int:
    """As ``cost`` of THROUGH, where an untouched target does not end before it did."""
    for aim in range(len(target)):
        if target[aim, IS_TOUCHED] == 0:
            target[aim, THROUGH] = max(target[aim, THROUGH], target[aim, END])
    return cost(target, THROUGH)


@njit()
def heads(node: Table, target: Table, set_up: Table) -> int:
    """Order, heads, ends and the objective; -1: the arcs run in a circle. O(operations)."""
    size, ready = len(node), 0
    for number in range(size):
        waits = (node[number, JOB_BEFORE] >= 0) + (node[number, BEFORE] >= 0)
        node[number, MISSING] = waits
        if waits == 0:
            node[ready, ORDER] = number
            ready += 1
    target[:, END] = 0
    seen = 0
    while seen < ready:
        number = node[seen, ORDER]
        seen += 1
        start = 0
        before = node[number, JOB_BEFORE]
        if before >= 0:
            start = node[before, HEAD] + node[before, MINUTES]
        before = node[number, BEFORE]
        if before >= 0:
            free = node[before, HEAD] + node[before, MINUTES]
            start = max(start, free + gap(set_up, node[number, MACHINE], before, number))
        node[number, HEAD] = start
        aim = node[number, TARGET]
        if aim >= 0:
            target[aim, END] = max(target[aim, END], start + node[number, MINUTES])
        for later in (node[number, JOB_AFTER], node[number, AFTER]):
            if later >= 0:
                node[later, MISSING] -= 1
                if node[later, MISSING] == 0:
                    node[ready, ORDER] = later
                    ready += 1
    return cost(target, END) if seen == size else -1


@njit()
def tails(node: Table, tail: Table, set_up: Table) -> None:
    """In the order that ``heads`` left; O(operations x targets)."""
    targets = tail.shape[1]
    for index in range(len(node) - 1, -1, -1):
        number = node[index, ORDER]
        by_job, by_machine = node[number, JOB_AFTER], node[number, AFTER]
        if by_job >= 0:
            minutes = node[by_job, MINUTES]
            for aim in range(targets):
                tail[number, aim] = minutes + tail[by_job, aim]
        else:
            for aim in range(targets):
                tail[number, aim] = NEVER
            tail[number, node[number, TARGET]] = 0
        if by_machine >= 0:
            minutes = node[by_machine, MINUTES]
            minutes += gap(set_up, node[number, MACHINE], number, by_machine)
            for aim in range(targets):
                tail[number, aim] = max(tail[number, aim], minutes + tail[by_machine, aim])


@njit()
def take_out(node: Table, first: Table, number: int) -> None:
    before, after = node[number, BEFORE], node[number, AFTER]
    if before >= 0:
        node[before, AFTER] = after
    else:
        first[node[number, MACHINE]] = after
    if after >= 0:
        node[after, BEFORE] = before


@njit()
def put_after(
    node: Table, first: Table, number: int, machine: int, minutes: int, before: int
) -> None:
    """Onto a machine behind ``before``; -1: as its first."""
    after = node[before, AFTER] if before >= 0 else first[machine]
    node[number, MACHINE], node[number, MINUTES] = machine, minutes
    node[number, BEFORE], node[number, AFTER] = before, after
    if before >= 0:
        node[before, AFTER] = number
    else:
        first[machine] = number
    if after >= 0:
        node[after, BEFORE] = number


@njit()
def job_free(node: Table, number: int) -> int:
    """When the operation before in the job ends."""
    before = node[number, JOB_BEFORE]
    return node[before, HEAD] + node[before, MINUTES] if before >= 0 else 0


@njit()
def estimate(
    node: Table,
    tail: Table,
    target: Table,
    set_up: Table,
    room: Table,
    new_tail: Table,
    length: int,
) -> int:
    """The objective when ``line[1 : length + 1]`` stand between ``line[0]`` and
    ``line[length + 1]`` (-1: none) on their machine, by the heads and tails around them (Balas and
    Vazacopoulos); a target whose critical way does not pass here keeps at least its end.
    """
    targets = len(target)
    machine = node[room[1, LINE], MACHINE]
    before = room[0, LINE]
    free = 0
    if before >= 0:
        free = node[before, HEAD] + node[before, MINUTES]
    for index in range(1, length + 1):
        number = room[index, LINE]
        if before >= 0:
            free += gap(set_up, machine, before, number)
        start = max(free, job_free(node, number))
        room[index, NEW_HEAD] = start
        free = start + node[number, MINUTES]
        before = number
    for aim in range(targets):
        target[aim, THROUGH] = NEVER
        target[aim, IS_TOUCHED] = 0
    after = room[length + 1, LINE]
    for index in range(length, 0, -1):
        number = room[index, LINE]
        later, own, between = node[number, JOB_AFTER], node[number, TARGET], 0
        by_job = node[later, MINUTES] if later >= 0 else 0
        if after >= 0:
            between = node[after, MINUTES] + gap(set_up, machine, number, after)
        end = room[index, NEW_HEAD] + node[number, MINUTES]
        old = node[number, HEAD] + node[number, MINUTES]
        for aim in range(targets):
            way = 0 if own == aim else NEVER
            if later >= 0:
                way = by_job + tail[later, aim]
            if after >= 0:
                rest = tail[after, aim] if index == length else new_tail[index + 1, aim]
                way = max(way, between + rest)
            new_tail[index, aim] = way
            target[aim, THROUGH] = max(target[aim, THROUGH], end + way)
            if old + tail[number, aim] == target[aim, END]:
                target[aim, IS_TOUCHED] = 1
        after = number
    return cost_of_touched(target)


@njit()
def estimate_elsewhere(
    node: Table,
    tail: Table,
    target: Table,
    set_up: Table,
    number: int,
    machine: int,
    minutes: int,
    before: int,
    after: int,
) -> int:
    """The objective when an operation moves between two on another machine."""
    start = job_free(node, number)
    if before >= 0:
        free = node[before, HEAD] + node[before, MINUTES]
        start = max(start, free + gap(set_up, machine, before, number))
    later, own = node[number, JOB_AFTER], node[number, TARGET]
    by_job = node[later, MINUTES] if later >= 0 else 0
    left, right = node[number, BEFORE], node[number, AFTER]
    old_end = node[number, HEAD] + node[number, MINUTES]
    bridge, between, total = -1, 0, 0
    if left >= 0 and right >= 0:
        bridge = node[left, HEAD] + node[left, MINUTES] + node[right, MINUTES]
        bridge += gap(set_up, node[number, MACHINE], left, right)
    if after >= 0:
        between = node[after, MINUTES] + gap(set_up, machine, number, after)
    for aim in range(len(target)):
        way = 0 if own == aim else NEVER
        if later >= 0:
            way = by_job + tail[later, aim]
        if after >= 0:
            way = max(way, between + tail[after, aim])
        end = start + minutes + way
        if bridge >= 0:
            end = max(end, bridge + tail[right, aim])
        if old_end + tail[number, aim] != target[aim, END]:
            end = max(end, target[aim, END])
        if end > target[aim, DUE]:
            total += target[aim, WEIGHT] * (end - target[aim, DUE])
    return total
