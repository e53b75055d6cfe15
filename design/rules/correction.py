"""The fewest choices to take back, by implicit hitting sets.

Every contradiction found must lose at least one of its choices. The smallest set that hits all
contradictions known so far is tried; either a design exists without it, and it is the answer, or
the solver names a new contradiction. Sets are compared in one total order, so the answer is
unique.
"""

from collections.abc import Sequence

from .conflict import Choice
from .solver import Solver

Single = tuple[Choice, int]


def take_back(solver: Solver, singles: Sequence[Single], newest: str) -> tuple[Choice, ...]:
    """The choices to take back, oldest first, so that the choices in feature ``newest`` stand.

    If they cannot all stand, only the last of them has to; if that is impossible too, it may go.
    """
    for stand in _stands(singles, newest):
        fixed = [literal for _, literal in stand]
        loose = [single for single in singles if single not in stand]
        places = _fewest(solver, fixed, [literal for _, literal in loose])
        if places is not None:
            return tuple(loose[place][0] for place in places)
    raise AssertionError("The model has no design at all; it should not have been published.")


def _stands(singles: Sequence[Single], newest: str) -> list[list[Single]]:
    of_newest = [single for single in singles if single[0].feature == newest]
    return [of_newest, of_newest[-1:], []]


def _fewest(solver: Solver, fixed: list[int], loose: list[int]) -> tuple[int, ...] | None:
    """Places in ``loose`` to give up; None if ``fixed`` alone is contradicted.

    Fewest first; among equally few, those whose newest is oldest.
    """
    cores: list[frozenset[int]] = []
    while True:
        places = _smallest_hitting_set(cores)
        kept = [literal for place, literal in enumerate(loose) if place not in places]
        if solver.find([*fixed, *kept]) is not None:
            return tuple(sorted(places))
        named = solver.core()
        core = frozenset(place for place, literal in enumerate(loose) if literal in named)
        core = _shrink(solver, fixed, loose, core)
        if not core:
            return None  # Nothing can be given up that would help.
        cores.append(core)


def _shrink(
    solver: Solver, fixed: list[int], loose: list[int], core: frozenset[int]
) -> frozenset[int]:
    """A part of ``core`` that still contradicts: smaller ones leave fewer sets to try."""
    kept = set(core)
    for place in sorted(core):
        if place not in kept:
            continue
        rest = [loose[other] for other in sorted(kept) if other != place]
        if solver.find([*fixed, *rest]) is None:
            named = solver.core()
            kept = {other for other in kept if other != place and loose[other] in named}
    return frozenset(kept)


def _smallest_hitting_set(cores: Sequence[frozenset[int]]) -> frozenset[int]:
    size = 0
    while True:
        found = list(_hitting_sets(cores, frozenset(), size))
        if found:
            return min(found, key=lambda places: sorted(places, reverse=True))
        size += 1


def _hitting_sets(
    cores: Sequence[frozenset[int]], chosen: frozenset[int], room: int
) -> set[frozenset[int]]:
    missed = next((core for core in cores if not core & chosen), None)
    if missed is None:
        return {chosen}
    if not room:
        return set()
    sets: set[frozenset[int]] = set()
    for place in missed:
        sets |= _hitting_sets(cores, chosen | {place}, room - 1)
    return sets
