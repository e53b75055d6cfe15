"""Expression trees over Boolean features, built without the detour over a text."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from cosmo.lib.expressions.tree import (
    Arithmetic,
    Comparison,
    IfElse,
    Junction,
    Literal,
    Name,
    Node,
    Not,
)

_PAIRS_UP_TO = 12
_TRUE, _ZERO = Literal("true", 1), Literal(0, 1)


@lru_cache(maxsize=16_384)
def chosen(name: str) -> Comparison:
    """``name == 'true'``"""
    return Comparison(("==",), (Name(name, 1), _TRUE), 1)


@lru_cache(maxsize=16_384)
def unchosen(name: str) -> Comparison:
    """``name != 'true'``"""
    return Comparison(("!=",), (Name(name, 1), _TRUE), 1)


def negated(node: Node) -> Node:
    """The opposite, without two negations in a row."""
    if isinstance(node, Not):
        return node.operand
    if isinstance(node, Comparison) and node.operators in (("==",), ("!=",)):
        sign = "!=" if node.operators == ("==",) else "=="
        return Comparison((sign,), node.operands, 1)
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return Literal(not node.value, 1)
    return Not(node, 1)


def joined(operator: str, parts: Sequence[Node]) -> Node:
    """All (``and``) or any (``or``) of the parts; nothing at all is true (false)."""
    flat: list[Node] = []
    for part in parts:
        same = isinstance(part, Junction) and part.operator == operator
        flat += part.operands if same and isinstance(part, Junction) else (part,)
    if len(flat) > 1:
        return Junction(operator, tuple(flat), 1)
    return flat[0] if flat else Literal(operator == "and", 1)


def implied(when: Node, then: Node) -> Node:
    return joined("or", (negated(when), then))


def at_most_one(names: Sequence[str]) -> Node:
    """No two of ``names``: in pairs when they are few, else by halves that exclude each other.

    The halves need n log n parts where pairs need n squared.
    """
    if len(names) <= _PAIRS_UP_TO:
        pairs = combinations(names, 2)
        return joined("and", [joined("or", (unchosen(a), unchosen(b))) for a, b in pairs])
    middle = len(names) // 2
    left, right = names[:middle], names[middle:]
    nothing = [joined("and", [unchosen(name) for name in half]) for half in (left, right)]
    return joined("and", (at_most_one(left), at_most_one(right), joined("or", nothing)))


def weighted_sum(weights: Sequence[tuple[str, int]]) -> Node:
    """``(3 if a == 'true' else 0) + ...``, halved so that long sums do not nest deep."""
    if not weights:
        return _ZERO
    if len(weights) == 1:
        name, weight = weights[0]
        return IfElse(chosen(name), Literal(weight, 1), _ZERO, 1)
    middle = len(weights) // 2
    left, right = weighted_sum(weights[:middle]), weighted_sum(weights[middle:])
    return Arithmetic("+", left, right, 1)


def compared(left: Node, sign: str, right: int) -> Comparison:
    return Comparison((sign,), (left, Literal(right, 1)), 1)
