"""Walks over a flat diagram, compiled. Their twins in plain Python stand in the tests.

Arrays are those of ``flat.Diagram``. ``base`` gives the place of each level's first answer among
all answers, ``(levels + 1,)``. ``allowed`` says which answers the choices leave, and ``fitting`` is
its running sum: ``fitting[j] - fitting[i]`` counts the allowed answers from i to below j.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from .flat import FAR as DEAREST
from .flat import LIMB_BITS

Array = NDArray[Any]
LIMB = LIMB_BITS
FAR = np.int64(DEAREST)


@numba.njit(cache=True)
def _end(run: int, stop: int, start: Array, size: int) -> int:
    """The answer after the last of a run."""
    return start[run + 1] if run + 1 < stop else size


@numba.njit(cache=True)
def living(
    level: Array, first: Array, start: Array, child: Array, base: Array, fitting: Array
) -> Array:
    """For each node and the end: whether some allowed answers lead to the end."""
    nodes = len(level) - 1
    alive = np.zeros(nodes + 1, dtype=np.bool_)
    alive[nodes] = True
    for node in range(nodes - 1, -1, -1):
        at = base[level[node]]
        size = base[level[node] + 1] - at
        stop = first[node + 1]
        for run in range(first[node], stop):
            if child[run] < 0 or not alive[child[run]]:
                continue
            if fitting[at + _end(run, stop, start, size)] > fitting[at + start[run]]:
                alive[node] = True
                break
    return alive


@numba.njit(cache=True)
def possible(
    level: Array, first: Array, start: Array, child: Array, base: Array, fitting: Array
) -> Array:
    """For each answer: whether a design has it, given the choices in all other questions."""
    nodes, levels = len(level) - 1, len(base) - 1
    alive = living(level, first, start, child, base, fitting)
    reached = np.zeros(nodes + 1, dtype=np.bool_)
    # Differences: answer i of level l stands at base[l] + l + i, so that ends do not collide.
    marks = np.zeros(base[levels] + levels + 1, dtype=np.int32)
    free = np.zeros(levels + 1, dtype=np.int32)
    reached[0] = True
    if alive[0]:
        free[0] += 1
        free[level[0]] -= 1
    for node in range(nodes):
        if not reached[node]:
            continue
        own = level[node]
        at = base[own]
        size = base[own + 1] - at
        stop = first[node + 1]
        for run in range(first[node], stop):
            then = child[run]
            if then < 0:
                continue
            end = _end(run, stop, start, size)
            leads_on = fitting[at + end] > fitting[at + start[run]]
            if leads_on:
                reached[then] = True
            if alive[then]:
                marks[at + own + start[run]] += 1
                marks[at + own + end] -= 1
                if leads_on and level[then] > own + 1:
                    free[own + 1] += 1
                    free[level[then]] -= 1
    found = np.zeros(base[levels], dtype=np.bool_)
    open_ways = 0
    for own in range(levels):
        open_ways += free[own]
        ways = 0
        for answer in range(base[own], base[own + 1]):
            ways += marks[answer + own]
            found[answer] = ways > 0 or open_ways > 0
    return found


@numba.njit(cache=True)
def _times(number: Array, factor: int) -> None:
    carry = np.uint64(0)
    for limb in range(len(number)):
        product = number[limb] * np.uint64(factor) + carry
        number[limb] = product & np.uint64(0xFFFFFFFF)
        carry = product >> np.uint64(LIMB)


@numba.njit(cache=True)
def _times_free(number: Array, above: int, below: int, base: Array, fitting: Array) -> None:
    """Times the allowed answers of every level between two, several levels at a time."""
    factor = 1
    for own in range(above + 1, below):
        fits = fitting[base[own + 1]] - fitting[base[own]]
        if fits == 1:
            continue
        if factor * fits >= 1 << 31:
            _times(number, factor)
            factor = 1
        factor *= fits
    if factor > 1:
        _times(number, factor)


@numba.njit(cache=True)
def count(
    level: Array,
    first: Array,
    start: Array,
    child: Array,
    base: Array,
    fitting: Array,
    limbs: int,
) -> Array:
    """How many designs the choices leave, as 32-bit limbs, the least significant first."""
    nodes = len(level) - 1
    counts = np.zeros((nodes + 1, limbs), dtype=np.uint64)
    counts[nodes, 0] = 1
    product = np.zeros(limbs, dtype=np.uint64)
    for node in range(nodes - 1, -1, -1):
        own = level[node]
        at = base[own]
        size = base[own + 1] - at
        stop = first[node + 1]
        for run in range(first[node], stop):
            then = child[run]
            if then < 0:
                continue
            fits = fitting[at + _end(run, stop, start, size)] - fitting[at + start[run]]
            if fits == 0:
                continue
            product[:] = counts[then]
            _times_free(product, own, level[then], base, fitting)
            if fits > 1:
                _times(product, fits)
            carry = np.uint64(0)
            for limb in range(limbs):
                total = counts[node, limb] + product[limb] + carry
                counts[node, limb] = total & np.uint64(0xFFFFFFFF)
                carry = total >> np.uint64(LIMB)
    product[:] = counts[0]
    _times_free(product, -1, level[0], base, fitting)
    return product


@numba.njit(cache=True)
def _least(cost: Array, allowed: Array, begin: int, end: int) -> Any:
    least = FAR
    for answer in range(begin, end):
        if allowed[answer] and cost[answer] < least:
            least = cost[answer]
    return least


@numba.njit(cache=True)
def descending(
    level: Array,
    first: Array,
    start: Array,
    child: Array,
    base: Array,
    allowed: Array,
    cost: Array,
    skipped: Array,
) -> Array:
    """For each node and the end: the least cost of all allowed ways on from it.

    Args:
        skipped: Running sum over the levels of each one's cheapest allowed answer.
    """
    nodes = len(level) - 1
    down = np.full(nodes + 1, FAR, dtype=np.int64)
    down[nodes] = 0
    for node in range(nodes - 1, -1, -1):
        own = level[node]
        at = base[own]
        size = base[own + 1] - at
        stop = first[node + 1]
        for run in range(first[node], stop):
            then = child[run]
            if then < 0 or down[then] >= FAR:
                continue
            step = _least(cost, allowed, at + start[run], at + _end(run, stop, start, size))
            if step < FAR:
                total = step + skipped[level[then]] - skipped[own + 1] + down[then]
                down[node] = min(down[node], total)
    return down


@numba.njit(cache=True)
def cheapest_way(
    level: Array,
    first: Array,
    start: Array,
    child: Array,
    base: Array,
    allowed: Array,
    cost: Array,
    skipped: Array,
    down: Array,
) -> Array:
    """For each level the answer of a cheapest design; among equally cheap, the first answers."""
    levels = len(base) - 1
    way = np.full(levels, -1, dtype=np.int32)
    node = 0
    while level[node] < levels:
        own = level[node]
        at = base[own]
        size = base[own + 1] - at
        stop = first[node + 1]
        following = -1
        for run in range(first[node], stop):
            then = child[run]
            if then < 0 or down[then] >= FAR:
                continue
            rest = skipped[level[then]] - skipped[own + 1] + down[then]
            for answer in range(at + start[run], at + _end(run, stop, start, size)):
                if allowed[answer] and cost[answer] + rest == down[node] and following < 0:
                    way[own] = answer - at
                    following = then
        node = following
    for own in range(levels):
        if way[own] < 0:
            least = _least(cost, allowed, base[own], base[own + 1])
            for answer in range(base[own], base[own + 1]):
                if way[own] < 0 and allowed[answer] and cost[answer] == least:
                    way[own] = answer - base[own]
    return way


@numba.njit(cache=True)
def _lower(best: Array, begin: int, end: int, rest: int, cost: Array, at: int) -> None:
    """``best`` of the answers from begin to below end becomes at most ``rest`` and their cost."""
    for answer in range(begin, end):
        best[at + answer] = min(best[at + answer], rest + cost[at + answer])


@numba.njit(cache=True)
def cheapest_each(
    level: Array,
    first: Array,
    start: Array,
    child: Array,
    base: Array,
    allowed: Array,
    cost: Array,
    skipped: Array,
    down: Array,
) -> Array:
    """For each answer the cost of the cheapest design with it, given all other choices."""
    nodes, levels = len(level) - 1, len(base) - 1
    up = np.full(nodes + 1, FAR, dtype=np.int64)
    up[0] = skipped[level[0]]
    best = np.full(base[levels], FAR, dtype=np.int64)
    free = np.full(levels, FAR, dtype=np.int64)
    if down[0] < FAR:
        free[: level[0]] = skipped[level[0]] + down[0]
    for node in range(nodes):
        own, stop = level[node], first[node + 1]
        at, size = base[own], base[own + 1] - base[own]
        for run in range(first[node], stop):
            then = child[run]
            if then < 0 or up[node] >= FAR:
                continue
            end = _end(run, stop, start, size)
            between = skipped[level[then]] - skipped[own + 1]
            step = _least(cost, allowed, at + start[run], at + end)
            if step < FAR:
                up[then] = min(up[then], up[node] + step + between)
            if down[then] < FAR:
                rest = up[node] + between + down[then]
                _lower(best, start[run], end, rest, cost, at)
                if step < FAR:
                    way = free[own + 1 : level[then]]
                    way[:] = np.minimum(way, rest + step)
    for own in range(levels):
        if free[own] < FAR:
            rest = free[own] - (skipped[own + 1] - skipped[own])
            _lower(best, 0, base[own + 1] - base[own], rest, cost, base[own])
    return best
