"""All designs of a small model by brute force over its rules, without any solver."""

from collections.abc import Iterator
from itertools import product

from pysat.solvers import Glucose4

from design.rules import Model, violations
from design.rules.combinations import answers
from design.rules.encoding import encode
from design.rules.exchange import read_uvl
from design.rules.features import Selection


def designs(model: Model) -> Iterator[Selection]:
    """Every full selection that breaks no rule."""
    names = [feature.id for feature in model.features]
    for values in product(*(list(answers(feature)) for feature in model.features)):
        selection = dict(zip(names, values, strict=True))
        if not violations(model, selection):
            yield selection


def count(model: Model) -> int:
    return sum(1 for _ in designs(model))


def chosen_sets(model: Model) -> set[frozenset[str]]:
    """For each design of a Boolean model, the features that are chosen."""
    return {
        frozenset(name for name, value in design.items() if value == "true")
        for design in designs(model)
    }


def sets(*listed: str) -> set[frozenset[str]]:
    """``sets("R A", "R")``: the chosen features of each expected design."""
    return {frozenset(names.split()) for names in listed}


def uvl(tree: str, constraints: str = "") -> Model:
    """A model of a feature tree and constraints, both written without their headings."""
    return read_uvl(uvl_text(tree, constraints), "small.uvl").model


def uvl_text(tree: str, constraints: str = "") -> str:
    text = f"features\n{tree}\n"
    return f"{text}constraints\n{constraints}\n" if constraints else text


def solutions(model: Model) -> int:
    """How many designs there are, found one by one by a solver; for models brute force cannot."""
    return sum(1 for _ in _listed(model))


def solved_sets(model: Model) -> list[frozenset[str]]:
    """The chosen features of each design of a Boolean model, found by a solver."""
    variables = encode(model.features, model.rules).variables
    return [
        frozenset(name for name, table in variables.items() if table["true"] in found)
        for found in _listed(model)
    ]


def _listed(model: Model) -> Iterator[frozenset[int]]:
    encoding = encode(model.features, model.rules, model.structure)
    with Glucose4(bootstrap_with=encoding.clauses) as solver:
        for selector in encoding.rules.values():
            solver.add_clause([selector])
        while solver.solve():
            found = solver.get_model()[: encoding.width]
            yield frozenset(found)
            solver.add_clause([-literal for literal in found])
