"""A parsed expression: its tree, its names, and its value in a scope."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from .errors import ExpressionError
from .evaluator import Compiler, Evaluate, kind_of
from .parser import parse_tree
from .tree import Node, Number, Scope, Value, names_in


class Expression:
    """Immutable. Equal to another expression with the same source and tree.

    Attributes:
        source: What the author wrote.
        tree: The validated tree, for engines that translate it.
        names: Every name that evaluation may look up.
    """

    __slots__ = ("_evaluate", "names", "source", "tree")

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree: Node = parse_tree(source)
        self.names = names_in(self.tree)
        self._evaluate = Compiler(source).compile(self.tree)

    @classmethod
    def of_tree(cls, tree: Node, source: str, names: Iterable[str] | None = None) -> "Expression":
        """An expression whose tree was not written in this language, e.g. a clause of a file.

        Args:
            source: What stands for it in a sentence; nobody parses it.
            names: Exactly the names in ``tree``, where the caller knows them already.
        """
        made = cls.__new__(cls)
        made.source = source
        made.tree = tree
        made.names = names_in(tree) if names is None else frozenset(names)

        def evaluate(scope: Scope) -> Value:
            # Compiled when first asked for: a file brings ten thousand and few are ever evaluated.
            made._evaluate = Compiler(source).compile(tree)
            return made._evaluate(scope)

        made._evaluate = evaluate
        return made

    def evaluated_by(self, evaluate: Evaluate) -> "Expression":
        """The same, by another way that comes to the same in every scope."""
        twin = Expression.of_tree(self.tree, self.source, self.names)
        twin._evaluate = evaluate
        return twin

    def evaluate(self, scope: Scope) -> Value:
        """The value in ``scope``. Raises ``ExpressionError`` for unknown names and mixed kinds."""
        return self._evaluate(scope)

    def evaluate_truth(self, scope: Scope) -> bool:
        value = self._evaluate(scope)
        if isinstance(value, bool):
            return value
        raise self._wrong_kind("a yes or no", value)

    def evaluate_number(self, scope: Scope) -> Number:
        value = self._evaluate(scope)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return value
        raise self._wrong_kind("a number", value)

    def evaluate_decimal(self, scope: Scope) -> Decimal:
        return Decimal(self.evaluate_number(scope))

    def evaluate_whole(self, scope: Scope) -> int:
        """A whole number; 2.0 counts as 2, 2.5 is refused."""
        number = self.evaluate_number(scope)
        if number == int(number):
            return int(number)
        sentence = f"A whole number is needed, not {number}; use ceil(), floor() or round()."
        raise ExpressionError("not_whole", self.source, 1, sentence)

    def evaluate_text(self, scope: Scope) -> str:
        """A text; a chosen option gives its id."""
        value = self._evaluate(scope)
        if isinstance(value, str):
            return str(value)
        raise self._wrong_kind("a text", value)

    def _wrong_kind(self, wanted: str, value: Value) -> ExpressionError:
        sentence = f"The expression gives {kind_of(value)}, but {wanted} is needed."
        return ExpressionError("wrong_kind", self.source, 1, sentence)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Expression)
            and other.source == self.source
            and other.tree == self.tree
        )

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read an expression, or raise ``ExpressionError``."""
    return Expression(source)
