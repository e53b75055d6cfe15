"""Text to tree, once. Python's grammar, cut down to what a product document needs."""

import ast
import re
from decimal import Decimal

from .errors import ExpressionError
from .scanner import check_words
from .tree import (
    Arithmetic,
    Attribute,
    Call,
    Comparison,
    IfElse,
    Junction,
    Literal,
    Members,
    Name,
    Negative,
    Node,
    Not,
)

MAX_DEPTH = 60
MAX_NODES = 400

ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
# Function -> least and most arguments.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 20),
    "max": (2, 20),
    "ceil": (1, 1),
    "floor": (1, 1),
    "round": (1, 1),
    "abs": (1, 1),
    "len": (1, 1),
}


def parse_tree(source: str) -> Node:
    """Read ``source`` into a validated tree, or raise ``ExpressionError``."""
    check_words(source)
    # A document may fold a long expression over several lines; columns keep counting through.
    bracketed = "(" + re.sub(r"[\r\n\t]", " ", source) + ")"
    try:
        tree = ast.parse(bracketed, mode="eval")
    except SyntaxError as error:
        column = max(1, min(len(source), (error.offset or 2) - 1))
        raise ExpressionError(
            "syntax", source, column, "This cannot be read as an expression here."
        ) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(
            "too_deep", source, 1, "The expression is nested too deep."
        ) from error
    return _Reader(source, bracketed).read(tree.body, 0)


class _Reader:
    """Turns Python's syntax tree into ours, refusing whatever has no place in it."""

    def __init__(self, source: str, bracketed: str) -> None:
        self._source = source
        self._bytes = bracketed.encode()
        self._nodes = 0

    def read(self, node: ast.expr, depth: int) -> Node:
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise self._refusal(
                node, "too_deep", f"The expression is nested more than {MAX_DEPTH} deep."
            )
        if self._nodes > MAX_NODES:
            raise self._refusal(
                node, "too_long", f"The expression has more than {MAX_NODES} parts."
            )
        reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if reader is None:
            what = type(node).__name__
            raise self._refusal(node, "not_allowed", f"{what} is not part of the language.")
        result: Node = reader(node, depth + 1)
        return result

    def _column(self, node: ast.expr) -> int:
        # ast counts UTF-8 bytes; a Chinese text before the fault must not shift the column.
        return len(self._bytes[: node.col_offset].decode())

    def _refusal(self, node: ast.expr, code: str, sentence: str) -> ExpressionError:
        return ExpressionError(code, self._source, max(1, self._column(node)), sentence)

    def _read_constant(self, node: ast.Constant, _depth: int) -> Node:
        value = node.value
        if isinstance(value, bool | int | str):
            return Literal(value, self._column(node))
        if isinstance(value, float):
            # The digits as written: a float would already have rounded them.
            written = self._bytes[node.col_offset : node.end_col_offset].decode()
            return Literal(Decimal(written), self._column(node))
        raise self._refusal(node, "not_allowed", f"{value!r} is not part of the language.")

    def _read_name(self, node: ast.Name, _depth: int) -> Node:
        return Name(node.id, self._column(node))

    def _read_attribute(self, node: ast.Attribute, _depth: int) -> Node:
        if not isinstance(node.value, ast.Name):
            raise self._refusal(
                node, "not_allowed", f"Only a feature can stand before .{node.attr}."
            )
        return Attribute(node.value.id, node.attr, self._column(node))

    def _read_unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        operand = self.read(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return Not(operand, self._column(node))
        if isinstance(node.op, ast.USub):
            return Negative(operand, self._column(node))
        raise self._refusal(
            node, "not_allowed", "A sign '+' before a value does nothing; remove it."
        )

    def _read_boolop(self, node: ast.BoolOp, depth: int) -> Node:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        operands = tuple(self.read(value, depth) for value in node.values)
        return Junction(operator, operands, self._column(node))

    def _read_binop(self, node: ast.BinOp, depth: int) -> Node:
        operator = ARITHMETIC.get(type(node.op))
        if operator is None:
            raise self._refusal(node, "not_allowed", "Only + - * / // % can calculate.")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        return Arithmetic(operator, left, right, self._column(node))

    def _read_compare(self, node: ast.Compare, depth: int) -> Node:
        operators: list[str] = []
        operands = [self.read(node.left, depth)]
        for sign, right in zip(node.ops, node.comparators, strict=True):
            operator = COMPARISONS.get(type(sign))
            if operator is None:
                raise self._refusal(
                    node, "not_allowed", "'is' is not part of the language; write '=='."
                )
            operators.append(operator)
            if isinstance(right, ast.Tuple) and operator in ("in", "not in"):
                items = tuple(self.read(item, depth + 1) for item in right.elts)
                operands.append(Members(items, self._column(right)))
            else:
                operands.append(self.read(right, depth))
        return Comparison(tuple(operators), tuple(operands), self._column(node))

    def _read_ifexp(self, node: ast.IfExp, depth: int) -> Node:
        return IfElse(
            self.read(node.test, depth),
            self.read(node.body, depth),
            self.read(node.orelse, depth),
            self._column(node),
        )

    def _read_call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS))
            raise self._refusal(node, "unknown_function", f"Only these can be called: {known}.")
        name = node.func.id
        least, most = FUNCTIONS[name]
        if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
            raise self._refusal(node, "not_allowed", f"{name}() takes plain values only.")
        if not least <= len(node.args) <= most:
            wanted = f"{least} value" if least == most else f"{least} to {most} values"
            raise self._refusal(
                node, "wrong_arguments", f"{name}() takes {wanted}, not {len(node.args)}."
            )
        arguments = tuple(self.read(item, depth) for item in node.args)
        return Call(name, arguments, self._column(node))

    def _read_tuple(self, node: ast.Tuple, _depth: int) -> Node:
        raise self._refusal(node, "not_allowed", "A list of values can stand only after 'in'.")
