"""Linear constraints as layers of partial sums, the way a decision diagram sees them.

Bartzis and Bultan, "Efficient BDDs for bounded arithmetic constraints" (2006): term after term, two
partial sums that differ lead to different places, except that all sums that can no longer fail are
one place, and all that can no longer succeed another.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from .formula import AtMost, Term

MAX_SUMS = 100_000
SURE, NEVER = "sure", "never"
Place = int | str
"""A partial sum, or ``SURE`` or ``NEVER``."""


class SumTooLarge(Exception):
    """A linear constraint with too many different partial sums."""

    code = "sum_too_large"

    def __init__(self) -> None:
        super().__init__(
            f"The rule adds up parameters in more than {MAX_SUMS:,} ways; use coarser steps or "
            "fewer parameters in one sum."
        )


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring answers that lead to the same place."""

    first: int
    last: int
    place: Place


Layers = Sequence[Mapping[int, Sequence[Run]]]


def layers(formula: AtMost) -> Layers:
    """For each term, where each partial sum before it leads.

    Raises:
        SumTooLarge: more than ``MAX_SUMS`` runs in all.
    """
    found: list[dict[int, list[Run]]] = []
    sums, size = {0}, 0
    for term, (least, most) in zip(formula.terms, _rests(formula.terms), strict=True):
        lowest, highest = formula.bound - most, formula.bound - least
        ladder = _Ladder(term)
        layer: dict[int, list[Run]] = {}
        for total in sorted(sums):
            layer[total] = ladder.runs(total, lowest, highest)
            size += len(layer[total])
            if size > MAX_SUMS:  # asked here: a whole layer may have millions
                raise SumTooLarge
        found.append(layer)
        sums = {run.place for runs in layer.values() for run in runs if isinstance(run.place, int)}
    return found


def _rests(terms: Sequence[Term]) -> list[tuple[int, int]]:
    """The least and the greatest sum of all later terms."""
    rests = [(0, 0)]
    for term in reversed(terms[1:]):
        least, most = rests[-1]
        rests.append((least + min(term.amounts), most + max(term.amounts)))
    return rests[::-1]


class _Ladder:
    """A term whose answers are looked up rather than walked through where they rise or fall."""

    def __init__(self, term: Term) -> None:
        self._amounts = term.amounts
        ordered = sorted(term.amounts)
        self._rises = list(term.amounts) == ordered
        self._falls = not self._rises and list(term.amounts) == ordered[::-1]
        self._ordered = ordered

    def runs(self, total: int, lowest: int, highest: int) -> list[Run]:
        """Where each answer leads after ``total``; at most ``lowest`` is sure, above ``highest``
        never."""
        last = len(self._amounts)
        surely = bisect_right(self._ordered, lowest - total)
        maybe = bisect_right(self._ordered, highest - total)
        if self._rises:
            return _joined(
                [(0, surely, SURE)], self._each(total, surely, maybe), [(maybe, last, NEVER)]
            )
        if self._falls:
            middle = self._each(total, last - maybe, last - surely)
            return _joined([(0, last - maybe, NEVER)], middle, [(last - surely, last, SURE)])
        return _joined(
            (answer, answer + 1, SURE if here <= lowest else NEVER if here > highest else here)
            for answer, here in enumerate(total + amount for amount in self._amounts)
        )

    def _each(self, total: int, first: int, end: int) -> Iterator[tuple[int, int, Place]]:
        return ((n, n + 1, total + self._amounts[n]) for n in range(first, end))


def _joined(*stretches: Iterable[tuple[int, int, Place]]) -> list[Run]:
    """Stretches of answers in their order, neighbours with the same place as one run."""
    runs: list[Run] = []
    for first, end, place in chain(*stretches):
        if first == end:
            continue
        if runs and runs[-1].place == place:
            runs[-1] = Run(runs[-1].first, end - 1, place)
        else:
            runs.append(Run(first, end - 1, place))
    return runs
