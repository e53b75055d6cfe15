"""Expressions of one document that have parts in common, with each such part worked out once.

The boards of a shelf are one long sum in its price, its weight, its bill and its minutes. Found
when the document is read; like ``Remembered``, for scopes that all come from one offer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from .errors import ExpressionError
from .evaluator import Compiler, Evaluate
from .expression import Expression
from .remembered import Remembered
from .tree import (
    Arithmetic,
    Attribute,
    Call,
    Comparison,
    IfElse,
    Junction,
    Literal,
    Name,
    Node,
    Scope,
    Value,
    children,
    names_in,
)

LEAST = 3
"""Operations of a part that is worth remembering; fewer are as quick as looking them up."""

Shape = tuple[object, ...]
"""What a node says, wherever in its source it stands."""


def sharing(expressions: Iterable[Expression]) -> dict[Expression, Expression]:
    """For each expression one that comes to the same, and shares what it has in common with others.

    A fault is still told in the words of the expression that has it.
    """
    every = list(expressions)
    counts = Counter(shape for one in every for shape in _shapes(one.tree))
    remembered: dict[Shape, Remembered[Value]] = {}
    return {one: _twin(one, counts, remembered) for one in dict.fromkeys(every)}


def _twin(
    expression: Expression, counts: Counter[Shape], remembered: dict[Shape, Remembered[Value]]
) -> Expression:
    if not any(counts[shape] > 1 for shape in _shapes(expression.tree)):
        return expression
    shared = _Sharing(expression.source, counts, remembered).compile(expression.tree)

    def evaluate(scope: Scope) -> Value:
        try:
            return shared(scope)
        except ExpressionError:  # perhaps in the words of another expression
            return expression.evaluate(scope)

    return expression.evaluated_by(evaluate)


class _Sharing(Compiler):
    """Closures that look a common part up where another expression may have worked it out."""

    def __init__(
        self, source: str, counts: Counter[Shape], remembered: dict[Shape, Remembered[Value]]
    ) -> None:
        super().__init__(source)
        self._counts = counts
        self._remembered = remembered
        self._above = 1  # how often what is around the node occurs

    def compile(self, node: Node) -> Evaluate:
        shape, above = _shape(node), self._above
        count = self._counts[shape] if _size(node) >= LEAST else 0
        # What only ever occurs within a larger common part is remembered with that one.
        is_common = count > above
        self._above = max(count, above)
        own = super().compile(node)
        self._above = above
        if not is_common:
            return own
        return self._remembered.setdefault(shape, Remembered(names_in(node), own))


def _shapes(node: Node) -> Iterator[Shape]:
    """The shapes of all parts that are worth remembering, itself included."""
    if _size(node) >= LEAST:
        yield _shape(node)
        for child in children(node):
            yield from _shapes(child)


def _size(node: Node) -> int:
    """Operations in it."""
    is_one = isinstance(node, Arithmetic | Call | Comparison | IfElse | Junction)
    return is_one + sum(_size(child) for child in children(node))


def _shape(node: Node) -> Shape:
    match node:
        case Literal(value):
            return ("literal", type(value), str(value))
        case Name(name):
            return ("name", name)
        case Attribute(name, attribute):
            return ("attribute", name, attribute)
        case _:
            said = getattr(node, "operators", getattr(node, "operator", None))
            said = getattr(node, "function", said)
            return (type(node), said, *map(_shape, children(node)))
