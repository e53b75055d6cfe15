"""The cheapest design by CP-SAT, where no diagram is to be had.

The clauses are the engine's own. CP-SAT only looks for a cheap one among the designs; whether a
design is valid is never its word alone: the engine's solver is asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from ortools.sat.python import cp_model

from design.rules import Choices, Engine
from design.rules.clauses import Clauses

from .book import PriceBook
from .costs import Costs, amounts_of, tie


@dataclass(frozen=True, slots=True)
class Found:
    """Answers by ``(feature, option)`` as in ``levels_of``; the bound in ten-thousandths."""

    places: Mapping[tuple[str, str], int]
    bound: int


def solve(
    book: PriceBook, costs: Costs, engine: Engine, choices: Choices, seconds: float
) -> Found | None:
    """The best design found within ``seconds`` on one thread; None when none was found."""
    encoding, features = engine.encoding, engine.model.by_id
    program = cp_model.CpModel()
    variables = [program.new_bool_var("") for _ in range(encoding.top + 1)]

    def literal(number: int) -> cp_model.LiteralT:
        return variables[number] if number > 0 else ~variables[-number]

    rows = [*encoding.clauses, *((selector,) for selector in encoding.rules.values())]
    for row in rows:
        program.add_bool_or([literal(x) for x in row])
    for name, value in choices.items():
        for number in encoding.literals(features[name], value):
            program.add_bool_or([literal(number)])
    terms: list[cp_model.LinearExprT] = []
    for name in costs.features:
        feature = features[name]
        amounts = amounts_of(book, costs, feature, choices)
        table = list(encoding.variables[name].values())
        if feature.kind == "text":
            terms += [amounts[0], (amounts[1] - amounts[0]) * literal(table[0])]
        elif feature.is_scaled:
            steps = zip(table, amounts, amounts[1:], strict=False)
            terms += [amounts[0], *((b - a) * literal(x) for x, a, b in steps)]
        else:
            terms += [a * literal(x) for x, a in zip(table, amounts, strict=True)]
    for joint in costs.joint:
        classes = [program.new_bool_var("") for _ in joint.amounts]
        first = len(variables)
        variables += classes
        numbers = list(range(first, len(variables)))
        clauses = Clauses(first_free=len(variables))
        clauses.require(tie(joint, encoding.literals, numbers))
        for clause in clauses.rows:
            program.add_bool_or([literal(x) for x in clause])
        program.add_exactly_one(classes)
        terms += [a * x for a, x in zip(joint.amounts, classes, strict=True)]
    program.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    if solver.solve(program) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    true = {n for n in range(1, len(variables)) if solver.boolean_value(variables[n])}
    return Found(_places(engine, true), ceil(solver.best_objective_bound - 1e-6))


def _places(engine: Engine, true: set[int]) -> dict[tuple[str, str], int]:
    """The answers of the design whose variables are ``true``."""
    found: dict[tuple[str, str], int] = {}
    for feature in engine.model.features:
        table = engine.encoding.variables[feature.id]
        holds = [(x in true) if x > 0 else (-x not in true) for x in table.values()]
        if feature.kind == "multi":
            for option, is_chosen in zip(table, holds, strict=True):
                found[feature.id, str(option)] = int(is_chosen)
        elif feature.is_scaled:
            found[feature.id, ""] = sum(holds)
        else:
            found[feature.id, ""] = holds[0] if feature.kind == "text" else holds.index(True)
    return found
