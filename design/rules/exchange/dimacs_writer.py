"""A model as DIMACS: one variable a feature of a Boolean model, else one an option.

Where a rule is no clause, inner variables are added whose value follows from the others, so that
the file has exactly as many solutions as the model has designs.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from design.rules.features import Feature
from design.rules.formula import All, Any, AtMost, Formula, Term, at_most
from design.rules.model import Model
from design.rules.sums import NEVER, SURE, SumTooLarge, layers

from .errors import printable
from .statements import Statements, is_boolean, read_statements, unwritable


def write_dimacs(model: Model) -> str:
    """The text of a DIMACS file with ``c <number> <name>`` for every variable.

    An option is called ``feature=option``, a filled text and a feature of a Boolean model by its
    id, what was added ``inner-<number>``.

    Raises:
        FileModelError: a feature has too many values, or a name a line cannot hold.
    """
    statements = read_statements(model, with_parents=False)
    for name in statements.names:
        if name != " ".join(name.split()) or not name:
            raise unwritable(name, f"'{printable(name)}' cannot be a name in DIMACS; rename it.")
    clauses = _Clauses(len(statements.names))
    for feature in model.features:
        for formula in _answers(feature, statements):
            clauses.require(formula)
    for rule, formula in statements.formulas:
        try:
            clauses.require(formula)
        except SumTooLarge as error:
            raise unwritable(rule, f"Rule {printable(rule)}: {error}") from error
    return "".join(_lines(statements.names, clauses))


def _lines(names: tuple[str, ...], clauses: "_Clauses") -> Iterator[str]:
    taken = set(names)
    for number in range(1, clauses.top + 1):
        name = names[number - 1] if number <= len(names) else f"inner-{number}"
        while number > len(names) and name in taken:
            name += "'"
        yield f"c {number} {name}\n"
    yield f"p cnf {clauses.top} {len(clauses.rows)}\n"
    for row in clauses.rows:
        yield " ".join(map(str, (*row, 0))) + "\n"


def _answers(feature: Feature, statements: Statements) -> Iterator[Formula]:
    """How many answers a feature takes."""
    literals = tuple(statements.variables[feature.id].values())
    if feature.kind == "multi":
        for sign, bound in ((1, feature.maximum), (-1, -feature.minimum)):
            yield at_most([Term((0, sign), (-x, x)) for x in literals], bound)
    elif feature.kind != "text" and not is_boolean(feature):
        yield Any(literals)
        yield from (Any((-one, -other)) for one, other in combinations(literals, 2))


class _Clauses:
    """Clauses whose inner variables are defined in both directions."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.rows: list[tuple[int, ...]] = []
        self._defined: dict[Formula, int] = {}

    def require(self, formula: Formula) -> None:
        if isinstance(formula, All):
            for part in formula.parts:
                self.require(part)
        elif isinstance(formula, Any):
            self.rows.append(tuple(self._literal(part) for part in formula.parts))
        elif formula is False:
            self.rows.append(())
        elif formula is not True:
            self.rows.append((self._literal(formula),))

    def _literal(self, formula: Formula) -> int:
        """A literal that is true exactly when ``formula`` is."""
        if isinstance(formula, bool):
            raise TypeError("A decided part is simplified away before it gets here.")
        if isinstance(formula, int):
            return formula
        if formula not in self._defined:
            if isinstance(formula, AtMost):
                self._defined[formula] = self._sum(formula)
            else:
                parts = [self._literal(part) for part in formula.parts]
                if isinstance(formula, Any):
                    self._defined[formula] = self._any(parts)
                else:
                    self._defined[formula] = -self._any(-part for part in parts)
        return self._defined[formula]

    def _any(self, literals: Iterable[int]) -> int:
        self.top += 1
        name, found = self.top, tuple(literals)
        self.rows.append((-name, *found))
        self.rows += [(name, -literal) for literal in found]
        return name

    def _sum(self, formula: AtMost) -> int:
        """From the last term to the first: whether the rest still fits behind each partial sum."""
        behind: dict[int, int] = {}
        for term, layer in reversed(list(zip(formula.terms, layers(formula), strict=True))):
            here: dict[int, int] = {}
            for total, runs in layer.items():
                ways: list[int] = []
                for run in runs:
                    if run.place == NEVER:
                        continue
                    then = [] if run.place == SURE else [behind[int(run.place)]]
                    cubes = term.cubes(run.first, run.last)
                    ways += [self._all([*cube, *then]) for cube in cubes]
                here[total] = self._any(ways)
            behind = here
        return behind[0]

    def _all(self, literals: list[int]) -> int:
        return literals[0] if len(literals) == 1 else -self._any(-literal for literal in literals)
