"""Price lines: in the document's order, rounded one by one, adding up."""

from decimal import Decimal
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from cosmo.lib.money import PriceLine
from design.pricing import PriceBook
from design.rules import Model, scope_of
from tests.design.rules.documents import choice, offer, parameter, several, writing

Document = dict[str, Any]


def priced(*lines: Document, base: str | int = "1490", currency: str = "EUR") -> Document:
    features = [
        choice("width", "w700=700", "w600=600", "w910=910"),
        choice("water", "tank=4", optional=True),
        several("inside", "wine", "ice"),
        parameter("height", 1500, 2000, 50),
        writing("words"),
    ]
    return {
        **offer(features),
        "currency": currency,
        "tax_percent": "19",
        "price": {"base": base, "lines": [{"id": f"l{n}", **line} for n, line in enumerate(lines)]},
    }


def _lines(document: Document, **answers: Any) -> tuple[PriceLine, ...]:
    model = Model.from_document(document)
    selection = {**model.defaults, **answers}
    return PriceBook.from_document(document, model).lines(scope_of(model, selection))


LINES = [
    {"feature": "width", "when": "width == 'w910'", "amount": "320"},
    {"feature": "words", "when": "words != ''", "amount": "39 + len(words)"},
    {"when": "'wine' in inside and len(inside) == 2", "amount": "-25.5"},
    {"feature": "height", "amount": "(height - 1500) / 7"},
]


def test_only_lines_that_count_are_listed_after_the_base() -> None:
    lines = _lines(priced(*LINES), width="w910", words="Anna", inside=("wine", "ice"), height=1550)
    assert lines == (
        PriceLine("base", None, Decimal("1490.00")),
        PriceLine("l0", "width", Decimal("320.00")),
        PriceLine("l1", "words", Decimal("43.00")),
        PriceLine("l2", None, Decimal("-25.50")),
        PriceLine("l3", "height", Decimal("7.14")),
    )


def test_a_line_of_nothing_is_not_listed() -> None:
    assert [line.id for line in _lines(priced(*LINES))] == ["base"]


def test_the_total_is_the_sum_of_the_lines_and_tax_is_in_it() -> None:
    document = priced(*LINES)
    book = PriceBook.from_document(document)
    lines = _lines(document, width="w910", height=1700)
    total = book.total(lines)
    assert total == sum(line.amount for line in lines) == Decimal("1838.57")
    assert book.tax(total) == (Decimal("1545.02"), Decimal("293.55"))


def test_a_currency_without_cents_has_none() -> None:
    lines = _lines(priced(*LINES, base=149000, currency="JPY"), height=1550)
    assert [str(line.amount) for line in lines] == ["149000", "7"]


@pytest.mark.parametrize(
    ("line", "key", "code"),
    [
        ({"when": "widht == 'w910'", "amount": "1"}, "when", "unknown_name"),
        ({"when": "width == 'w91'", "amount": "1"}, "when", "unknown_option"),
        ({"when": "height", "amount": "1"}, "when", "wrong_kind"),
        ({"amount": "'much'"}, "amount", "wrong_kind"),
        ({"amount": "1 +"}, "amount", "syntax"),
        ({"amount": "water.mm * 3"}, "amount", "unknown_attribute"),
        ({"amount": "1 / (height - 1500)"}, "amount", "division_by_zero"),
        ({"amount": "1", "feature": "hight"}, "feature", "unknown_feature"),
        ({"amount": "1", "id": "base"}, "id", "duplicate_id"),
    ],
)
def test_a_faulty_line_is_found_with_its_place(line: Document, key: str, code: str) -> None:
    document = priced(LINES[0], line)
    with pytest.raises(DocumentError) as raised:
        PriceBook.from_document(document, Model.from_document(document))
    assert [(p.path, p.code) for p in raised.value.problems] == [(("price", "lines", 1, key), code)]


def test_a_guarded_amount_is_accepted() -> None:
    lines = _lines(priced({"when": "water != 'none'", "amount": "water.mm * 3"}), water="tank")
    assert lines[1].amount == Decimal("12.00")
