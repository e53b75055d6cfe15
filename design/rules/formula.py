"""Formulas over solver literals, simplified while they are built.

A literal is a non-zero int as in DIMACS; ``True`` and ``False`` are themselves. A formula says what
must hold; it becomes clauses (``clauses``) or a decision diagram (``diagram``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Term:
    """What each answer of one feature adds to a sum.

    Attributes:
        amounts: One an answer.
        literals: One an answer, saying that it is given; or, when ``is_ordered``, one an answer but
            the first, saying that it or a later one is given.
    """

    amounts: tuple[int, ...]
    literals: tuple[int, ...]
    is_ordered: bool = False

    def cubes(self, first: int, last: int) -> Iterator[tuple[int, ...]]:
        """Sets of literals, one of which holds entirely, if the answer is one of first to last."""
        if not self.is_ordered:
            yield from ((literal,) for literal in self.literals[first : last + 1])
            return
        from_below = self.literals[first - 1 : first] if first else ()
        yield (*from_below, *(-literal for literal in self.literals[last : last + 1]))


@dataclass(frozen=True, slots=True)
class AtMost:
    """The amounts of all terms add up to at most ``bound``."""

    terms: tuple[Term, ...]
    bound: int


Formula = bool | int | All | Any | AtMost


def all_of(parts: Iterable[Formula]) -> Formula:
    kept: list[Formula] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, All):
            kept.extend(part.parts)
        elif part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else All(tuple(kept))


def any_of(parts: Iterable[Formula]) -> Formula:
    kept: list[Formula] = []
    for part in parts:
        if part is True:
            return True
        if isinstance(part, Any):
            kept.extend(part.parts)
        elif part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else Any(tuple(kept))


def at_most(terms: Iterable[Term], bound: int) -> Formula:
    """The sum of ``terms`` is at most ``bound``; decided at once where its limits tell."""
    kept: list[Term] = []
    for term in sorted(terms, key=lambda term: len(term.amounts)):
        if len(set(term.amounts)) == 1:  # the same whatever is answered
            bound -= term.amounts[0]
        else:
            kept.append(term)
    least = sum(min(term.amounts) for term in kept)
    most = sum(max(term.amounts) for term in kept)
    if most <= bound or least > bound:
        return most <= bound
    return AtMost(tuple(kept), bound)
