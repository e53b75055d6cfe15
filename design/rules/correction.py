"""The fewest choices to take back, by implicit hitting sets.

Every contradiction found must lose at least one of its choices. The smallest set that hits all
contradictions known so far is tried; either a design exists without it, and it is the answer, or
the solver names a new contradiction. Sets are compared in one total order, so the answer is
unique.
"""

from collections.abc import Sequence

from .conflict import Choice
from .solver import Solver

Group = tuple[int, ...]
Single = tuple[Choice, Group]


def take_back(solver: Solver, singles: Sequence[Single], newest: str) -> tuple[Choice, ...]:
    """The choices to take back, oldest first, so that the choices in feature ``newest`` stand.

    If they cannot all stand, only the last of them has to; if that is impossible too, it may go.
    """
    for stand in _stands(singles, newest):
        fixed = [literal for _, group in stand for literal in group]
        loose = [single for single in singles if single not in stand]
        found = fewest(solver, fixed, [group for _, group in loose], most=1)
        if found:
            return tuple(loose[place][0] for place in found[0])
    raise AssertionError("The model has no design at all; it should not have been published.")


def _stands(singles: Sequence[Single], newest: str) -> list[list[Single]]:
    of_newest = [single for single in singles if single[0].feature == newest]
    return [of_newest, of_newest[-1:], []]


def fewest(
    solver: Solver, fixed: Sequence[int], loose: Sequence[Group], *, most: int
) -> list[tuple[int, ...]]:
    """Up to ``most`` different sets of places in ``loose`` to give up, all of the fewest places.

    Empty if ``fixed`` alone is contradicted. Among equally few, those whose newest is oldest come
    first.
    """
    cores: list[frozenset[int]] = []
    answers: list[frozenset[int]] = []
    while len(answers) < most:
        places = _smallest_hitting_set(cores, answers)
        if places is None or (answers and len(places) > len(answers[0])):
            break
        kept = [x for place, group in enumerate(loose) if place not in places for x in group]
        if solver.find([*fixed, *kept]) is not None:
            answers.append(places)
            continue
        core = _shrink(solver, fixed, loose, _named(solver, loose))
        if not core:
            return []  # Nothing can be given up that would help.
        cores.append(core)
    return [tuple(sorted(places)) for places in answers]


def _named(solver: Solver, loose: Sequence[Group]) -> frozenset[int]:
    named = solver.core()
    return frozenset(p for p, group in enumerate(loose) if not named.isdisjoint(group))


def _shrink(
    solver: Solver, fixed: Sequence[int], loose: Sequence[Group], core: frozenset[int]
) -> frozenset[int]:
    """A part of ``core`` that still contradicts: smaller ones leave fewer sets to try."""
    kept = set(core)
    for place in sorted(core):
        if place not in kept:
            continue
        rest = [x for other in sorted(kept) if other != place for x in loose[other]]
        if solver.find([*fixed, *rest]) is None:
            kept = (kept - {place}) & _named(solver, loose)
    return frozenset(kept)


def _smallest_hitting_set(
    cores: Sequence[frozenset[int]], known: Sequence[frozenset[int]]
) -> frozenset[int] | None:
    """None when every set that hits all cores holds one already known."""
    size, largest = 0, len(frozenset().union(*cores))
    while size <= largest:
        found = [
            places
            for places in _hitting_sets(cores, frozenset(), size)
            if not any(places >= other for other in known)
        ]
        if found:
            return min(found, key=lambda places: sorted(places, reverse=True))
        size += 1
    return None


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
