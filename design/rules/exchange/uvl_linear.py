"""Sums over chosen features with exact coefficients: what the arithmetic of a UVL file becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from cosmo.lib.expressions.tree import Literal, Node

from .nodes import chosen, compared, negated, weighted_sum

LARGEST = 10**15
"""The largest number the expression language calculates with."""

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class TooLarge(Exception):
    """Coefficients that cannot be written as whole numbers within ``LARGEST``."""


@dataclass(frozen=True, slots=True)
class Linear:
    """``constant`` plus the weight of each feature that is chosen."""

    constant: Fraction
    weights: Mapping[str, Fraction]

    def plus(self, other: "Linear", factor: int = 1) -> "Linear":
        weights = dict(self.weights)
        for name, weight in other.weights.items():
            weights[name] = weights.get(name, Fraction()) + factor * weight
        return Linear(self.constant + factor * other.constant, weights)

    def times(self, factor: Fraction) -> "Linear":
        weights = {name: weight * factor for name, weight in self.weights.items()}
        return Linear(self.constant * factor, weights)

    def compare_to_zero(self, sign: str) -> Node:
        """The tree of ``self <sign> 0`` in whole numbers.

        Raises:
            TooLarge: there are no whole numbers small enough.
        """
        weights = {name: weight for name, weight in self.weights.items() if weight}
        if not weights:
            return Literal(_holds(self.constant, sign), 1)
        scale = lcm(self.constant.denominator, *(w.denominator for w in weights.values()))
        whole = [(name, int(weight * scale)) for name, weight in weights.items()]
        bound = int(-self.constant * scale)
        if sum(abs(weight) for _, weight in whole) + abs(bound) > LARGEST:
            raise TooLarge
        if len(whole) == 1:
            return _decided(whole[0][0], _holds(Fraction(whole[0][1] - bound), sign),
                            _holds(Fraction(-bound), sign))  # fmt: skip
        if all(weight < 0 for _, weight in whole):
            whole, bound, sign = [(n, -w) for n, w in whole], -bound, _TURNED[sign]
        return compared(weighted_sum(whole), sign, bound)


def _decided(name: str, if_chosen: bool, if_not: bool) -> Node:
    """A comparison that hangs on one feature is a question about that feature."""
    if if_chosen is if_not:
        return Literal(if_chosen, 1)
    return chosen(name) if if_chosen else negated(chosen(name))


def _holds(value: Fraction, sign: str) -> bool:
    return {
        "<": value < 0,
        "<=": value <= 0,
        ">": value > 0,
        ">=": value >= 0,
        "==": value == 0,
        "!=": value != 0,
    }[sign]
