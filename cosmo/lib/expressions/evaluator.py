"""Tree to closures: parsed once, evaluated a million times.

Numbers are whole (``int``) or exact (``Decimal``, 40 significant digits); there is no float.
Division always gives a Decimal; ``//`` and ``%`` round towards minus infinity for both kinds, as
Python does for int. Nothing is converted silently: a text compared with a number is a fault, not
``False``.
"""

import operator
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from .errors import ExpressionError, suggestion
from .tree import (
    Arithmetic,
    Attribute,
    Call,
    Chosen,
    Comparison,
    IfElse,
    Junction,
    Literal,
    Members,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Scope,
    Value,
)

LARGEST = 10**15
MAX_TEXT = 1000
EXACT = Context(
    prec=40, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow]
)

Evaluate = Callable[[Scope], Value]
_NUMBERS = (int, Decimal)


def kind_of(value: object) -> str:
    """The word people know for a value's kind."""
    if isinstance(value, bool):
        return "a yes or no"
    if isinstance(value, int | Decimal):
        return "a number"
    if isinstance(value, Chosen):
        return "an option"
    return "a text" if isinstance(value, str) else "several options"


def _floor_divide(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return left // right
    quotient = EXACT.divide_int(left, right)
    remainder = EXACT.subtract(left, EXACT.multiply(quotient, right))
    return quotient - 1 if remainder and (remainder < 0) != (right < 0) else quotient


def _modulo(left: Number, right: Number) -> Number:
    if type(left) is int and type(right) is int:
        return left % right
    return EXACT.subtract(left, EXACT.multiply(_floor_divide(left, right), right))


def _divide(left: Number, right: Number) -> Number:
    return EXACT.divide(Decimal(left), Decimal(right))


_CALCULATE: dict[str, tuple[Callable[[Any, Any], Number], Callable[[Any, Any], Number]]] = {
    "+": (operator.add, EXACT.add),
    "-": (operator.sub, EXACT.subtract),
    "*": (operator.mul, EXACT.multiply),
    "/": (_divide, _divide),
    "//": (_floor_divide, _floor_divide),
    "%": (_modulo, _modulo),
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ROUNDING = {"ceil": ROUND_CEILING, "floor": ROUND_FLOOR, "round": ROUND_HALF_EVEN}


class Compiler:
    """Builds the closures of one expression; faults found while running carry its source."""

    def __init__(self, source: str) -> None:
        self._source = source

    def compile(self, node: Node) -> Evaluate:
        method = getattr(self, f"_compile_{type(node).__name__.lower()}")
        evaluate: Evaluate = method(node)
        return evaluate

    def _fault(self, node: Node, code: str, sentence: str) -> ExpressionError:
        return ExpressionError(code, self._source, node.column, sentence)

    def _within_limits(self, node: Node, value: Number) -> Number:
        if -LARGEST <= value <= LARGEST:
            return value
        raise self._fault(
            node, "too_large", f"The result is beyond {LARGEST:,}, the largest number."
        )

    def _require_truth(self, node: Node, value: Value) -> bool:
        if value is True or value is False:
            return value
        sentence = f"A yes or no is needed here, not {kind_of(value)}; compare it with something."
        raise self._fault(node, "wrong_kind", sentence)

    def _compile_literal(self, node: Literal) -> Evaluate:
        value = node.value
        return lambda _scope: value

    def _compile_name(self, node: Name) -> Evaluate:
        name = node.name

        def evaluate(scope: Scope) -> Value:
            try:
                return scope[name]
            except KeyError:
                sentence = f"'{name}' is not known here.{suggestion(name, scope)}"
                raise self._fault(node, "unknown_name", sentence) from None

        return evaluate

    def _compile_attribute(self, node: Attribute) -> Evaluate:
        name, attribute = node.name, node.attribute
        feature = self._compile_name(Name(name, node.column))

        def evaluate(scope: Scope) -> Value:
            value = feature(scope)
            if not isinstance(value, Chosen):
                sentence = f"'{name}' is {kind_of(value)} and has no .{attribute}."
                raise self._fault(node, "wrong_kind", sentence)
            try:
                return value.values[attribute]
            except KeyError:
                sentence = (
                    f"Option '{value.id}' of '{name}' has no value '{attribute}'."
                    f"{suggestion(attribute, value.values)}"
                )
                raise self._fault(node, "unknown_attribute", sentence) from None

        return evaluate

    def _compile_not(self, node: Not) -> Evaluate:
        operand = self.compile(node.operand)
        return lambda scope: not self._require_truth(node.operand, operand(scope))

    def _compile_negative(self, node: Negative) -> Evaluate:
        operand = self.compile(node.operand)

        def evaluate(scope: Scope) -> Value:
            value = operand(scope)
            if type(value) is int:
                return -value
            if type(value) is Decimal:
                return EXACT.minus(value)
            raise self._fault(node, "wrong_kind", f"'-' needs a number, not {kind_of(value)}.")

        return evaluate

    def _compile_junction(self, node: Junction) -> Evaluate:
        operands = [(part, self.compile(part)) for part in node.operands]
        stops_at = node.operator == "or"

        def evaluate(scope: Scope) -> Value:
            for part, operand in operands:
                if self._require_truth(part, operand(scope)) is stops_at:
                    return stops_at
            return not stops_at

        return evaluate

    def _compile_ifelse(self, node: IfElse) -> Evaluate:
        condition = self.compile(node.condition)
        then, otherwise = self.compile(node.then), self.compile(node.otherwise)

        def evaluate(scope: Scope) -> Value:
            holds = self._require_truth(node.condition, condition(scope))
            return then(scope) if holds else otherwise(scope)

        return evaluate

    def _compile_arithmetic(self, node: Arithmetic) -> Evaluate:
        left, right = self.compile(node.left), self.compile(node.right)
        sign = node.operator
        whole, exact = _CALCULATE[sign]

        def evaluate(scope: Scope) -> Value:
            a, b = left(scope), right(scope)
            if type(a) is int and type(b) is int:
                calculate = whole
            elif type(a) in _NUMBERS and type(b) in _NUMBERS:
                calculate = exact
            elif sign == "+" and isinstance(a, str) and isinstance(b, str):
                return self._join_texts(node, str(a), str(b))
            else:
                sentence = f"'{sign}' needs two numbers, not {kind_of(a)} and {kind_of(b)}."
                raise self._fault(node, "wrong_kind", sentence)
            try:
                return self._within_limits(node, calculate(a, b))
            except (ZeroDivisionError, DecimalException) as error:
                if not b:
                    fault = self._fault(node, "division_by_zero", "This divides by zero.")
                else:
                    sentence = f"{a} {sign} {b} cannot be calculated exactly enough."
                    fault = self._fault(node, "too_large", sentence)
                raise fault from error

        return evaluate

    def _join_texts(self, node: Node, left: str, right: str) -> str:
        if len(left) + len(right) > MAX_TEXT:
            raise self._fault(node, "too_large", f"The text is longer than {MAX_TEXT} characters.")
        return left + right

    def _compile_comparison(self, node: Comparison) -> Evaluate:
        tests = [
            self._compile_membership(node, sign, left, right)
            if sign in ("in", "not in")
            else self._compile_pair(node, sign, left, right)
            for sign, left, right in zip(
                node.operators, node.operands, node.operands[1:], strict=False
            )
        ]
        if len(tests) == 1:
            return tests[0]
        return lambda scope: all(test(scope) for test in tests)

    def _compile_pair(self, node: Comparison, sign: str, left: Node, right: Node) -> Evaluate:
        first, second = self.compile(left), self.compile(right)
        compare = _COMPARE[sign]
        is_order = sign not in ("==", "!=")

        def evaluate(scope: Scope) -> Value:
            a, b = first(scope), second(scope)
            self._check_comparable(node, sign, a, b, is_order=is_order)
            return compare(a, b)

        return evaluate

    def _check_comparable(
        self, node: Node, sign: str, a: Value, b: Value, *, is_order: bool = False
    ) -> None:
        if type(a) in _NUMBERS and type(b) in _NUMBERS:
            return
        if not is_order:
            if isinstance(a, str) and isinstance(b, str):
                return
            if isinstance(a, bool) and isinstance(b, bool):
                return
        sentence = f"{kind_of(a).capitalize()} and {kind_of(b)} cannot be compared by '{sign}'."
        raise self._fault(node, "wrong_kind", sentence)

    def _compile_membership(self, node: Comparison, sign: str, left: Node, right: Node) -> Evaluate:
        member, negated = self.compile(left), sign == "not in"
        if isinstance(right, Members):
            items = [self.compile(item) for item in right.items]

            def evaluate_list(scope: Scope) -> Value:
                wanted = member(scope)
                found = False
                for item in items:
                    value = item(scope)
                    self._check_comparable(node, sign, wanted, value)
                    found = found or wanted == value
                return found is not negated

            return evaluate_list
        several = self.compile(right)

        def evaluate_set(scope: Scope) -> Value:
            wanted, options = member(scope), several(scope)
            if not isinstance(options, frozenset) or not isinstance(wanted, str):
                sentence = (
                    f"'{sign}' needs an option before it and a bracket or a feature with several "
                    f"options after it, not {kind_of(wanted)} and {kind_of(options)}."
                )
                raise self._fault(node, "wrong_kind", sentence)
            return (str(wanted) in options) is not negated

        return evaluate_set

    def _compile_call(self, node: Call) -> Evaluate:
        arguments = [self.compile(part) for part in node.arguments]
        if node.function == "len":
            return self._compile_length(node, arguments[0])

        def evaluate(scope: Scope) -> Value:
            values = [argument(scope) for argument in arguments]
            numbers = [value for value in values if type(value) in _NUMBERS]
            if len(numbers) != len(values):
                wrong = next(value for value in values if type(value) not in _NUMBERS)
                sentence = f"{node.function}() needs numbers, not {kind_of(wrong)}."
                raise self._fault(node, "wrong_kind", sentence)
            return _call(node.function, numbers)  # type: ignore[arg-type]  # filtered above

        return evaluate

    def _compile_length(self, node: Call, argument: Evaluate) -> Evaluate:
        def evaluate(scope: Scope) -> Value:
            value = argument(scope)
            if isinstance(value, str | frozenset) and not isinstance(value, Chosen):
                return len(value)
            raise self._fault(
                node,
                "wrong_kind",
                f"len() needs a text or several options, not {kind_of(value)}.",
            )

        return evaluate


def _call(function: str, numbers: list[Number]) -> Number:
    if function == "min":
        return min(numbers)
    if function == "max":
        return max(numbers)
    value = numbers[0]
    if function == "abs":
        return abs(value) if isinstance(value, int) else EXACT.abs(value)
    if isinstance(value, int):
        return value
    return int(value.to_integral_value(rounding=_ROUNDING[function]))
