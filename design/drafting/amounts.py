"""Where the money stands in an expression: the numbers and option values that a price change moves.

``18 * doors.fronts`` has its money in the 18, ``handle.price * doors.fronts`` in the options'
``price``, ``59 + len(text)`` in the 59; that each letter adds 1 is no number anybody wrote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cosmo.lib.expressions import Expression
from cosmo.lib.expressions.tree import (
    Arithmetic,
    Attribute,
    Call,
    IfElse,
    Literal,
    Negative,
    Node,
    children,
)

_NUMBER = re.compile(r"\d+(\.\d+)?")
Value = tuple[str, str]
"""Feature and name of an option value."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number in the source of an expression.

    Attributes:
        start, end: Its place, counted from 0.
        is_rate: It is multiplied with something, so it is rounded to cents only.
    """

    start: int
    end: int
    amount: Decimal
    is_rate: bool


@dataclass(frozen=True, slots=True)
class Money:
    """The parts of one amount.

    Attributes:
        values: Option values that are money.
        is_partial: Some part of the amount is neither, and stays as it is.
    """

    numbers: tuple[Written, ...]
    values: tuple[Value, ...]
    is_partial: bool


def money_in(expression: Expression, priced: frozenset[Value]) -> Money:
    """The money in an amount. ``priced`` are the option values that serve nothing but prices."""
    found = list(_money(expression.tree, expression.source, priced, is_rate=False))
    return Money(
        tuple(part for part in found if isinstance(part, Written)),
        tuple(dict.fromkeys(part for part in found if isinstance(part, tuple))),
        is_partial=None in found,
    )


def _money(
    node: Node, source: str, priced: frozenset[Value], *, is_rate: bool
) -> Iterator[Written | Value | None]:
    match node:
        case Literal(bool()):
            yield None
        case Literal(int() | Decimal() as value, column):
            number = _NUMBER.match(source, column - 1)
            yield (
                Written(number.start(), number.end(), Decimal(value), is_rate) if number else None
            )
        case Attribute(name, attribute) if (name, attribute) in priced:
            yield (name, attribute)
        case Negative(operand):
            yield from _money(operand, source, priced, is_rate=is_rate)
        case Arithmetic("+" | "-", left, right):
            yield from _money(left, source, priced, is_rate=is_rate)
            yield from _money(right, source, priced, is_rate=is_rate)
        case Arithmetic("*", left, right):
            factor = next((side for side in (left, right) if _is_money(side, priced)), None)
            yield from [None] if factor is None else _money(factor, source, priced, is_rate=True)
        case Arithmetic("/" | "//", left, _):
            yield from _money(left, source, priced, is_rate=is_rate)
        case IfElse(_, then, otherwise):
            yield from _money(then, source, priced, is_rate=is_rate)
            yield from _money(otherwise, source, priced, is_rate=is_rate)
        case Call("min" | "max" | "ceil" | "floor" | "round", arguments):
            for argument in arguments:
                yield from _money(argument, source, priced, is_rate=is_rate)
        case _:
            yield None


def _is_money(node: Node, priced: frozenset[Value]) -> bool:
    """Whether a factor is the price of one, rather than how many there are."""
    if isinstance(node, Negative):
        return _is_money(node.operand, priced)
    if isinstance(node, Attribute):
        return (node.name, node.attribute) in priced
    return isinstance(node, Literal) and not isinstance(node.value, bool | str)


def values_in(node: Node) -> Iterator[Value]:
    """Every option value an expression reads."""
    if isinstance(node, Attribute):
        yield (node.name, node.attribute)
    for child in children(node):
        yield from values_in(child)
