"""Expressions that are a sum of parts, each over one feature: linear rules, and more than those.

``width.mm + 2 * ceil(height / 100) - (30 if legs == 'none' else 0)`` is one; whatever a part does
with its one feature is tabulated, answer by answer. Such a sum can be compared with a number
exactly without trying every combination of its features.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from cosmo.lib.expressions import ExpressionError
from cosmo.lib.expressions.evaluator import Compiler
from cosmo.lib.expressions.tree import (
    Arithmetic,
    Call,
    Name,
    Negative,
    Node,
    names_in,
)

from .features import Feature

FINEST = 10**12
Ignored = Callable[[Feature, str | int], bool]
Amounts = Mapping[str, tuple[Fraction, ...]]
"""For each feature, what each of its answers adds; of a multi-select, what each option adds."""


@dataclass(frozen=True, slots=True)
class Sum:
    """``constant`` and what each feature adds."""

    constant: Fraction
    amounts: Amounts

    def plus(self, other: "Sum", factor: Fraction = Fraction(1)) -> "Sum":
        amounts = dict(self.amounts)
        for name, added in other.amounts.items():
            before = amounts.get(name, (Fraction(0),) * len(added))
            amounts[name] = tuple(a + factor * b for a, b in zip(before, added, strict=True))
        return Sum(self.constant + factor * other.constant, amounts)

    def times(self, factor: Fraction) -> "Sum":
        return Sum(Fraction(0), {}).plus(self, factor)

    def whole(self) -> tuple[int, dict[str, tuple[int, ...]]] | None:
        """Constant and amounts times a positive number that makes all of them whole.

        None where some part has no short decimal form: evaluation rounds there, and would not
        always agree with exact fractions.
        """
        parts = [self.constant, *(a for row in self.amounts.values() for a in row)]
        scale = lcm(*(part.denominator for part in parts))
        if FINEST % scale:
            return None
        rows = {n: tuple(int(a * scale) for a in row) for n, row in self.amounts.items()}
        return int(self.constant * scale), rows


def difference(
    left: Node,
    right: Node,
    features: Mapping[str, Feature],
    source: str,
    is_ignored: Ignored = lambda feature, answer: False,
) -> Sum | None:
    """``left - right`` as a sum over single features; None when it is not one.

    Answers that ``is_ignored`` may add anything: what the sum says of them does not matter.
    """
    adder = _Adder(features, source, is_ignored)
    first, second = adder.sum(left), adder.sum(right)
    if first is None or second is None:
        return None
    return first.plus(second, Fraction(-1))


@dataclass(frozen=True, slots=True)
class _Adder:
    features: Mapping[str, Feature]
    source: str
    is_ignored: Ignored

    def sum(self, node: Node) -> Sum | None:
        names = names_in(node)
        if len(names) <= 1:
            found = self._tabulated(node, [self.features[name] for name in names])
            if found is not None or not names:
                return found
        match node:  # also `2 * len(extras)`: a multi-select is no table, but may be counted
            case Negative(operand):
                inner = self.sum(operand)
                return inner.times(Fraction(-1)) if inner else None
            case Arithmetic("+" | "-" as sign, left, right):
                first, second = self.sum(left), self.sum(right)
                if first is None or second is None:
                    return None
                return first.plus(second, Fraction(1 if sign == "+" else -1))
            case Arithmetic("*", left, right):
                return self._product(left, right)
            case Arithmetic("/", left, right):
                divisor, inner = self._constant(right), self.sum(left)
                return inner.times(1 / divisor) if inner and divisor else None
            case _:
                return None

    def _product(self, left: Node, right: Node) -> Sum | None:
        factor = self._constant(left)
        if factor is None:
            left, right = right, left
            factor = self._constant(left)
        inner = self.sum(right) if factor is not None else None
        return inner.times(factor) if inner and factor is not None else None

    def _constant(self, node: Node) -> Fraction | None:
        """The number of an expression that names nothing, such as ``-2``."""
        if names_in(node):
            return None
        found = self._tabulated(node, ())
        return found.constant if found else None

    def _tabulated(self, node: Node, features: Sequence[Feature]) -> Sum | None:
        evaluate = Compiler(self.source).compile(node)
        if not features:
            constant = _number(evaluate({}))
            return None if constant is None else Sum(constant, {})
        feature = features[0]
        if feature.kind == "multi":
            each = {feature.id: (Fraction(1),) * len(feature.options)}
            return Sum(Fraction(0), each) if _is_count(node) else None
        if feature.kind == "text":
            return None
        amounts = []
        for answer in feature.domain:
            try:
                amount = _number(evaluate({feature.id: feature.in_scope(answer)}))
            except ExpressionError:
                # Guarded elsewhere in the rule, or the author's fault: trying will tell.
                amount = Fraction(0) if self.is_ignored(feature, answer) else None
            if amount is None:
                return None
            amounts.append(amount)
        return Sum(Fraction(0), {feature.id: tuple(amounts)})


def _is_count(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "len" and isinstance(node.arguments[0], Name)


def _number(value: object) -> Fraction | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Fraction(value) if is_number else None  # type: ignore[call-overload]
