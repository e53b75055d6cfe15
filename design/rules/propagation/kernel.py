"""Unit propagation and a short-sighted search for designs, compiled.

A literal is a code here: twice its variable, plus one where it is negated, so that ``code ^ 1`` is
its opposite. ``rows`` are the arrays of ``clause_rows.ClauseRows``; ``active`` says which rules are
in force, and its last entry, for what always holds, is True.

Clauses of three literals and more are watched at their first two places (Moskewicz and others,
"Chaff", 2001); node ``2 * clause + side`` of a linked list watches one of them. The search goes
back to its last decision where it runs into a contradiction and gives up after a few; it is meant
for questions whose answer lies near a design that is known.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rows = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Array, Array]
State = tuple[Array, Array, Array, Array, Array, Array, Array]

POSSIBLE, IMPOSSIBLE, UNKNOWN = 1, 0, -1
DECIDED = -1
"""The reason of a literal that follows from nothing."""


@numba.njit(cache=True)
def _blank(rows: Rows) -> State:
    """Nothing assigned."""
    codes = len(rows[6])
    value = np.zeros(codes, dtype=np.int8)
    trail = np.empty(codes // 2, dtype=np.int32)
    reason = np.full(codes // 2, DECIDED, dtype=np.int32)
    at = np.zeros(2, dtype=np.int64)
    return rows[0].copy(), rows[6].copy(), rows[7].copy(), value, trail, reason, at


@numba.njit(cache=True)
def _begin(rows: Rows, active: Array, state: State) -> int:
    """Assign what single literals demand; a contradicted clause, or -1."""
    starts, owner, units = rows[1], rows[2], rows[8]
    lits, value = state[0], state[3]
    _undo(state, 0)
    for clause in units:
        if not active[owner[clause]]:
            continue
        if starts[clause + 1] == starts[clause]:
            return int(clause)
        code = lits[starts[clause]]
        if value[code] < 0:
            return int(clause)
        if value[code] == 0:
            _assign(state, code, clause)
    return _propagate(rows, active, state)


@numba.njit(cache=True)
def _assign(state: State, code: int, why: int) -> None:
    _, _, _, value, trail, reason, at = state
    value[code] = 1
    value[code ^ 1] = -1
    reason[code >> 1] = why
    trail[at[0]] = code
    at[0] += 1


@numba.njit(cache=True)
def _undo(state: State, length: int) -> None:
    """Back to when so many literals were assigned."""
    _, _, _, value, trail, _, at = state
    for place in range(length, at[0]):
        value[trail[place]] = 0
        value[trail[place] ^ 1] = 0
    at[0] = length
    at[1] = length


@numba.njit(cache=True)
def _propagate(rows: Rows, active: Array, state: State) -> int:
    """Assign what follows from what is assigned; a contradicted clause, or -1."""
    _, starts, owner, pair_start, pair_other, pair_clause, _, _, _, _, _ = rows
    lits, heads, nexts, value, trail, _, at = state
    while at[1] < at[0]:
        wrong = trail[at[1]] ^ 1
        at[1] += 1
        for place in range(pair_start[wrong], pair_start[wrong + 1]):
            other = pair_other[place]
            if value[other] > 0 or not active[owner[pair_clause[place]]]:
                continue
            if value[other] < 0:
                return int(pair_clause[place])
            _assign(state, other, pair_clause[place])
        node, before = heads[wrong], -1
        while node >= 0:
            following = nexts[node]
            clause, side = node >> 1, node & 1
            first = starts[clause]
            other = lits[first + 1 - side]
            if value[other] > 0 or not active[owner[clause]]:
                node, before = following, node
                continue
            place, stop = first + 2, starts[clause + 1]
            while place < stop and value[lits[place]] < 0:
                place += 1
            if place < stop:
                watched = lits[place]
                lits[place], lits[first + side] = wrong, watched
                if before < 0:
                    heads[wrong] = following
                else:
                    nexts[before] = following
                nexts[node], heads[watched] = heads[watched], node
                node = following
                continue
            if value[other] < 0:
                return int(clause)
            _assign(state, other, clause)
            node, before = following, node
    return -1


@numba.njit(cache=True)
def _assume(rows: Rows, active: Array, state: State, codes: Array) -> tuple[int, int]:
    """Assign ``codes`` only: a contradicted clause or -1, and one that is refuted or -1."""
    clash = _begin(rows, active, state)
    if clash >= 0:
        return clash, -1
    for code in codes:
        if state[3][code] < 0:
            return -1, code
        if state[3][code] == 0:
            _assign(state, code, DECIDED)
            clash = _propagate(rows, active, state)
            if clash >= 0:
                return clash, -1
    return -1, -1


@numba.njit(cache=True)
def _finish(
    rows: Rows, active: Array, state: State, wishes: Array, order: Array, phases: Array, budget: int
) -> int:
    """Assign the variables of ``order``: wished literals first, then as ``phases`` say.

    IMPOSSIBLE if it cannot be done, UNKNOWN after ``budget`` contradictions; nothing is assigned
    then that was not before. A wish that cannot be had at once does not count.
    """
    value, at = state[3], state[6]
    floor = at[0]
    room = len(value) // 2 - floor + 1
    # Of each decision: the literal, how much was assigned before, where both lists stood, and
    # whether its opposite is being tried.
    code_of, assigned = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    wish_of, order_of = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    is_turned = np.zeros(room, dtype=np.bool_)
    depth, wish, place, clashes = 0, 0, 0, 0
    while True:
        while wish < len(wishes) and value[wishes[wish]] != 0:
            wish += 1
        is_wish = wish < len(wishes)
        if is_wish:
            code = wishes[wish]
        else:
            while place < len(order) and value[2 * order[place]] != 0:
                place += 1
            if place == len(order):
                return POSSIBLE
            code = 2 * order[place] + (0 if phases[order[place]] else 1)
        code_of[depth], assigned[depth] = code, at[0]
        wish_of[depth], order_of[depth], is_turned[depth] = wish, place, False
        depth += 1
        _assign(state, code, DECIDED)
        is_at_once = is_wish
        while _propagate(rows, active, state) >= 0:
            clashes += 0 if is_at_once else 1
            is_at_once = False
            while depth > 0 and is_turned[depth - 1]:
                depth -= 1
            if depth == 0 or clashes > budget:
                _undo(state, floor)
                return IMPOSSIBLE if depth == 0 else UNKNOWN
            last = depth - 1
            _undo(state, assigned[last])
            wish, place, is_turned[last] = wish_of[last], order_of[last], True
            _assign(state, code_of[last] ^ 1, DECIDED)


@numba.njit(cache=True)
def _mend(
    rows: Rows,
    active: Array,
    state: State,
    wishes: Array,
    near: Array,
    budget: int,
    since: int,
    inner: int,
) -> int:
    """Make a design of what is assigned: wished literals first, the rest as in the design ``near``.

    Only clauses that lose a literal against ``near`` can be broken, and only these are looked at
    and decided about. What was assigned before place ``since`` is as it is there. POSSIBLE leaves
    assigned what differs; otherwise like ``_finish``.
    """
    value, trail, at = state[3], state[4], state[6]
    floor = at[0]
    room = len(value) // 2 - floor + 1
    # Of each decision: the literal, how much was assigned before, how far both lists had been
    # gone through, and whether its opposite is being tried.
    code_of, assigned = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    wish_of, checked_of = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    is_turned = np.zeros(room, dtype=np.bool_)
    depth, wish, checked, clashes = 0, 0, since, 0
    while True:
        while wish < len(wishes) and value[wishes[wish]] != 0:
            wish += 1
        is_wish = wish < len(wishes)
        if is_wish:
            code = wishes[wish]
        else:
            code = -1
            while checked < at[0]:
                code = _mending(rows, active, state, near, trail[checked], inner)
                if code >= 0:
                    break
                checked += 1
            if code < 0:
                return POSSIBLE
        code_of[depth], assigned[depth] = code, at[0]
        wish_of[depth], checked_of[depth], is_turned[depth] = wish, checked, False
        depth += 1
        _assign(state, code, DECIDED)
        is_at_once = is_wish
        while _propagate(rows, active, state) >= 0:
            clashes += 0 if is_at_once else 1
            is_at_once = False
            while depth > 0 and is_turned[depth - 1]:
                depth -= 1
            if depth == 0 or clashes > budget:
                _undo(state, floor)
                return IMPOSSIBLE if depth == 0 else UNKNOWN
            last = depth - 1
            _undo(state, assigned[last])
            wish, checked, is_turned[last] = wish_of[last], checked_of[last], True
            _assign(state, code_of[last] ^ 1, DECIDED)


@numba.njit(cache=True)
def _mending(rows: Rows, active: Array, state: State, near: Array, code: int, inner: int) -> int:
    """A literal to decide because ``code`` is true and was not in ``near``; -1 if there is none.

    Of a clause that would be broken, an inner variable is left out first: it says no more than what
    follows from others. Else the last variable is taken, which is nearest to what follows.
    """
    _, starts, owner, _, _, _, _, _, _, begin, clauses = rows
    lits, value = state[0], state[3]
    if near[code >> 1] == (code & 1 == 0):
        return -1
    for place in range(begin[code ^ 1], begin[(code ^ 1) + 1]):
        clause = clauses[place]
        if not active[owner[clause]]:
            continue
        is_kept, best, best_rank = False, -1, -1
        for position in range(starts[clause], starts[clause + 1]):
            other = lits[position]
            if value[other] > 0 or (value[other] == 0 and near[other >> 1] == (other & 1 == 0)):
                is_kept = True
                break
            if value[other] == 0:
                rank = other >> 1
                if other & 1 and rank > inner:
                    rank += len(near)
                if rank > best_rank:
                    best, best_rank = other, rank
        if not is_kept:
            return int(best)
    return -1


@numba.njit(cache=True)
def _note(state: State, near: Array, designs: Array, found: int) -> int:
    """Go on from the design that is assigned, and keep it while there is room."""
    trail, at = state[4], state[6]
    for place in range(at[0]):
        near[trail[place] >> 1] = trail[place] & 1 == 0
    if found == len(designs):
        return found
    designs[found] = near
    return found + 1


@numba.njit(cache=True)
def _take(rows: Rows, active: Array, state: State, codes: Array) -> bool:
    """Assign ``codes`` and what follows; whether nothing stands against them at once."""
    value = state[3]
    for code in codes:
        if value[code] < 0:
            return False
        if value[code] == 0:
            _assign(state, code, DECIDED)
            if _propagate(rows, active, state) >= 0:
                return False
    return True


@numba.njit(cache=True)
def _has(design: Array, codes: Array) -> bool:
    for code in codes:  # noqa: SIM110 - compiled
        if design[code >> 1] != (code & 1 == 0):
            return False
    return True
