"""Boolean formulas over solver literals, simplified while they are built.

A literal is a non-zero int as in DIMACS; ``True`` and ``False`` are themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Formula", ...]


Formula = bool | int | All | Any


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


class Clauses:
    """A growing set of clauses with fresh variables for the inner parts of formulas."""

    def __init__(self, first_free: int) -> None:
        self.rows: list[list[int]] = []
        self.top = first_free - 1

    def new_variable(self) -> int:
        self.top += 1
        return self.top

    def require(self, formula: Formula, unless: tuple[int, ...] = ()) -> None:
        """Make ``formula`` hold whenever no literal of ``unless`` does.

        Inner conjunctions get a variable that implies them; the other direction is not needed
        because formulas are only ever required, never asked for.
        """
        if formula is True:
            return
        if isinstance(formula, All):
            for part in formula.parts:
                self.require(part, unless)
            return
        row = list(unless)
        parts = formula.parts if isinstance(formula, Any) else (formula,)
        for part in parts:
            if isinstance(part, All):
                name = self.new_variable()
                self.require(part, (-name,))
                row.append(name)
            elif part is not False and isinstance(part, int):
                row.append(part)
        self.rows.append(row)
