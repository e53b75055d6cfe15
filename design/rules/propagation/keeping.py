"""Which wishes fit, taken one after the other, compiled; see ``kernel`` for what is called what.

A state outlives a call here: what was taken stays assigned. Watches move meanwhile, so the order in
which clauses are looked at depends on what was asked before; verdicts do not.
"""

import numba
import numpy as np

from .kernel import (
    IMPOSSIBLE,
    POSSIBLE,
    UNKNOWN,
    Array,
    Rows,
    State,
    _begin,
    _blank,
    _has,
    _mend,
    _note,
    _take,
    _undo,
)


@numba.njit(cache=True)
def begin(rows: Rows, active: Array) -> tuple[State, int]:
    """A state with what single literals demand, and how much that is."""
    state = _blank(rows)
    _begin(rows, active, state)
    return state, state[6][0]


@numba.njit(cache=True)
def back(state: State, length: int) -> None:
    """Back to when so many literals were assigned."""
    _undo(state, length)


@numba.njit(cache=True)
def keep(
    rows: Rows,
    active: Array,
    state: State,
    blocks: Array,
    starts: Array,
    near: Array,
    is_one: bool,
    budget: int,
    inner: int,
) -> Array:
    """Block n is ``blocks[starts[n]:starts[n + 1]]``; each is kept if it goes with what is assigned
    and with all blocks kept before it. With ``is_one`` the first that is kept is the last.

    ``near`` is a design with what is assigned, by variable; it becomes one with what is kept, too.

    Returns:
        A verdict of each block, in their order; UNKNOWN from the first at which the search gave up,
        and of those that were not looked at.
    """
    verdicts = np.full(len(starts) - 1, UNKNOWN, dtype=np.int8)
    nothing = np.zeros((0, len(near)), dtype=np.bool_)
    for block in range(len(verdicts)):
        wanted = blocks[starts[block] : starts[block + 1]]
        later = blocks[len(blocks) if is_one else starts[block + 1] :]
        floor = state[6][0]
        verdict = IMPOSSIBLE
        if _take(rows, active, state, wanted):
            verdict = POSSIBLE if _has(near, wanted) else UNKNOWN
        if verdict == UNKNOWN:
            taken = state[6][0]
            verdict = _mend(rows, active, state, later, near, budget, floor, inner)
            if verdict == UNKNOWN and len(later):
                verdict = _mend(rows, active, state, later[:0], near, budget, floor, inner)
            if verdict == POSSIBLE:
                _note(state, near, nothing, 0)
                _undo(state, taken)
        if verdict != POSSIBLE:
            _undo(state, floor)
        if verdict == UNKNOWN:
            break
        verdicts[block] = verdict
        if is_one and verdict == POSSIBLE:
            break
    return verdicts
