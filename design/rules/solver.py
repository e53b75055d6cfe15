"""A SAT solver that remembers the designs it has found.

The solver is asked with assumptions only, so a question leaves no state that could change an
answer. Each satisfying design found is kept as a pair of bit masks; most questions of a click are
answered by one of them without the solver.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from pysat.solvers import Glucose4

WITNESSES = 256


class Solver:
    """One persistent solver. Not safe for two threads: the engine holds a lock around it."""

    def __init__(self, clauses: Iterable[Sequence[int]], always: Sequence[int], width: int) -> None:
        """``always`` are literals that hold in every question; designs are read from variables
        1 to ``width``."""
        self._glucose = Glucose4(bootstrap_with=clauses)
        for literal in always:
            self._glucose.add_clause([literal])
        self._width = width
        self._all = (1 << (width + 1)) - 2
        self._witnesses: deque[int] = deque(maxlen=WITNESSES)
        self.calls = 0

    def find(self, literals: Sequence[int]) -> int | None:
        """A design in which all ``literals`` hold, as a mask of its true variables, or None."""
        needed, absent = masks(literals)
        for witness in self._witnesses:
            if witness & needed == needed and not witness & absent:
                return witness
        return self._solve(literals)

    def _solve(self, literals: Sequence[int]) -> int | None:
        self.calls += 1
        if not self._glucose.solve(assumptions=literals):
            return None
        witness = 0
        for literal in self._glucose.get_model()[: self._width]:
            if literal > 0:
                witness |= 1 << literal
        self._witnesses.appendleft(witness)
        return witness

    def greatest(self, literals: Sequence[int], thresholds: Sequence[int]) -> int:
        """How many of the ascending ``thresholds`` hold at most; ``literals`` can hold together."""
        return self._furthest(literals, thresholds)

    def least(self, literals: Sequence[int], thresholds: Sequence[int]) -> int:
        """How many of the ascending ``thresholds`` hold at least."""
        count = len(thresholds)
        return count - self._furthest(literals, [-literal for literal in reversed(thresholds)])

    def _furthest(self, literals: Sequence[int], steps: Sequence[int]) -> int:
        """How many of ``steps``, each implying all before it, some design takes."""
        sure, barred = 0, len(steps) + 1
        refuted = self.refuted(literals)
        true, false = self._covered(literals)
        for place, step in enumerate(steps, 1):
            if step in refuted:
                barred = place
                break
            if (true if step > 0 else false) >> abs(step) & 1:
                sure = place
        while sure + 1 < barred:
            middle = (sure + barred) // 2
            if self.find([*literals, steps[middle - 1]]) is not None:
                sure = middle
            else:
                barred = middle
        return sure

    def refuted(self, literals: Sequence[int]) -> frozenset[int]:
        """Literals that unit propagation rules out beside ``literals``; not all there are."""
        return frozenset(-literal for literal in self._glucose.propagate(assumptions=literals)[1])

    def core(self) -> frozenset[int]:
        """Assumptions that already contradict each other, after ``find`` gave None."""
        return frozenset(self._glucose.get_core() or ())

    def possible(self, literals: Sequence[int], wanted: Iterable[int]) -> frozenset[int]:
        """Those of ``wanted`` that hold in some design together with ``literals``. Complete."""
        if self.find(literals) is None:
            return frozenset()
        true, false = self._covered(literals)
        refuted = self.refuted(literals)
        found = set()
        for literal in wanted:
            bit = 1 << abs(literal)
            if (true if literal > 0 else false) & bit:
                found.add(literal)
            elif literal not in refuted:
                witness = self._solve([*literals, literal])
                if witness is not None:
                    found.add(literal)
                    true |= witness
                    false |= self._all & ~witness
        return frozenset(found)

    def _covered(self, literals: Sequence[int]) -> tuple[int, int]:
        """Variables that are true, and those false, in a remembered design with ``literals``."""
        needed, absent = masks(literals)
        true = false = 0
        for witness in self._witnesses:
            if witness & needed == needed and not witness & absent:
                true |= witness
                false |= ~witness
        return true, false & self._all


def masks(literals: Iterable[int]) -> tuple[int, int]:
    """The variables that must be true, and those that must be false."""
    needed = absent = 0
    for literal in literals:
        if literal > 0:
            needed |= 1 << literal
        else:
            absent |= 1 << -literal
    return needed, absent
