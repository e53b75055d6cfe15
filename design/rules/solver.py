"""A SAT solver that remembers the designs it has found.

The solver is asked with assumptions only, so a question leaves no state that could change an
answer. Each satisfying design found is kept as a bit mask; most questions of a click are answered
by one of them without the solver. Questions of many literals go to a compiled search near these
first. Where the solver is asked, it is told what is still unknown and prefers to set that, so that
one design answers many questions at once.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from pysat.solvers import Glucose4

from .propagation import POSSIBLE, UNKNOWN, Search, Trial

WITNESSES = 256


@dataclass(slots=True)
class _Seen:
    """Variables that are true, and those that are false, in some design of one question."""

    true: int
    false: int

    def has(self, literal: int) -> bool:
        return bool((self.true if literal > 0 else self.false) >> abs(literal) & 1)


class Solver:
    """One persistent solver. Not safe for two threads: the engine holds a lock around it."""

    def __init__(
        self,
        clauses: Iterable[Sequence[int]],
        always: Sequence[int],
        width: int,
        search: Callable[[], Search],
    ) -> None:
        """``always`` are literals that hold in every question; designs are read from variables
        1 to ``width``. ``search`` gives the search over the same clauses when it is needed."""
        self._glucose = Glucose4(bootstrap_with=clauses)
        for literal in always:
            self._glucose.add_clause([literal])
        self._width = width
        self._search = search
        self._all = (1 << (width + 1)) - 2
        self._witnesses: deque[int] = deque(maxlen=WITNESSES)
        self.calls = 0

    def find(self, literals: Sequence[int]) -> int | None:
        """A design in which all ``literals`` hold, as a mask of its true variables, or None."""
        return self.remembered(literals) or self._solve(literals)

    def remembered(self, literals: Sequence[int]) -> int:
        """A design found before in which all ``literals`` hold; 0 if there is none."""
        needed, absent = masks(literals)
        for witness in self._witnesses:
            if witness & needed == needed and not witness & absent:
                return witness
        return 0

    def is_satisfiable(self, literals: Sequence[int]) -> bool:
        """Whether all ``literals`` can hold, without remembering a design."""
        self.calls += 1
        return bool(self._glucose.solve(assumptions=literals))

    def _solve(self, literals: Sequence[int]) -> int | None:
        self.calls += 1
        if not self._glucose.solve(assumptions=literals):
            return None
        signs = np.array(self._glucose.get_model()[: self._width], dtype=np.int64) > 0
        bits = np.concatenate(([False], signs))
        witness = int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")
        self._witnesses.appendleft(witness)
        return witness

    def core(self) -> frozenset[int]:
        """Assumptions that already contradict each other, after ``find`` gave None."""
        return frozenset(self._glucose.get_core() or ())

    @contextmanager
    def wishes(self, like: Sequence[int]) -> "Iterator[Wishes | None]":
        """Take wishes one after the other; None where there is no design at all.

        Args:
            like: Literals of a design to look near of, where one is remembered.
        """
        near: int | None = self.remembered(like)
        if not near:
            near = self._witnesses[0] if self._witnesses else self._solve(())
        if near is None:
            yield None
            return
        with self._search().trial(near) as trial:
            yield Wishes(self, self._search(), trial)
            self._witnesses.appendleft(trial.design)

    def possible(self, literals: Sequence[int], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each of ``wanted``: whether it holds in some design with ``literals``. Complete."""
        near = self.find(literals)
        if near is None:
            return np.zeros(len(wanted), dtype=np.bool_)
        seen = self._seen(literals)
        fits = self._signs(seen)[wanted + self._width]
        unknown = np.flatnonzero(~fits)
        if len(unknown):
            verdicts, designs = self._search().cover(literals, wanted[unknown], near)
            self._remember(designs, seen)
            fits[unknown] = verdicts == POSSIBLE
            unknown = unknown[verdicts == UNKNOWN]
        while len(unknown):
            # One design may have many of them at once, if the solver knows that they are wished.
            self._glucose.set_phases(wanted[unknown].tolist())
            place = unknown[-1]
            if self._take(seen, [*literals, int(wanted[place])]):
                fits[unknown] = self._signs(seen)[wanted[unknown] + self._width]
                unknown = unknown[~fits[unknown]]
            else:
                unknown = unknown[:-1]
        return fits

    def switchable(
        self,
        choices: Sequence[Sequence[int]],
        skipped: Sequence[int],
        wanted: Sequence[Sequence[Sequence[int]]],
    ) -> list[bool]:
        """For each block of literals of ``wanted[n]`` whether it holds in some design with all
        ``choices`` but number ``skipped[n]``; of all questions in one row. Complete."""
        asked = [(skip, block) for skip, few in zip(skipped, wanted, strict=True) for block in few]
        near = self.find([literal for literals in choices for literal in literals])
        verdicts = [UNKNOWN] * len(asked)
        if near is not None:
            verdicts = self._search().switch(choices, skipped, wanted, near).tolist()
        return [
            self.find([*_others(choices, skip), *block]) is not None
            if verdict == UNKNOWN
            else verdict == POSSIBLE
            for (skip, block), verdict in zip(asked, verdicts, strict=True)
        ]

    def switch_extents(
        self,
        choices: Sequence[Sequence[int]],
        skipped: Sequence[int],
        chains: Sequence[Sequence[int]],
        limits: Sequence[tuple[int, int]],
    ) -> list[tuple[int, int] | None]:
        """For each chain ``extents`` with all ``choices`` but number ``skipped[n]``; None where
        these cannot hold together."""
        near = self.find([literal for literals in choices for literal in literals])
        known: list[tuple[int, int] | None] = [None] * len(chains)
        if near is not None:
            both = [_both_ways(*one) for one in zip(chains, limits, strict=True)]
            sure, ends = self._search().switch_far(choices, skipped, both, near)
            for place, chain in enumerate(chains):
                up, down = 2 * place, 2 * place + 1
                if sure[up] == ends[up] and sure[down] == ends[down]:
                    known[place] = len(chain) - sure[down], sure[up]
        return [
            found or self._extent(_others(choices, skip), chain, limit)
            for found, skip, chain, limit in zip(known, skipped, chains, limits, strict=True)
        ]

    def _extent(
        self, literals: Sequence[int], chain: Sequence[int], limit: tuple[int, int]
    ) -> tuple[int, int] | None:
        if self.find(literals) is None:
            return None
        return self.extents(literals, [chain], [limit])[0]

    def _signs(self, seen: _Seen) -> NDArray[np.bool_]:
        """Whether each literal was seen, at its number plus the width."""
        size = self._width // 8 + 1
        true, false = (
            np.unpackbits(
                np.frombuffer(mask.to_bytes(size, "little"), dtype=np.uint8), bitorder="little"
            )[1 : self._width + 1]
            for mask in (seen.true, seen.false)
        )
        return np.concatenate((false[::-1], [0], true)).astype(np.bool_)

    def extents(
        self,
        literals: Sequence[int],
        chains: Sequence[Sequence[int]],
        limits: Sequence[tuple[int, int]] | None = None,
    ) -> list[tuple[int, int]]:
        """For each chain of ascending thresholds: how many of them hold at least, and at most.

        A threshold implies all before it; ``literals`` can hold together. ``limits`` are numbers
        known not to be left.
        """
        seen = self._seen(literals)
        known = limits or [(0, len(chain)) for chain in chains]
        both = [_both_ways(*one) for one in zip(chains, known, strict=True)]
        upwards, downwards = [up for up, _ in both], [down for _, down in both]
        taken = self._furthest(literals, [*upwards, *downwards], seen)
        most, steps = taken[: len(chains)], taken[len(chains) :]
        counts = [len(chain) for chain in chains]
        return [(n - down, high) for n, down, high in zip(counts, steps, most, strict=True)]

    def _furthest(
        self, literals: Sequence[int], chains: Sequence[Sequence[int]], seen: _Seen
    ) -> list[int]:
        """How many steps of each chain some design takes, a step implying all before it."""
        reached = [_reached(chain, seen) for chain in chains]
        ends = [len(chain) for chain in chains]
        near = self.find(literals)
        if near is not None:
            reached, ends, designs = self._search().reach(literals, chains, reached, ends, near)
            self._remember(designs, seen)
        # Every chain wants to go as far as it can: often one design takes several to their ends.
        self._glucose.set_phases(
            [x for chain, sure, end in zip(chains, reached, ends, strict=True) if sure < end
             for x in chain[:end]]
        )  # fmt: skip
        found = []
        for chain, known, last in zip(chains, reached, ends, strict=True):
            sure, end, probe = known, last, last
            while sure < end:
                if self._take(seen, [*literals, chain[probe - 1]]):
                    sure = max(probe, _reached(chain, seen))
                else:
                    end = probe - 1
                probe = (sure + end + 1) // 2
            found.append(sure)
        return found

    def _take(self, seen: _Seen, literals: Sequence[int]) -> bool:
        """Whether ``literals`` hold in some design; what it has is seen from now on."""
        witness = self._solve(literals)
        if witness is None:
            return False
        seen.true |= witness
        seen.false |= self._all & ~witness
        return True

    def _remember(self, designs: Iterable[int], seen: _Seen) -> None:
        """Keep designs that the search has found; what they have is seen from now on."""
        for witness in designs:
            self._witnesses.appendleft(witness)
            seen.true |= witness
            seen.false |= self._all & ~witness

    def _seen(self, literals: Sequence[int]) -> _Seen:
        """What the remembered designs with ``literals`` have."""
        needed, absent = masks(literals)
        true = false = 0
        for witness in self._witnesses:
            if witness & needed == needed and not witness & absent:
                true |= witness
                false |= ~witness
        return _Seen(true, false & self._all)


class Wishes:
    """Takes wishes, blocks of literals, where they go with everything taken before. Complete."""

    def __init__(self, solver: Solver, search: Search, trial: Trial) -> None:
        self._solver, self._search, self._trial = solver, search, trial
        self._held: list[Sequence[int]] = []

    def keep(self, blocks: Sequence[Sequence[int]]) -> list[bool]:
        """For each block, in their order, whether it fits; it is taken then."""
        fits: list[bool] = []
        while len(fits) < len(blocks):
            left = blocks[len(fits) :]
            verdicts = self._trial.keep(left)
            sure = verdicts.index(UNKNOWN) if UNKNOWN in verdicts else len(verdicts)
            taken = [verdict == POSSIBLE for verdict in verdicts[:sure]]
            self._held += compress(left, taken)
            fits += taken
            if sure < len(left):
                fits.append(self._fits_for_the_solver(left[sure]))
        return fits

    def first(self, blocks: Sequence[Sequence[int]]) -> int | None:
        """The place of the first block that fits, which is taken; None where none does."""
        place = 0
        while place < len(blocks):
            verdicts = self._trial.keep(blocks[place:], is_one=True)
            if POSSIBLE in verdicts:
                place += verdicts.index(POSSIBLE)
                self._held.append(blocks[place])
                return place
            if UNKNOWN not in verdicts:
                return None
            place += verdicts.index(UNKNOWN)
            if self._fits_for_the_solver(blocks[place]):
                return place
            place += 1
        return None

    def span(self, chain: Sequence[int]) -> tuple[int, int]:
        """See ``Trial.span``."""
        return self._trial.span(chain)

    def _fits_for_the_solver(self, block: Sequence[int]) -> bool:
        design = self._solver.find([*(x for held in self._held for x in held), *block])
        if design is None:
            return False
        self._trial.go_to(self._search.values(design))
        self._trial.keep([block])
        self._held.append(block)
        return True


def _both_ways(chain: Sequence[int], limit: tuple[int, int]) -> tuple[Sequence[int], Sequence[int]]:
    """A chain of ascending thresholds within known limits, followed upwards and downwards."""
    low, high = limit
    return chain[:high], [-literal for literal in reversed(chain[low:])]


def _others(choices: Sequence[Sequence[int]], skipped: int) -> list[int]:
    """The literals of all choices but one."""
    return [x for place, one in enumerate(choices) if place != skipped for x in one]


def _reached(chain: Sequence[int], seen: _Seen) -> int:
    """How many steps some design seen so far takes."""
    low, high = 0, len(chain)
    while low < high:
        middle = (low + high) // 2
        if seen.has(chain[middle]):
            low = middle + 1
        else:
            high = middle
    return low


def masks(literals: Iterable[int]) -> tuple[int, int]:
    """The variables that must be true, and those that must be false."""
    needed = absent = 0
    for literal in literals:
        if literal > 0:
            needed |= 1 << literal
        else:
            absent |= 1 << -literal
    return needed, absent
