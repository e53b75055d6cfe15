"""The cheapest design against trying everything, with and without a diagram."""

import random
from decimal import Decimal
from typing import Any

import pytest

from design.pricing import PriceBook
from design.pricing.cheapest import CheapestAnswers
from design.rules import Caps, Engine, Model, violations
from tests.design.rules import oracle as brute
from tests.design.rules.documents import Document, choice, offer, parameter, writing
from tests.design.rules.oracle import Design, Oracle
from tests.design.rules.random_models import random_answer, random_condition, random_document

MODELS = 220
BLOCK = 22
CLICKS = 3
CAPS = Caps(nodes=100_000, tries=2)

blocks = pytest.mark.parametrize("first", range(0, MODELS, BLOCK))


def _priced(document: Document, rng: random.Random) -> Document:
    lines = [
        {"id": f"L{n}", "when": random_condition(rng, document["features"]),
         "amount": str(rng.randint(-90, 200))}
        for n in range(rng.randint(1, 6))
    ]  # fmt: skip
    price = {"base": "100", "lines": lines}
    return {**document, "currency": "EUR", "tax_percent": "19", "price": price}


def _prices(document: Document, oracle: Oracle) -> list[tuple[Design, Decimal]]:
    found = []
    for design in oracle.valid:
        names = brute.names_of(document, design)
        lines = [
            Decimal(line["amount"])
            for line in document["price"]["lines"]
            if brute.keeps({"always": line["when"]}, names)
        ]
        found.append((design, 100 + sum(lines, Decimal(0))))
    return found


def _least(
    oracle: Oracle, prices: list[tuple[Design, Decimal]], choices: dict[str, Any]
) -> Decimal | None:
    fitting = [
        price
        for design, price in prices
        if all(oracle.matches(design, name, value) for name, value in choices.items())
    ]
    return min(fitting, default=None)


@blocks
def test_the_cheapest_is_that_of_trying_everything(first: int) -> None:
    for seed in range(first, first + BLOCK):
        planted = random_document(seed)
        if planted is None:
            continue
        rng = random.Random(seed)
        document, oracle = _priced(planted[0], rng), planted[1]
        engine = Engine(Model.from_document(document))
        book = PriceBook.from_document(document, engine.model)
        asked = CheapestAnswers(book, engine)
        searched = CheapestAnswers(book, engine)
        diagram = asked.compile(CAPS)
        assert diagram is not None
        asked.use(diagram)
        prices = _prices(document, oracle)
        choices: dict[str, Any] = {}
        for _ in range(CLICKS):
            wanted = _least(oracle, prices, choices)
            _check(asked.cheapest(choices), wanted, engine.model, oracle, choices)
            if seed % 4 == 0:  # CP-SAT takes its time
                _check(searched.cheapest(choices, 5.0), wanted, engine.model, oracle, choices)
            _check_each(asked, oracle, prices, choices)
            name = rng.choice(list(oracle.features))
            choices[name] = random_answer(rng, oracle.features[name])


def _check(
    found: Any, wanted: Decimal | None, model: Model, oracle: Oracle, choices: dict[str, Any]
) -> None:
    assert (found is None) is (wanted is None)
    if found is None:
        return
    assert (found.total, found.bound, found.is_exact) == (wanted, wanted, True)
    assert violations(model, found.selection) == ()
    assert all(oracle.matches(found.selection, name, value) for name, value in choices.items())


def _check_each(
    asked: CheapestAnswers,
    oracle: Oracle,
    prices: list[tuple[Design, Decimal]],
    choices: dict[str, Any],
) -> None:
    found = asked.each(choices)
    for name, feature in oracle.features.items():
        if feature["kind"] == "multi":
            continue
        others = {key: value for key, value in choices.items() if key != name}
        for answer in brute.answers(feature):
            option = "*" if answer == brute.FILLED else answer
            wanted = _least(oracle, prices, {**others, name: answer})
            assert found[name].get(option) == wanted, (name, option, choices)


def test_a_text_costs_by_its_length_and_nothing_is_cheaper_than_one_character() -> None:
    rule = {"when": "size == 'big'", "then": "name != ''"}
    document = {
        **offer([choice("size", "small", "big"), writing("name")], rule),
        "currency": "EUR", "tax_percent": "19",
        "price": {"base": "10", "lines": [
            {"id": "name", "when": "name != ''", "amount": "5 + len(name)"},
            {"id": "big", "when": "size == 'big'", "amount": "-20"},
        ]},
    }  # fmt: skip
    engine = Engine(Model.from_document(document))
    asked = CheapestAnswers(PriceBook.from_document(document, engine.model), engine)
    diagram = asked.compile()
    assert diagram is not None
    asked.use(diagram)
    cheapest = asked.cheapest({})
    assert cheapest is not None
    assert (cheapest.total, cheapest.selection["size"]) == (Decimal("-4.00"), "big")
    written = asked.cheapest({"name": "Annabel"})
    assert written is not None
    assert (written.total, written.selection["name"]) == (Decimal("2.00"), "Annabel")


def test_a_line_over_too_much_has_no_exact_answer_and_says_so() -> None:
    document = {
        **offer([parameter("width", 1, 200, 1), parameter("height", 1, 200, 1)]),
        "currency": "EUR", "tax_percent": "19",
        "price": {"base": "10", "lines": [{"id": "area", "amount": "width * height"}]},
    }  # fmt: skip
    engine = Engine(Model.from_document(document))
    asked = CheapestAnswers(PriceBook.from_document(document, engine.model), engine)
    assert asked.compile() is None
    found = asked.cheapest({"width": 3}, 1.0)
    assert found is not None
    assert found.selection["width"] == 3
    assert (found.is_exact, found.bound) == (False, None)


def test_out_of_time_there_is_a_design_without_a_bound() -> None:
    rule = {"when": "size == 'big'", "then": "name != ''"}
    document = {
        **offer([choice("size", "small", "big"), writing("name")], rule),
        "currency": "EUR", "tax_percent": "19", "price": {"base": "10", "lines": []},
    }  # fmt: skip
    engine = Engine(Model.from_document(document))
    asked = CheapestAnswers(PriceBook.from_document(document, engine.model), engine)
    found = asked.cheapest({"size": "big"}, 0.0)
    assert found is not None
    assert violations(engine.model, found.selection) == ()
    assert found.selection["size"] == "big"
    assert (found.total, found.is_exact, found.bound) == (Decimal("10.00"), False, None)


@pytest.mark.parametrize("with_diagram", [False, True])
@pytest.mark.parametrize("by_length", ["len(words) * 2", "0 - len(words) * 2"])
def test_a_line_by_the_length_of_a_text_and_another_answer_claims_nothing(
    with_diagram: bool, by_length: str
) -> None:
    lines = [{"id": "L", "when": "metal == 'gold' and words != ''", "amount": by_length}]
    document = {
        **offer([choice("metal", "tin", "gold"), writing("words")]),
        "currency": "EUR",
        "tax_percent": "19",
        "price": {"base": "100", "lines": lines},
    }
    engine = Engine(Model.from_document(document))
    book = PriceBook.from_document(document, engine.model)
    asked = CheapestAnswers(book, engine)
    if with_diagram:
        diagram = asked.compile(CAPS)
        assert diagram is not None
        asked.use(diagram)
    found = asked.cheapest({"metal": "gold", "words": "Anna"})
    assert found is not None
    assert found.total == (108 if by_length.startswith("len") else 92)
    assert (found.is_exact, found.bound) == (False, None)
    assert asked.each({"metal": "gold", "words": "Anna"}) == {}
    plain = asked.cheapest({"metal": "gold", "words": ""})
    assert plain is not None
    assert (plain.total, plain.is_exact) == (Decimal(100), True)
