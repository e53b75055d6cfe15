"""Every frame can be drawn, priced and made, and shares its paint shop."""

import random
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cosmo.lib.documents import read_document
from design.pricing import PriceBook
from design.rules import Selection, TextNeeded, scope_of, violations
from design.shape import Part, ShapeBook
from production.engineering import EngineeringBook
from tests.catalogue.folders import Product, read_product

CATALOGUE = Path(__file__).parents[3] / "catalogue"
FOLDER = CATALOGUE / "bicycle-frame"
SAMPLES = 60


@pytest.fixture(scope="module")
def frame() -> Product:
    return read_product(FOLDER)


@cache
def sampled_designs() -> tuple[Selection, ...]:
    """Valid designs, from random wishes of which some are dropped until the rest goes together."""
    engine = read_product(FOLDER).engine
    chance = random.Random(1817)
    designs: list[Selection] = []
    while len(designs) < SAMPLES:
        wishes: dict[str, Any] = {}
        for feature in chance.sample(engine.model.features, 14):
            if feature.kind == "text":
                wishes[feature.id] = chance.choice(["Anna", "慢慢骑", "M" * 24])
            elif feature.kind == "multi":
                wishes[feature.id] = tuple(chance.sample(feature.option_ids, chance.randint(0, 5)))
            else:
                wishes[feature.id] = chance.choice(feature.domain)
        while not engine.is_valid(wishes):
            del wishes[next(iter(wishes))]
        try:
            designs.append(engine.complete(wishes))
        except TextNeeded:
            continue
    return tuple(designs)


def test_parts_of_every_design_stay_inside_its_bounds(frame: Product) -> None:
    book = ShapeBook.from_document(frame.offer, frame.engine.model)
    for design in sampled_designs():
        assert violations(frame.engine.model, design) == ()
        scope = scope_of(frame.engine.model, design)
        bounds = book.bounds(scope)
        for part in book.parts(scope):
            for start, size, limit in zip(
                part.at, part.size, (bounds.width, bounds.depth, bounds.height), strict=True
            ):
                assert start >= 0, (part, design)
                assert start + size <= limit, (part, design)


def test_tubes_are_as_long_and_lean_as_was_chosen(frame: Product) -> None:
    """The picture is to scale: sines by series and roots by steps stay within a millimetre."""
    book = ShapeBook.from_document(frame.offer, frame.engine.model)
    by_id = frame.engine.model.by_id
    for design in sampled_designs():
        parts = {part.id: part for part in book.parts(scope_of(frame.engine.model, design))}
        for tube in ("seat_tube", "head_tube", "down_tube"):
            chosen = Decimal(str(design[f"{tube}_length"]))
            assert abs(_length(parts[tube]) - chosen) < 1, (tube, design)
        rear = by_id["chain_stay_length"].in_scope(design["chain_stay_length"])
        assert abs(_flat_length(parts["chain_stay"]) - rear) < 1, design


def _length(part: Part) -> Decimal:
    assert part.ends is not None
    return sum(((b - a) ** 2 for a, b in zip(*part.ends, strict=True)), Decimal(0)).sqrt()


def _flat_length(part: Part) -> Decimal:
    """As seen from the side, which is how a chain stay is measured."""
    assert part.ends is not None
    (x1, _, z1), (x2, _, z2) = part.ends
    return ((x2 - x1) ** 2 + (z2 - z1) ** 2).sqrt()


def test_prices_are_those_of_a_frame(frame: Product) -> None:
    book = PriceBook.from_document(frame.offer, frame.engine.model)
    totals = [
        sum((line.amount for line in book.lines(scope_of(frame.engine.model, design))), Decimal(0))
        for design in sampled_designs()
    ]
    assert min(totals) > 1000
    assert max(totals) < 5000
    assert len(set(totals)) > SAMPLES * 3 // 4


def test_every_feature_freezes_exactly_once_in_every_design(frame: Product) -> None:
    """But for lettering without a text, and the paint of a bare frame."""
    book = EngineeringBook.from_document(frame.engineering)
    features = {feature["id"] for feature in frame.offer["features"]}
    lettering = {name for name in features if name.startswith("engraving")}
    for design in sampled_designs():
        operations = book.operations(scope_of(frame.engine.model, design))
        frozen = Counter(feature for plan in operations for feature in plan.freezes)
        expected = set(features)
        if design["engraving"] == "none" or design["engraving_text"] == "":
            expected -= lettering
        if design["finish"] == "bare":
            expected -= {"colour", "finish"}
        assert frozen == Counter(expected), design


def test_routing_and_components_are_plausible(frame: Product) -> None:
    book = EngineeringBook.from_document(frame.engineering)
    for design in sampled_designs():
        scope = scope_of(frame.engine.model, design)
        operations = book.operations(scope)
        assert [plan.kind for plan in operations].count("pack") == 1
        assert operations[-1].id == "pack"
        joined = {"weld", "bond"} & {plan.id for plan in operations}
        assert len(joined) == 1
        lines = book.bom(scope)
        components = [line.component for line in lines]
        assert len(components) == len(set(components))
        assert 14 <= len(components) <= 30
        weighed = [line for line in lines if line.unit == "g" and "-" in line.component]
        metal = next((x for x in weighed if x.component.startswith("STEEL")), None)
        if metal is not None:
            assert 900 < metal.quantity < 4500, design


def test_default_frame_weighs_what_was_computed_by_hand(frame: Product) -> None:
    """Tubes of a steel frame, from diameter, wall, length and 7.85 g/cm3:

    top 585 x 27.7, down 650 x 35.6, seat 530 x 30.9 mm, all of 0.9 mm; two chain stays 415 x 21.8
    of 1.2 mm and two seat stays 415 x 13 of 1 mm.
    """
    book = EngineeringBook.from_document(frame.engineering)
    scope = scope_of(frame.engine.model, frame.engine.complete({}))
    [steel] = [line for line in book.bom(scope) if line.component == "STEEL-25CRMO4"]
    front = Decimal("0.9") * (585 * Decimal("27.7") + 650 * Decimal("35.6") + 530 * Decimal("30.9"))
    rear = 2 * 415 * (Decimal("1.2") * Decimal("21.8") + Decimal(1) * 13)
    assert steel.quantity == round((front + rear) * Decimal("0.02466"))


def test_one_paint_shop_serves_frames_and_shelves() -> None:
    documents = [
        read_document(CATALOGUE / name / "engineering.yaml").content
        for name in ("bicycle-frame", "shelf")
    ]
    assert [document["plant"] for document in documents] == ["riverside", "riverside"]
    for document in documents:
        painted = [entry for entry in document["routing"] if entry["work_centre"] == "paint"]
        assert len(painted) == 1
        assert "set_up_family" in painted[0]
