"""The clauses of an encoding as flat arrays, for the compiled loops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from design.rules.encoding import Encoding

Ints = NDArray[np.int32]


def codes_of(literals: NDArray[np.int64]) -> Ints:
    """Literals as codes: twice the variable, plus one where it is negated."""
    return (2 * np.abs(literals) + (literals < 0)).astype(np.int32)


def starts_of(rows: Iterable[Sequence[object]]) -> NDArray[np.int64]:
    """Where each begins once they stand in one row, and the end."""
    return np.array([*accumulate(map(len, rows), initial=0)], dtype=np.int64)


def in_a_row(blocks: Sequence[Sequence[int]]) -> tuple[Ints, NDArray[np.int64]]:
    """The codes of blocks of literals, one after the other, and where each begins."""
    literals = np.array([literal for block in blocks for literal in block], dtype=np.int64)
    return codes_of(literals), starts_of(blocks)


@dataclass(frozen=True, slots=True)
class ClauseRows:
    """Clauses without the selectors of rules, which are named beside them.

    Attributes:
        lits: The codes of all clauses, one after the other.
        starts: Where each clause begins, and the end.
        owner: The rule each clause belongs to, by its place; the number of rules where it always
            holds.
        pair_start, pair_other, pair_clause: For each code, the clauses of two that need their
            other literal where it is false.
        heads, nexts: For each code the first node that watches it, for each node the next; -1 at
            the end. Only clauses of three literals and more are watched.
        units: Clauses of one literal or none.
        begin, clauses: For each code where the clauses begin that have it, and these clauses.
        order: The variables of a design, then the inner ones.
    """

    lits: Ints
    starts: Ints
    owner: Ints
    pair_start: Ints
    pair_other: Ints
    pair_clause: Ints
    heads: Ints
    nexts: Ints
    units: Ints
    begin: Ints
    clauses: Ints
    order: Ints

    @property
    def arrays(self) -> tuple[Ints, ...]:
        """What the compiled loops call ``rows``."""
        return (
            self.lits, self.starts, self.owner, self.pair_start, self.pair_other, self.pair_clause,
            self.heads, self.nexts, self.units, self.begin, self.clauses,
        )  # fmt: skip


def clause_rows(encoding: Encoding) -> ClauseRows:
    """The clauses of ``encoding``; a rule's selector, always negated, becomes its ownership."""
    rules, width = len(encoding.rules), encoding.width
    sizes = np.fromiter(map(len, encoding.clauses), dtype=np.int64, count=len(encoding.clauses))
    literals = np.fromiter(
        chain.from_iterable(encoding.clauses), dtype=np.int64, count=int(sizes.sum())
    )
    clause = np.repeat(np.arange(len(sizes)), sizes)
    is_selector = (literals < -width) & (literals >= -width - rules)
    owner = np.full(len(sizes), rules, dtype=np.int32)
    owner[clause[is_selector]] = -literals[is_selector] - width - 1
    lits, clause = codes_of(literals[~is_selector]), clause[~is_selector]
    sizes = np.bincount(clause, minlength=len(sizes))
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    codes = 2 * (encoding.top + 1)
    heads, nexts = _watched(lits, starts, np.flatnonzero(sizes > 2), codes)
    inner = np.arange(width + rules + 1, encoding.top + 1)
    return ClauseRows(
        lits,
        starts,
        owner,
        *_pairs(lits, starts, np.flatnonzero(sizes == 2), codes),
        heads,
        nexts,
        np.flatnonzero(sizes < 2).astype(np.int32),
        np.concatenate(([0], np.cumsum(np.bincount(lits, minlength=codes)))).astype(np.int32),
        clause[np.argsort(lits, kind="stable")].astype(np.int32),
        np.concatenate((np.arange(1, width + 1), inner)).astype(np.int32),
    )


def _pairs(
    lits: Ints, starts: Ints, clauses: NDArray[np.intp], codes: int
) -> tuple[Ints, Ints, Ints]:
    first, second = lits[starts[clauses]], lits[starts[clauses] + 1]
    wrong, other = np.concatenate((first, second)), np.concatenate((second, first))
    order = np.argsort(wrong, kind="stable")
    begin = np.concatenate(([0], np.cumsum(np.bincount(wrong, minlength=codes))))
    both = np.concatenate((clauses, clauses)).astype(np.int32)
    return begin.astype(np.int32), other[order], both[order]


def _watched(lits: Ints, starts: Ints, clauses: NDArray[np.intp], codes: int) -> tuple[Ints, Ints]:
    heads = np.full(codes, -1, dtype=np.int32)
    nexts = np.full(2 * (len(starts) - 1), -1, dtype=np.int32)
    nodes = np.concatenate((2 * clauses, 2 * clauses + 1)).astype(np.int32)
    at = np.concatenate((lits[starts[clauses]], lits[starts[clauses] + 1]))
    order = np.argsort(at, kind="stable")
    nodes, at = nodes[order], at[order]
    begins = np.concatenate(([True], at[1:] != at[:-1])) if len(at) else np.zeros(0, np.bool_)
    heads[at[begins]] = nodes[begins]
    nexts[nodes[:-1]] = np.where(begins[1:], -1, nodes[1:])
    return heads, nexts
