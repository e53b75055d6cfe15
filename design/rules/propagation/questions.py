"""Questions to the search, compiled; see ``kernel`` for what is called what.

Nothing is kept from one call to the next, so every answer is a function of the arguments.
"""

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
    _begin,
    _blank,
    _finish,
    _has,
    _mend,
    _note,
    _propagate,
    _take,
    _undo,
)


@numba.njit(cache=True)
def decide(
    rows: Rows,
    active: Array,
    codes: Array,
    order: Array,
    near: Array,
    is_design: bool,
    budget: int,
    inner: int,
) -> tuple[int, Array, Array]:
    """Whether a design has all ``codes``; if propagation alone says no, why.

    ``near`` are values of variables to begin with; ``is_design``: they keep every clause.

    Returns:
        The verdict; the rules that say no, ``active`` without those not needed for it; and which
        of ``codes`` are needed for it. Both say yes to everything unless propagation found it out.
    """
    state = _blank(rows)
    clash, refuted = _assume(rows, active, state, codes)
    if clash < 0 and refuted < 0:
        wishes = np.empty(0, dtype=np.int32)
        if is_design:
            found = _mend(rows, active, state, wishes, near, budget, 0, inner)
        else:
            found = _finish(rows, active, state, wishes, order, near, budget)
        return found, active.copy(), np.ones(len(codes), dtype=np.bool_)
    rules, needed = _reasons(rows, active, state, clash, refuted)
    return IMPOSSIBLE, rules, needed[codes]


@numba.njit(cache=True)
def _reasons(
    rows: Rows, active: Array, state: State, clash: int, refuted: int
) -> tuple[Array, Array]:
    """The rules that a contradiction comes from, and whether each code was needed for it."""
    starts, owner = rows[1], rows[2]
    lits, _, _, value, trail, reason, at = state
    rules = np.zeros(len(active), dtype=np.bool_)
    rules[-1] = True
    needed = np.zeros(len(value), dtype=np.bool_)
    if refuted >= 0:
        needed[refuted] = True
        needed[refuted ^ 1] = True
    else:
        rules[owner[clash]] = True
        for place in range(starts[clash], starts[clash + 1]):
            needed[lits[place] ^ 1] = True
    for index in range(at[0] - 1, -1, -1):
        code = trail[index]
        why = reason[code >> 1]
        if not needed[code] or why == DECIDED:
            continue
        rules[owner[why]] = True
        for place in range(starts[why], starts[why + 1]):
            if lits[place] != code:
                needed[lits[place] ^ 1] = True
    return rules, needed


@numba.njit(cache=True)
def refute(rows: Rows, active: Array, codes: Array) -> tuple[bool, Array]:
    """Whether propagation alone says that ``codes`` contradict each other, and the rules why."""
    state = _blank(rows)
    clash, refuted = _assume(rows, active, state, codes)
    if clash < 0 and refuted < 0:
        return False, active.copy()
    rules, _ = _reasons(rows, active, state, clash, refuted)
    return True, rules


@numba.njit(cache=True)
def linked(rows: Rows, rules: int) -> Array:
    """For each variable the least of those that clauses in force always tie to it."""
    lits, starts, owner = rows[0], rows[1], rows[2]
    least = np.arange(len(rows[6]) // 2)
    for clause in range(len(owner)):
        if owner[clause] < rules or starts[clause + 1] == starts[clause]:
            continue
        one = _least(least, lits[starts[clause]] >> 1)
        for place in range(starts[clause] + 1, starts[clause + 1]):
            other = _least(least, lits[place] >> 1)
            least[max(one, other)] = min(one, other)
            one = min(one, other)
    for variable in range(len(least)):
        least[variable] = _least(least, variable)
    return least


@numba.njit(cache=True)
def _least(least: Array, variable: int) -> int:
    while least[variable] != variable:
        least[variable] = least[least[variable]]
        variable = least[variable]
    return int(variable)


@numba.njit(cache=True)
def _spoken_of(rows: Rows, active: Array, codes: Array, order: Array, links: Array) -> Array:
    """The variables of ``order`` that matter to the rules in force and to ``codes``."""
    lits, starts, owner = rows[0], rows[1], rows[2]
    matters = np.zeros(len(links), dtype=np.bool_)
    for code in codes:
        matters[links[code >> 1]] = True
    for clause in range(len(owner)):
        if owner[clause] < len(active) - 1 and active[owner[clause]]:
            for place in range(starts[clause], starts[clause + 1]):
                matters[links[lits[place] >> 1]] = True
    return order[matters[links[order]]]


@numba.njit(cache=True)
def minimise(
    rows: Rows, active: Array, codes: Array, order: Array, links: Array, budget: int, first: int
) -> int:
    """Put rule after rule out of force, from ``first`` on, where ``codes`` stay contradicted.

    ``active`` contradicts ``codes`` and is changed in place. ``links`` is what ``linked`` gave:
    what no rule in force speaks of has a design by itself. -1 when all is done, else the rule at
    which the search gave up; it is still in force, and all before it are decided.
    """
    state = _blank(rows)
    order = _spoken_of(rows, active, codes, order, links)
    phases = np.zeros(len(links), dtype=np.bool_)
    wishes = np.empty(0, dtype=np.int32)
    named = active.copy()
    for rule in range(first, len(active) - 1):
        if not active[rule]:
            continue
        active[rule] = False
        if not named[rule]:
            continue  # The contradiction known lies in what is kept and what is still to come.
        clash, refuted = _assume(rows, active, state, codes)
        if clash >= 0 or refuted >= 0:
            named = _reasons(rows, active, state, clash, refuted)[0]
            continue
        verdict = _finish(rows, active, state, wishes, order, phases, budget)
        if verdict == IMPOSSIBLE:
            named[:] = active
            continue
        active[rule] = True
        if verdict == UNKNOWN:
            return rule
    return -1


@numba.njit(cache=True)
def cover(
    rows: Rows,
    active: Array,
    codes: Array,
    wanted: Array,
    near: Array,
    budget: int,
    room: int,
    inner: int,
) -> tuple[Array, Array]:
    """Which of ``wanted`` some design has that has all ``codes`` too, and designs that show it.

    ``near`` is a design with ``codes``, by variable; it becomes the last design found. Variables
    after ``inner`` are inner ones.

    Returns:
        A verdict of each, and up to ``room`` designs.
    """
    state = _blank(rows)
    clash, refuted = _assume(rows, active, state, codes)
    verdicts = np.full(len(wanted), UNKNOWN, dtype=np.int8)
    designs = np.zeros((room, len(near)), dtype=np.bool_)
    if clash >= 0 or refuted >= 0:
        verdicts[:] = IMPOSSIBLE
        return verdicts, designs[:0]
    value = state[3]
    is_open = np.ones(len(wanted), dtype=np.bool_)
    found = 0
    for target in range(len(wanted) - 1, -1, -1):
        if not is_open[target]:
            continue
        is_open[target] = False
        if value[wanted[target]] < 0:
            verdicts[target] = IMPOSSIBLE
            continue
        floor = state[6][0]
        wishes = wanted[: target + 1][is_open[: target + 1]][::-1]
        verdict = _having(rows, active, state, wanted[target], wishes, near, budget, inner)
        verdicts[target] = verdict
        if verdict == POSSIBLE:
            for place in range(len(wanted)):
                if value[wanted[place]] > 0:
                    verdicts[place] = POSSIBLE
                    is_open[place] = False
            found = _note(state, near, designs, found)
            _undo(state, floor)
        elif verdict == IMPOSSIBLE and value[wanted[target]] == 0:
            _assign(state, wanted[target] ^ 1, DECIDED)
            _propagate(rows, active, state)
    return verdicts, designs[:found]


@numba.njit(cache=True)
def _having(
    rows: Rows,
    active: Array,
    state: State,
    code: int,
    wishes: Array,
    near: Array,
    budget: int,
    inner: int,
) -> int:
    """Look for a design with ``code``, first with wishes, then without any; POSSIBLE leaves it
    assigned."""
    value, at = state[3], state[6]
    floor = at[0]
    if value[code] == 0:
        _assign(state, code, DECIDED)
        if _propagate(rows, active, state) >= 0:
            _undo(state, floor)
            return IMPOSSIBLE
    verdict = _mend(rows, active, state, wishes, near, budget, floor, inner)
    if verdict == UNKNOWN and len(wishes):
        verdict = _mend(rows, active, state, wishes[:0], near, budget, floor, inner)
    if verdict != POSSIBLE:
        _undo(state, floor)
    return verdict


@numba.njit(cache=True)
def reach(
    rows: Rows,
    active: Array,
    codes: Array,
    chains: Array,
    starts: Array,
    sure: Array,
    ends: Array,
    near: Array,
    budget: int,
    room: int,
    inner: int,
) -> Array:
    """How far chains of literals, each implying all before it, can be followed with ``codes``.

    ``sure`` and ``ends`` hold how many steps of each chain are known to be possible, and how many
    are not known to be impossible; they are brought together as far as this search can tell.
    Chain n is ``chains[starts[n]:starts[n + 1]]``. Otherwise like ``cover``.
    """
    state = _blank(rows)
    clash, refuted = _assume(rows, active, state, codes)
    designs = np.zeros((room, len(near)), dtype=np.bool_)
    if clash >= 0 or refuted >= 0:
        return designs[:0]
    found = _follow(rows, active, state, chains, starts, sure, ends, near, designs, budget, inner)
    return designs[:found]


@numba.njit(cache=True)
def _follow(
    rows: Rows,
    active: Array,
    state: State,
    chains: Array,
    starts: Array,
    sure: Array,
    ends: Array,
    near: Array,
    designs: Array,
    budget: int,
    inner: int,
) -> int:
    """See ``reach``; with what is assigned. How many designs it found."""
    value, found = state[3], 0
    for chain in range(len(ends)):
        first = starts[chain]
        is_stuck, is_first = False, True
        while not is_stuck:
            while ends[chain] > sure[chain] and value[chains[first + ends[chain] - 1]] < 0:
                ends[chain] -= 1
            if sure[chain] >= ends[chain]:
                break
            probe = ends[chain] if is_first else (sure[chain] + ends[chain] + 1) // 2
            is_first = False
            code = chains[first + probe - 1]
            floor = state[6][0]
            wishes = _further(chains, starts, sure, ends, chain)
            verdict = _having(rows, active, state, code, wishes, near, budget, inner)
            if verdict == POSSIBLE:
                for other in range(len(ends)):
                    while sure[other] < starts[other + 1] - starts[other] and (
                        value[chains[starts[other] + sure[other]]] > 0
                    ):
                        sure[other] += 1
                found = _note(state, near, designs, found)
                _undo(state, floor)
            elif verdict == IMPOSSIBLE:
                ends[chain] = probe - 1
                if value[code] == 0:
                    _assign(state, code ^ 1, DECIDED)
                    _propagate(rows, active, state)
            else:
                is_stuck = True
    return found


@numba.njit(cache=True)
def _further(chains: Array, starts: Array, sure: Array, ends: Array, after: int) -> Array:
    """What is wished of the chains still to come: as far as may be, or half as far, and so on."""
    wishes = np.empty(16 * len(ends), dtype=np.int32)
    count = 0
    for chain in range(after + 1, len(ends)):
        step, tried = ends[chain], 0
        while step > sure[chain] and tried < 16:
            wishes[count] = chains[starts[chain] + step - 1]
            count, tried = count + 1, tried + 1
            step = (sure[chain] + step) // 2
    return wishes[:count]


@numba.njit(cache=True)
def switch(
    rows: Rows,
    active: Array,
    units: Array,
    starts: Array,
    skipped: Array,
    wanted: Array,
    begins: Array,
    blocks: Array,
    near: Array,
    budget: int,
    inner: int,
) -> Array:
    """What choices can be switched to while all others stand.

    Choice n is ``units[starts[n]:starts[n + 1]]``, and block n ``wanted[begins[n]:begins[n + 1]]``;
    question m leaves out choice ``skipped[m]`` and asks for each of the blocks ``blocks[m]`` to
    ``blocks[m + 1]``. ``near`` is a design with all choices.

    Returns:
        A verdict of each block.
    """
    verdicts = np.full(len(begins) - 1, UNKNOWN, dtype=np.int8)
    nothing = np.empty(0, dtype=np.int32)
    state = _blank(rows)
    _begin(rows, active, state)
    at = state[6]
    sure = at[0]
    for question in range(len(skipped)):
        _undo(state, sure)
        _take_others(rows, active, state, units, starts, skipped[question])
        for block in range(blocks[question], blocks[question + 1]):
            codes = wanted[begins[block] : begins[block + 1]]
            floor = at[0]
            if _has(near, codes):
                verdicts[block] = POSSIBLE
            elif not _take(rows, active, state, codes):
                verdicts[block] = IMPOSSIBLE
            else:
                verdicts[block] = _mend(rows, active, state, nothing, near, budget, floor, inner)
            _undo(state, floor)
    return verdicts


@numba.njit(cache=True)
def switch_far(
    rows: Rows,
    active: Array,
    units: Array,
    starts: Array,
    skipped: Array,
    chains: Array,
    begins: Array,
    ends: Array,
    near: Array,
    budget: int,
    inner: int,
) -> Array:
    """How far two chains can be followed for each of some choices while all others stand.

    Question m leaves out choice ``skipped[m]`` and follows the chains number 2 m and 2 m + 1; see
    ``switch`` for choices, ``reach`` for chains and ``ends``, which it brings down.

    Returns:
        How many steps of each chain are known to be possible.
    """
    sure = np.zeros(len(ends), dtype=np.int64)
    designs = np.zeros((0, len(near)), dtype=np.bool_)
    state = _blank(rows)
    _begin(rows, active, state)
    always = state[6][0]
    for question in range(len(skipped)):
        _undo(state, always)
        _take_others(rows, active, state, units, starts, skipped[question])
        first, last = 2 * question, 2 * question + 2
        for chain in range(first, last):
            while sure[chain] < ends[chain] and _has(
                near, chains[begins[chain] + sure[chain] : begins[chain] + sure[chain] + 1]
            ):
                sure[chain] += 1
        _follow(
            rows,
            active,
            state,
            chains,
            begins[first : last + 1],
            sure[first:last],
            ends[first:last],
            near.copy(),
            designs,
            budget,
            inner,
        )
    return sure


@numba.njit(cache=True)
def _take_others(
    rows: Rows, active: Array, state: State, units: Array, starts: Array, skipped: int
) -> None:
    """Assign all choices but one; some design has them all, so nothing stands against them."""
    value = state[3]
    for place in range(len(units)):
        is_other = place < starts[skipped] or place >= starts[skipped + 1]
        if is_other and value[units[place]] == 0:
            _assign(state, units[place], DECIDED)
            _propagate(rows, active, state)
