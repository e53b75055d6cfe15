"""Whole random expressions against Python's own evaluation, with exact fractions for numbers."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmo.lib.expressions import Chosen, ExpressionError, Value, parse


class Exact(Fraction):
    """A fraction that calls itself by Python's operators, to run an expression unchanged."""


class PythonOption(str):
    mm: Any


WIDTH = PythonOption("w700")
WIDTH.mm = Fraction(700)
PYTHON = {
    "width": WIDTH, "height": Fraction(1750), "words": "Anna", "inside": frozenset({"wine"}),
    "ceil": ceil, "floor": floor, "round": round, "abs": abs, "min": min, "max": max,
    "len": lambda value: Fraction(len(value)), "N": Fraction,
}  # fmt: skip
OURS: dict[str, Value] = {
    "width": Chosen("w700", {"mm": 700}), "height": 1750, "words": "Anna",
    "inside": frozenset({"wine"}),
}  # fmt: skip

whole = st.integers(0, 2000).map(lambda n: (str(n), f"N({n})"))
decimals = st.decimals(0, 99, places=2, allow_nan=False).map(lambda d: (str(d), f"N('{d}')"))
names = st.sampled_from(["height", "width.mm", "len(words)", "len(inside)"]).map(lambda s: (s, s))
texts = st.sampled_from(["width", "words", "'w700'", "'Anna'", "'x'"]).map(lambda s: (s, s))
Pair = tuple[str, str]


def _both(template: str) -> Callable[..., Pair]:
    return lambda *parts: (
        template.format(*(ours for ours, _ in parts)),
        template.format(*(python for _, python in parts)),
    )


def _numbers(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    two = ["({} + {})", "({} - {})", "({} * {})", "({} // {})", "({} % {})", "min({}, {})",
           "max({}, {})"]  # fmt: skip
    one = ["ceil({})", "floor({})", "round({})", "abs({})", "(-{})"]
    return st.one_of(
        *(st.builds(_both(template), inner, inner) for template in two),
        *(st.builds(_both(template), inner) for template in one),
        st.builds(_both("({} if {} < {} else {})"), inner, inner, inner, inner),
    )


numbers = st.recursive(st.one_of(whole, decimals, names), _numbers, max_leaves=8)
comparisons = st.one_of(
    *(st.builds(_both(f"({{}} {sign} {{}})"), numbers, numbers)
      for sign in ("<", "<=", ">", ">=", "==", "!=")),
    st.builds(_both("({} < {} <= {})"), numbers, numbers, numbers),
    st.builds(_both("({} in ({}, {}))"), numbers, numbers, numbers),
    st.builds(_both("({} == {})"), texts, texts),
    st.builds(_both("({} not in ({}, {}))"), texts, texts, texts),
    st.sampled_from(["'wine' in inside", "'ice' in inside"]).map(lambda s: (f"({s})", f"({s})")),
)  # fmt: skip
truths = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(_both("({} and {})"), inner, inner),
        st.builds(_both("({} or {})"), inner, inner),
        st.builds(_both("(not {})"), inner),
        st.builds(_both("({} if {} else {})"), inner, inner, inner),
    ),
    max_leaves=6,
)


def _python(source: str) -> Any:
    return eval(source, {"__builtins__": {}}, PYTHON)  # noqa: S307  # our own generated text


def _agree(pair: Pair) -> None:
    ours, python = pair
    try:
        expected = _python(python)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="divides by zero"):
            parse(ours).evaluate(OURS)
        return
    try:
        found = parse(ours).evaluate(OURS)
    except ExpressionError as error:
        assert error.code in ("too_large", "too_deep", "too_long")  # noqa: PT017
        return
    if isinstance(found, bool):
        assert found is expected
    else:
        assert isinstance(found, int | Decimal)
        assert Fraction(found) == expected


@settings(max_examples=400, deadline=None)
@given(numbers)
def test_numbers_are_those_of_exact_fractions(pair: Pair) -> None:
    _agree(pair)


@settings(max_examples=300, deadline=None)
@given(truths)
def test_truths_are_those_of_python(pair: Pair) -> None:
    _agree(pair)


def _read_or_refuse(source: str) -> None:
    fault = None
    try:
        value = parse(source).evaluate({"a": 1, "b": Chosen("o", {"c": 2})})
    except ExpressionError as error:
        fault = error
    if fault is None:
        assert isinstance(value, bool | int | Decimal | str | Chosen)
    else:
        assert fault.sentence
        assert 1 <= fault.column <= max(1, len(source))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(source: str) -> None:
    _read_or_refuse(source)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(
    ["a", "b.c", "1", "2.5", "'x'", "(", ")", ",", "+", "-", "*", "/", "//", "%", "<", "==", "in",
     "not", "and", "or", "if", "else", "max(", "len(", "is", "lambda", "None", "**", "."]
), max_size=14))  # fmt: skip
def test_any_order_of_words_is_read_or_refused(words: list[str]) -> None:
    _read_or_refuse(" ".join(words))
