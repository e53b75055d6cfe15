"""Rules over many candidate values at once, with numpy.

Numbers are floats here and comparisons forgive a billionth, so a grid only proposes; what it
proposes is checked exactly, with the rule as it was written, before it counts.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cosmo.lib.expressions.tree import (
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
from design.rules import Rule

NEARLY = 1e-9
Truth = NDArray[np.bool_] | bool
Scope = Mapping[str, Any]
_UNUSABLE = (KeyError, TypeError, ValueError, AttributeError)


def may_hold(rule: Rule, scope: Scope) -> Truth:
    """Where ``rule`` may hold; everywhere, if numpy cannot tell.

    ``scope`` holds floats, arrays of floats that fit each other, chosen options and sets.
    """
    if rule.table is not None:
        return True
    try:
        with np.errstate(all="ignore"):
            if rule.never is not None:
                return cast(Truth, np.logical_not(_value(rule.never.tree, scope)))
            if rule.always is not None:
                return _truth(_value(rule.always.tree, scope))
            when, then = rule.implication
            asked = _truth(_value(when.tree, scope))
            if asked is False:
                return True
            then_holds = _value(then.tree, scope)
            return cast(Truth, np.logical_or(np.logical_not(asked), then_holds))
    except _UNUSABLE:
        return True


def _truth(value: Any) -> Truth:
    return value if isinstance(value, np.ndarray) and value.ndim else bool(value)


def _value(node: Node, scope: Scope) -> Any:
    match node:
        case Literal(value):
            return value if isinstance(value, bool | str) else float(value)
        case Name(name):
            return scope[name]
        case Attribute(name, attribute):
            value = scope[name].values[attribute]
            return value if isinstance(value, bool | str) else float(value)
        case Not(operand):
            return np.logical_not(_value(operand, scope))
        case Negative(operand):
            return -_value(operand, scope)
        case Junction(operator, operands):
            return _junction(operator, operands, scope)
        case Arithmetic(operator, left, right):
            return _ARITHMETIC[operator](_value(left, scope), _value(right, scope))
        case Comparison(operators, operands):
            return _chain(operators, operands, scope)
        case IfElse(condition, then, otherwise):
            return _if_else(condition, then, otherwise, scope)
        case Call(function, arguments):
            return _CALLS[function](*(_value(argument, scope) for argument in arguments))
        case _:
            raise TypeError(node)


def _junction(operator: str, operands: tuple[Node, ...], scope: Scope) -> Any:
    ends = operator == "or"
    join = np.logical_or if ends else np.logical_and
    result: Any = not ends
    for operand in operands:
        value = _truth(_value(operand, scope))
        if value is ends:
            return ends
        result = join(result, value)
    return result


def _if_else(condition: Node, then: Node, otherwise: Node, scope: Scope) -> Any:
    asked = _truth(_value(condition, scope))
    if isinstance(asked, bool):
        return _value(then if asked else otherwise, scope)
    return np.where(asked, _value(then, scope), _value(otherwise, scope))


def _chain(operators: tuple[str, ...], operands: tuple[Node, ...], scope: Scope) -> Any:
    result: Any = True
    for operator, (left, right) in zip(operators, pairwise(operands), strict=True):
        result = np.logical_and(result, _compared(operator, left, right, scope))
    return result


def _compared(operator: str, left: Node, right: Node, scope: Scope) -> Any:
    first = _value(left, scope)
    if operator in ("in", "not in"):
        if isinstance(right, Members):
            found: Any = False
            for item in right.items:
                found = np.logical_or(found, _equal(first, _value(item, scope)))
        else:
            found = first in _value(right, scope)
        return np.logical_not(found) if operator == "not in" else found
    second = _value(right, scope)
    match operator:
        case "==":
            return _equal(first, second)
        case "!=":
            return np.logical_not(_equal(first, second))
        case "<":
            return first < second - NEARLY
        case "<=":
            return first <= second + NEARLY
        case ">":
            return first > second + NEARLY
        case _:
            return first >= second - NEARLY


def _equal(first: Any, second: Any) -> Any:
    if isinstance(first, str | frozenset) or isinstance(second, str | frozenset):
        return first == second
    return np.abs(first - second) <= NEARLY


_ARITHMETIC: Mapping[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: np.floor(a / b + NEARLY),
    "%": lambda a, b: a - b * np.floor(a / b + NEARLY),
}
_CALLS: Mapping[str, Any] = {
    "min": lambda *all_: np.minimum.reduce(np.broadcast_arrays(*all_)),
    "max": lambda *all_: np.maximum.reduce(np.broadcast_arrays(*all_)),
    "ceil": lambda a: np.ceil(a - NEARLY),
    "floor": lambda a: np.floor(a + NEARLY),
    "round": np.round,
    "abs": np.abs,
    "len": len,
}
