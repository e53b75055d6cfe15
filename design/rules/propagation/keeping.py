"""Which wishes fit, taken one after the other, compiled; see ``kernel`` for what is called what."""

import numba
import numpy as np

from .kernel import (
    DECIDED,
    IMPOSSIBLE,
    POSSIBLE,
    UNKNOWN,
    Array,
    Rows,
    State,
    _assign,
    _assume,
    _blank,
    _mend,
    _note,
    _propagate,
    _undo,
)


@numba.njit(cache=True)
def keep(
    rows: Rows,
    active: Array,
    codes: Array,
    blocks: Array,
    starts: Array,
    near: Array,
    budget: int,
    inner: int,
) -> Array:
    """Block n is ``blocks[starts[n]:starts[n + 1]]``; each is kept if it goes with ``codes`` and
    with all blocks kept before it.

    ``near`` is a design with ``codes``, by variable; it becomes one with what is kept, too.

    Returns:
        A verdict of each block, in their order, UNKNOWN from the first at which the search gave up.
    """
    state = _blank(rows)
    verdicts = np.full(len(starts) - 1, UNKNOWN, dtype=np.int8)
    nothing = np.zeros((0, len(near)), dtype=np.bool_)
    clash, refuted = _assume(rows, active, state, codes)
    if clash >= 0 or refuted >= 0:
        return verdicts
    for block in range(len(verdicts)):
        wanted, later = blocks[starts[block] : starts[block + 1]], blocks[starts[block + 1] :]
        floor = state[6][0]
        verdict = IMPOSSIBLE
        if _take(rows, active, state, wanted):
            verdict = POSSIBLE if _has(near, wanted) else UNKNOWN
        if verdict == UNKNOWN:
            taken = state[6][0]
            verdict = _mend(rows, active, state, later, near, budget, floor, inner)
            if verdict == UNKNOWN:
                verdict = _mend(rows, active, state, later[:0], near, budget, floor, inner)
            if verdict == POSSIBLE:
                _note(state, near, nothing, 0)
                _undo(state, taken)
        if verdict == UNKNOWN:
            break
        if verdict == IMPOSSIBLE:
            _undo(state, floor)
        verdicts[block] = verdict
    return verdicts


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
