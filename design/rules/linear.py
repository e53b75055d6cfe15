"""Comparisons of sums as formulas."""

from collections.abc import Iterator, Mapping, Sequence

from .combinations import Variables
from .features import Feature
from .formula import Formula, Term, all_of, any_of, at_most

NEGATED: Mapping[str, str] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    "<=": ">",
    ">": "<=",
}


def terms_of(feature: Feature, variables: Variables, amounts: Sequence[int]) -> Iterator[Term]:
    """What ``feature`` adds to a sum: one term, or one an option of a multi-select."""
    literals = tuple(variables[feature.id].values())
    if feature.kind == "multi":
        for literal, amount in zip(literals, amounts, strict=True):
            yield Term((0, amount), (-literal, literal))
    else:
        yield Term(tuple(amounts), literals, is_ordered=feature.is_scaled)


def compared(terms: Sequence[Term], constant: int, operator: str) -> Formula:
    """``constant`` and all terms together, compared with zero."""
    negative = [Term(tuple(-a for a in t.amounts), t.literals, t.is_ordered) for t in terms]
    match operator:
        case "<=":
            return at_most(terms, -constant)
        case "<":
            return at_most(terms, -constant - 1)
        case ">=":
            return at_most(negative, constant)
        case ">":
            return at_most(negative, constant - 1)
        case "==":
            return all_of((at_most(terms, -constant), at_most(negative, constant)))
        case _:
            return any_of((at_most(terms, -constant - 1), at_most(negative, constant - 1)))
