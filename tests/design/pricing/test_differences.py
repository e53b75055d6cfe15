"""The difference of an option is what the total would do, for whole random offers."""

import random
from decimal import Decimal
from typing import Any

from design.pricing import PriceBook, differences
from design.rules import ChoiceValue, Contradiction, Engine, Model, TextNeeded, scope_of
from tests.design.pricing.test_book import priced
from tests.design.rules.oracle import answers
from tests.design.rules.random_models import random_answer, random_document

Document = dict[str, Any]


def _price(rng: random.Random, document: Document) -> Document:
    """A document with random price lines, each over one or two features."""
    lines: list[Document] = []
    for feature in document["features"]:
        name = feature["id"]
        value = rng.choice(answers(feature))
        when = f"len({name}) > 0" if feature["kind"] == "multi" else f"{name} == {value!r}"
        amount = f"{rng.randint(-9, 99)}.{rng.randint(10, 99)}"
        if feature["kind"] == "parameter":
            amount = f"{name} * 0.37"
        elif feature["kind"] == "multi":
            amount = f"len({name}) * {amount}"
        lines.append({"id": f"l{len(lines)}", "feature": name, "when": when, "amount": amount})
    first, second = (f"({line['when']})" for line in rng.sample(lines, 2))
    lines.append({"id": "both", "when": f"{first} and {second}", "amount": "-7.77"})
    return {
        **document,
        "currency": "EUR",
        "tax_percent": "19",
        "price": {"base": "100", "lines": lines},
    }


def _total(book: PriceBook, model: Model, selection: Any) -> Decimal:
    return book.total(book.lines(scope_of(model, selection)))


def _clicked(model: Model, selection: Any, name: str, option: Any) -> ChoiceValue | None:
    feature = model.by_id[name]
    if feature.kind != "multi":
        return option  # type: ignore[no-any-return]
    union = tuple(o for o in feature.option_ids if o in selection[name] or o == option)
    return union if len(union) <= feature.maximum else None


def test_every_difference_is_the_total_after_the_click_minus_the_total_now() -> None:
    compared = 0
    for seed in range(70):
        planted = random_document(seed)
        if planted is None:
            continue
        rng = random.Random(seed)
        document = _price(rng, planted[0])
        model = Model.from_document(document)
        engine, book = Engine(model), PriceBook.from_document(document, model)
        names = rng.sample(list(planted[1].features), 2)
        wished = {name: random_answer(rng, planted[1].features[name]) for name in names}
        choices = engine.keep_newest(wished)[0]
        try:
            selection = engine.complete(choices)
        except TextNeeded:
            continue
        now, valid = _total(book, model, selection), engine.domains(choices)
        expected: dict[str, dict[Any, Decimal]] = {}
        for feature in model.features:
            if feature.kind == "text":
                continue
            expected[feature.id] = {}
            for option in feature.domain:
                answer = _clicked(model, selection, feature.id, option)
                if option not in valid[feature.id] or answer is None:
                    continue
                try:
                    design = engine.complete({**choices, feature.id: answer}, selection)
                except (Contradiction, TextNeeded):
                    continue
                expected[feature.id][option] = _total(book, model, design) - now
                compared += 1
        assert differences(book, engine, selection, choices) == expected, seed
    assert compared > 300


def test_the_present_option_makes_no_difference_and_others_may_be_cheaper() -> None:
    document = priced(
        {"feature": "width", "when": "width == 'w700'", "amount": "100"},
        {"feature": "width", "when": "width == 'w910'", "amount": "420"},
    )
    model = Model.from_document(document)
    engine, book = Engine(model), PriceBook.from_document(document, model)
    found = differences(book, engine, engine.complete({}), {})
    assert found["width"] == {"w600": Decimal(-100), "w700": Decimal(0), "w910": Decimal(320)}
    assert found["inside"] == {"wine": Decimal(0), "ice": Decimal(0)}
    assert "words" not in found
