"""Linear constraints as layers of partial sums, the way a decision diagram sees them.

Bartzis and Bultan, "Efficient BDDs for bounded arithmetic constraints" (2006): term after term, two
partial sums that differ lead to different places, except that all sums that can no longer fail are
one place, and all that can no longer succeed another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        layer = {total: _runs(term, total, lowest, highest) for total in sorted(sums)}
        size += sum(len(runs) for runs in layer.values())
        if size > MAX_SUMS:
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


def _runs(term: Term, total: int, lowest: int, highest: int) -> list[Run]:
    runs: list[Run] = []
    for answer, amount in enumerate(term.amounts):
        here = total + amount
        place: Place = SURE if here <= lowest else NEVER if here > highest else here
        if runs and runs[-1].place == place:
            runs[-1] = Run(runs[-1].first, answer, place)
        else:
            runs.append(Run(answer, answer, place))
    return runs
