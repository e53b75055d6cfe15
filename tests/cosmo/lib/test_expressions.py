"""The expression language: what it reads, what it computes, what it refuses and how it says so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest

from cosmo.lib.expressions import Chosen, ExpressionError, parse
from cosmo.lib.expressions.scanner import MAX_LENGTH

SCOPE: dict[str, Any] = {
    "width": Chosen("w700", {"mm": 700, "label": "wide", "net": Decimal("1.10")}),
    "water": Chosen("none", {}),
    "inside": frozenset({"wine", "ice"}),
    "height": 1750,
    "words": "Anna 安娜",
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("39 + len(words)", 46),
        ("width.mm >= 700", True),
        ("width == 'w700' and water != 'tank'", True),
        ("'w700' == width", True),
        ("width in ('w600', 'w700')", True),
        ("width not in ('w600',)", True),
        ("width in ()", False),
        ("'wine' in inside and 'herbs' not in inside", True),
        ("len(inside) == 2", True),
        ("1500 < height <= 1750 < 1800", True),
        ("not (height < 1500 or height > 2000)", True),
        ("12 + ceil(width.mm / 100)", 19),
        ("ceil(7.2) + floor(-7.2) + round(2.5) + round(3.5) + abs(-2)", 8),
        ("min(3, 1.5, 2) + max(1, 2)", Decimal("3.5")),
        ("'tall' if height > 1700 else 'low'", "tall"),
        ("1 if width == 'w600' else 2 if height == 1750 else 3", 2),
        ("width + '-' + width.label", "w700-wide"),
        ("0.1 + 0.2 == 0.3", True),
        ("0.1 * 3", Decimal("0.3")),
        ("7 / 2", Decimal("3.5")),
        ("7 // 2 + 7 % 2", 4),
        ("-7 // 2.0 == -4 and -7 % 2.5 == 0.5", True),
        ("width.net * 3", Decimal("3.30")),
        ("- height + 50", -1700),
        ("words != ''", True),
        ("True and not False", True),
        (" (height\n  + 1) ", 1751),
    ],
)  # fmt: skip
def test_what_it_computes(source: str, value: object) -> None:
    found = parse(source).evaluate(SCOPE)
    assert found == value
    assert type(found) is type(value)


def test_whole_numbers_stay_whole_and_division_is_exact_decimal() -> None:
    assert type(parse("6 * 7").evaluate({})) is int
    assert type(parse("6 / 3").evaluate({})) is Decimal
    assert type(parse("ceil(6.5)").evaluate({})) is int


@pytest.mark.parametrize(
    ("source", "code", "column", "words"),
    [
        ("", "empty", 1, "empty"),
        ("   ", "empty", 1, "empty"),
        ("width = 'w700'", "syntax", 7, "write '=='"),
        ("a & b", "syntax", 3, "'and'"),
        ("a || b", "syntax", 3, "'or'"),
        ("!a", "syntax", 1, "'not'"),
        ("a[0]", "syntax", 2, "Square brackets"),
        ("{1}", "syntax", 1, "Braces"),
        ("'abc", "syntax", 1, "never closed"),
        (r"'a\n'", "syntax", 1, "never closed"),
        ("a; b", "syntax", 2, "';'"),
        ("lambda: 1", "syntax", 7, "':'"),
        ("__import__('os')", "syntax", 1, "'_'"),
        ("a._b", "syntax", 3, "'_'"),
        ("1) + (2", "syntax", 2, "closes nothing"),
        ("(1 + 2", "syntax", 6, "never closed"),
        ("1 +", "syntax", 3, "cannot be read"),
        ("f'x'", "syntax", 2, "operator is missing"),
        ("'a' 'b'", "syntax", 5, "operator is missing"),
        ("2x", "syntax", 2, "operator is missing"),
        ("0x1f", "syntax", 2, "operator is missing"),
        ("1e9", "syntax", 2, "operator is missing"),
        ("1_000", "syntax", 2, "'_'"),
        ("1 # one", "syntax", 3, "'#'"),
        ("1000000000000000 + 1", "too_large", 1, "more than 15 digits"),
        (".5 + 1", "syntax", 2, "full number"),
        ("a.b.c", "not_allowed", 1, "Only a feature"),
        ("(1).real", "not_allowed", 1, "Only a feature"),
        ("2 ** 8", "not_allowed", 1, "+ - * / // %"),
        ("None", "not_allowed", 1, "None"),
        ("+1", "not_allowed", 1, "does nothing"),
        ("1, 2", "not_allowed", 1, "after 'in'"),
        ("a is b", "not_allowed", 1, "'is'"),
        ("(yield)", "not_allowed", 2, "Yield"),
        ("await a", "not_allowed", 1, "Await"),
        ("max(*a)", "not_allowed", 1, "plain values"),
        ("max(a for a in b)", "wrong_arguments", 1, "takes 2 to 20"),
        ("open('x')", "unknown_function", 1, "Only these can be called"),
        ("a.format()", "unknown_function", 1, "Only these can be called"),
        ("len()", "wrong_arguments", 1, "takes 1 value, not 0"),
        ("'安娜' == a is b", "not_allowed", 1, "'is'"),
        ("'安娜' == 'x' and 2 ** 3", "not_allowed", 17, "+ - * /"),
    ],
)  # fmt: skip
def test_what_it_does_not_read(source: str, code: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(source)
    assert (raised.value.code, raised.value.column) == (code, column)
    assert words in raised.value.sentence
    assert raised.value.source == source


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("widht == 'w700'", "unknown_name", "Did you mean 'width'?"),
        ("width.cm > 3", "unknown_attribute", "'w700' of 'width' has no value 'cm'"),
        ("water.litres > 3", "unknown_attribute", "'none' of 'water' has no value 'litres'"),
        ("height.mm > 3", "wrong_kind", "'height' is a number and has no .mm"),
        ("width == 700", "wrong_kind", "An option and a number cannot be compared"),
        ("width < 'w800'", "wrong_kind", "cannot be compared by '<'"),
        ("height == 'x'", "wrong_kind", "A number and a text cannot be compared"),
        ("inside == 'wine'", "wrong_kind", "Several options and a text"),
        ("height in ('x', 1750)", "wrong_kind", "cannot be compared by 'in'"),
        ("'w' in width", "wrong_kind", "'in' needs an option before it"),
        ("3 in inside", "wrong_kind", "'in' needs an option before it"),
        ("words and True", "wrong_kind", "A yes or no is needed here, not a text"),
        ("1 if height else 2", "wrong_kind", "not a number"),
        ("not height", "wrong_kind", "not a number"),
        ("True + 1", "wrong_kind", "needs two numbers, not a yes or no and a number"),
        ("'a' * 3", "wrong_kind", "needs two numbers, not a text and a number"),
        ("'%s' % 3", "wrong_kind", "needs two numbers"),
        ("-words", "wrong_kind", "'-' needs a number"),
        ("max(1, words)", "wrong_kind", "max() needs numbers, not a text"),
        ("len(height)", "wrong_kind", "len() needs a text"),
        ("1 / (height - 1750)", "division_by_zero", "divides by zero"),
        ("1 // 0", "division_by_zero", "divides by zero"),
        ("1.5 % 0", "division_by_zero", "divides by zero"),
        ("999999999999 * 999999999999", "too_large", "beyond"),
        ("0 - 999999999999 * 1001", "too_large", "beyond"),
    ],
)  # fmt: skip
def test_what_it_cannot_compute(source: str, code: str, words: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(source).evaluate(SCOPE)
    assert raised.value.code == code
    assert words in raised.value.sentence


def test_evaluation_stops_early_so_a_guard_protects_what_follows() -> None:
    assert parse("water != 'none' and water.litres > 3").evaluate(SCOPE) is False
    assert parse("water == 'none' or water.litres > 3").evaluate(SCOPE) is True
    assert parse("water.litres if water != 'none' else 0").evaluate(SCOPE) == 0


def test_the_kind_that_is_needed_can_be_asked_for() -> None:
    assert parse("width").evaluate_text(SCOPE) == "w700"
    assert type(parse("width").evaluate_text(SCOPE)) is str
    assert parse("4.0").evaluate_whole(SCOPE) == 4
    assert parse("4").evaluate_decimal(SCOPE) == Decimal(4)
    with pytest.raises(ExpressionError, match="A whole number is needed, not 4"):
        parse("4.5").evaluate_whole(SCOPE)
    with pytest.raises(ExpressionError, match="gives a number, but a yes or no is needed"):
        parse("4").evaluate_truth(SCOPE)
    with pytest.raises(ExpressionError, match="gives a yes or no, but a number is needed"):
        parse("True").evaluate_number(SCOPE)
    with pytest.raises(ExpressionError, match="gives several options, but a text is needed"):
        parse("inside").evaluate_text(SCOPE)


def test_names_are_those_that_may_be_looked_up() -> None:
    expression = parse("width.mm if water == 'none' else max(height, len(words), 3)")
    assert expression.names == {"width", "water", "height", "words"}


@contextmanager
def calls_counted() -> Iterator[list[str]]:
    """The functions called meanwhile, by name: what something takes, on any machine."""
    calls: list[str] = []

    def note(_frame: FrameType, event: str, called: Any) -> None:
        if event in ("call", "c_call"):
            calls.append(str(called))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 500 + "1" + ")" * 499,
        "not " * 249 + "True",
        "-" * 999 + "1",
        "1" + "+1" * 499,
        "a if b else " * 80 + "c",
        "a<" * 490 + "a",
        "max(1," * 150 + "1" + ")" * 99,
        "9" * 1000,
        "a." * 490 + "b",
        "'" + "x" * 5000 + "'",
        "1 " * 499,
        "(" * 1000,
        "[" * 1000,
        "\x00",
        "1 if 1 else " * 82 + "2",
        "a in (" * 25 + "1" + ",)" * 25,
    ],
)
def test_hostile_text_is_refused_quickly_and_never_crashes(source: str) -> None:
    with pytest.raises(ExpressionError) as raised, calls_counted() as calls:
        parse(source).evaluate({"a": 1, "b": True, "c": 2})
    assert raised.value.sentence
    assert 0 < len(calls) < 20 * MAX_LENGTH


def test_texts_cannot_be_made_large() -> None:
    source = "t + t + t + t + t + t + t + t + t + t + t"
    with pytest.raises(ExpressionError, match="longer than 1000 characters"):
        parse(source).evaluate({"t": "x" * 200})


def test_an_expression_and_its_tree_cannot_be_changed() -> None:
    expression = parse("width.mm + 1")
    with pytest.raises(AttributeError):
        expression.tree.operator = "-"  # type: ignore[union-attr, misc]
    with pytest.raises(AttributeError):
        expression.other = 1  # type: ignore[attr-defined]
    assert expression == parse("width.mm + 1")
    assert expression != parse("width.mm + 2")
