"""What a shelf is made of, costs and looks like, held against sums done by hand."""

from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from design.pricing import PriceBook
from design.rules import Selection, scope_of
from design.shape import Part, ShapeBook
from production.engineering import EngineeringBook
from tests.catalogue.shelf.designs import complete, flat_offer, sampled_designs, shelf


@cache
def engineering() -> EngineeringBook:
    return EngineeringBook.from_document(shelf().engineering)


@cache
def shapes() -> ShapeBook:
    return ShapeBook.from_document(flat_offer(), shelf().engine.model)


@cache
def prices() -> PriceBook:
    return PriceBook.from_document(flat_offer(), shelf().engine.model)


def bom(design: Selection) -> dict[str, Decimal]:
    total: Counter[str] = Counter()
    for line in engineering().bom(scope_of(shelf().engine.model, design)):
        total[line.component] += line.quantity  # type: ignore[assignment]
    return dict(total)  # type: ignore[arg-type]


def parts(design: Selection) -> tuple[Part, ...]:
    return shapes().parts(scope_of(shelf().engine.model, design))


def price(design: Selection) -> Decimal:
    lines = prices().lines(scope_of(shelf().engine.model, design))
    return sum((line.amount for line in lines), Decimal(0))


# ---- by hand


def test_bill_of_materials_of_the_default() -> None:
    """1600 x 1850 x 350, three bays, four shelves, 22 mm oak board on a plinth of 70 mm.

    Uprights 4 x 1780 = 7120, top and bottom 2 x 1600 = 3200, shelves 4 x (1600 - 4 x 22) = 6048:
    16368 mm of front edge, times 350 mm of depth 5.7288 square metres.
    """
    found = bom(complete())
    assert found["OAK-BOARD"] == Decimal("5.73")
    assert found["EDGE-BAND"] == 16368
    pieces = ("SIDE", "DIVIDER", "TOP-BOTTOM", "SHELF", "SHELF-PIN", "CONNECTOR")
    assert [int(found[name]) for name in pieces] == [2, 2, 2, 12, 48, 16]
    # (1600 - 44) x (1780 - 44) = 2.701216 square metres
    assert found["BACK-THIN"] == Decimal("2.71")
    assert found["OIL"] == 6 * 45
    assert not any(name.startswith(("DOOR", "DRAWER", "LED", "KNOB")) for name in found)


def test_bill_of_materials_of_a_sideboard() -> None:
    """1800 x 760 x 420 on legs of 150 mm: three bays, one shelf each, 22 mm; three drawers of
    160 mm stand in the middle bay, 524 mm high with their boards, and take its shelf's place."""
    preset = shelf().offer["presets"][1]["choices"]
    design = complete(**preset)
    found = bom(design)
    # the shelf would lie at 588 // 2 = 294 mm; up to 524 + 80 mm there is no room for it
    assert found["SHELF"] == 2
    # uprights 4 x 610, top and bottom 3600, two of three shelves: 2 x 1712 / 3 = 1141.33
    assert found["EDGE-BAND"] == 2440 + 3600 + 1142 + 3 * 2 * (570 + 160)
    doors = ("DOOR-CANE", "HINGE", "LOOP-LEATHER")
    drawers = ("DRAWER-BOX", "DRAWER-FRONT", "RUNNER-SOFT")
    assert [int(found[name]) for name in (*doors, *drawers)] == [2, 4, 5, 3, 3, 6]
    assert found["LEG"] == 6


def test_times_of_the_default() -> None:
    """Saw: 6 + (2 x 16368 + 2 x 350 x 18) / 4000, rounded up; bander: 4 + 16368 / 8000."""
    plans = engineering().operations(scope_of(shelf().engine.model, complete()))
    minutes = {plan.id: plan.duration_min for plan in plans}
    assert (minutes["cut"], minutes["band"]) == (6 + 12, 4 + 3)
    assert minutes["drill"] == 8 + 12
    assert list(minutes) == ["cut", "band", "drill", "sand", "paint", "fit", "check", "pack"]


def test_price_of_the_default_line_by_line() -> None:
    lines = prices().lines(scope_of(shelf().engine.model, complete()))
    amounts = {line.id: line.amount for line in lines}
    assert amounts == {
        "base": Decimal("118.00"),
        "boards": Decimal("367.00"),  # 5.7288 x 64 = 366.6
        "thickness": Decimal("66.00"),  # 18 % of it
        "cutting": Decimal("43.20"),  # 18 boards
        "finish": Decimal("63.00"),
        "back": Decimal("43.00"),
        "feet": Decimal("46.00"),
        "fixing": Decimal("12.00"),
    }


def test_a_wider_and_higher_shelf_costs_more() -> None:
    small, large = (complete(width=w, height=h) for w, h in ((1200, 1500), (1600, 2200)))
    assert price(large) > price(small)


# ---- every design


def test_parts_stay_inside_the_bounds() -> None:
    for design in sampled_designs():
        bounds = shapes().bounds(scope_of(shelf().engine.model, design))
        outer = (bounds.width, bounds.depth, bounds.height)
        assert len(parts(design)) >= 5
        for part in parts(design):
            for start, size, limit in zip(part.at, part.size, outer, strict=True):
                assert start >= 0, (part, design)
                assert start + size <= limit, (part, design)


def test_as_many_pieces_are_drawn_as_are_made() -> None:
    for design in sampled_designs():
        made = bom(design)
        drawn = Counter(part.id.rpartition("-")[0] or part.id for part in parts(design))
        doors = sum(int(made.get(f"DOOR-{s}", 0)) for s in ("PLAIN", "FRAME", "GLASS", "CANE"))
        assert drawn["shelf"] == made.get("SHELF", 0), design
        assert drawn["divider"] == made.get("DIVIDER", 0)
        assert drawn["door"] == doors, design
        assert drawn["drawer"] == made.get("DRAWER-BOX", 0)
        assert drawn["basket"] == made.get("BASKET", 0)


def test_fronts_do_not_overlap() -> None:
    for design in sampled_designs():
        fronts = [p for p in parts(design) if p.id.startswith(("door-", "drawer-"))]
        for index, one in enumerate(fronts):
            for other in fronts[index + 1 :]:
                assert _are_apart(one, other, 0) or _are_apart(one, other, 2), (one, other, design)


def _are_apart(one: Part, other: Part, axis: int) -> bool:
    return (
        one.at[axis] + one.size[axis] <= other.at[axis]
        or other.at[axis] + other.size[axis] <= one.at[axis]
    )


def test_every_feature_freezes_exactly_once() -> None:
    features = {feature["id"] for feature in flat_offer()["features"]}
    for design in sampled_designs():
        plans = engineering().operations(scope_of(shelf().engine.model, design))
        assert Counter(name for plan in plans for name in plan.freezes) == Counter(features)


def test_prices_are_those_of_a_shelf() -> None:
    totals = [price(design) for design in sampled_designs()]
    assert min(totals) > 200
    assert max(totals) < 9000
    assert len(set(totals)) > len(totals) * 3 // 4


# ---- words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_left_without_words(language: str) -> None:
    """More than the loader asks for: materials and a help for every question, too."""
    texts = shelf().texts[language]
    materials = flat_offer()["shape"]["materials"]
    assert set(texts["materials"]) == {
        name for name in materials if "made_of" not in materials[name]
    }
    assert [name for name, words in texts["features"].items() if "help" not in words] == []


def test_languages_word_the_same_things() -> None:
    english, chinese = (_words(shelf().texts[code]) for code in ("en", "zh-hans"))
    assert set(english) == set(chinese)
    plain = {path for path, text in chinese.items() if not any(c >= "\u4e00" for c in text)}
    assert plain == {("format",), ("language",)}


def _words(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    if isinstance(value, str):
        return {path: value}
    return {k: v for key, one in value.items() for k, v in _words(one, (*path, key)).items()}
