"""Formulas as clauses for a SAT solver."""

from .formula import All, Any, AtMost, Formula
from .sums import NEVER, SURE, layers


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

        Raises:
            SumTooLarge: a linear constraint has too many partial sums.
        """
        if formula is True:
            return
        if isinstance(formula, All):
            for part in formula.parts:
                self.require(part, unless)
            return
        if isinstance(formula, AtMost):
            self._require_sum(formula, unless)
            return
        row = list(unless)
        parts = formula.parts if isinstance(formula, Any) else (formula,)
        for part in parts:
            if isinstance(part, All | AtMost):
                name = self.new_variable()
                self.require(part, (-name,))
                row.append(name)
            elif part is not False and isinstance(part, int):
                row.append(part)
        self.rows.append(row)

    def _require_sum(self, formula: AtMost, unless: tuple[int, ...]) -> None:
        """A variable for every partial sum that is implied by the one before and an answer.

        Abio and Stuckey, "Encoding linear constraints into SAT" (2014).
        """
        premises: dict[int, tuple[int, ...]] = {0: unless}
        for term, layer in zip(formula.terms, layers(formula), strict=True):
            following: dict[int, tuple[int, ...]] = {}
            for total, runs in layer.items():
                for run in runs:
                    if run.place == SURE:
                        continue
                    if isinstance(run.place, int) and run.place not in following:
                        following[run.place] = (-self.new_variable(),)
                    then = () if run.place == NEVER else (-following[int(run.place)][0],)
                    for cube in term.cubes(run.first, run.last):
                        self.rows.append([*premises[total], *(-x for x in cube), *then])
            premises = following
