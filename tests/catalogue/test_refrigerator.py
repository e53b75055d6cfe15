"""The refrigerator is as rich, as tight and as complete as it claims to be."""

import random
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cosmo.lib.expressions import parse
from design.pricing import PriceBook
from design.rules import Selection, TextNeeded, changes_count, scope_of, violations
from design.shape import ShapeBook
from production.engineering import EngineeringBook, PlantBook
from production.folder import read_product_folder
from tests.catalogue.counting import Factor, count_designs, domains_of, factor_of, features_in
from tests.catalogue.folders import Product, read_product

FOLDER = Path(__file__).parents[2] / "catalogue" / "refrigerator"
LANGUAGES = ("en", "zh-hans")
SAMPLES = 120
ENGRAVING = ("engraving", "engraving_text", "engraving_font", "engraving_size")


@pytest.fixture(scope="module")
def fridge() -> Product:
    return read_product(FOLDER)


@cache
def sampled_designs() -> tuple[Selection, ...]:
    """Valid designs, from random wishes of which some are dropped until the rest goes together."""
    engine = read_product(FOLDER).engine
    chance = random.Random(20261122)
    designs: list[Selection] = []
    while len(designs) < SAMPLES:
        wishes: dict[str, Any] = {}
        for feature in chance.sample(engine.model.features, 9):
            if feature.kind == "text":
                wishes[feature.id] = chance.choice(["Anna", "始于 2026", "M" * 20])
            elif feature.kind == "multi":
                wishes[feature.id] = tuple(chance.sample(feature.option_ids, chance.randint(0, 4)))
            else:
                wishes[feature.id] = chance.choice(feature.domain)
        while not engine.is_valid(wishes):
            del wishes[next(iter(wishes))]
        try:
            designs.append(engine.complete(wishes))
        except TextNeeded:
            continue
    return tuple(designs)


# ---- how much can be chosen


def test_counts_of_features_options_and_rules(fridge: Product) -> None:
    features = fridge.offer["features"]
    options = sum(
        len(feature.get("options", ())) + bool(feature.get("optional")) for feature in features
    )
    assert (len(features), options, len(fridge.offer["rules"])) == (23, 96, 48)
    assert {feature["kind"] for feature in features} == {"choice", "multi", "parameter", "text"}


def test_many_rules_tie_three_or_more_features(fridge: Product) -> None:
    wide = [rule for rule in fridge.offer["rules"] if len(features_in(rule)) >= 3]
    tied = frozenset().union(*(features_in(rule) for rule in wide))
    assert len(wide) == 17
    assert len(tied) == 17
    assert len(tied) / len(fridge.offer["features"]) >= 0.3


def test_exact_number_of_designs(fridge: Product) -> None:
    """Whatever is written counts as one text, so that no text inflates the number."""
    domains = domains_of(fridge.offer, with_text=True)
    factors = [factor_of(rule, domains) for rule in fridge.offer["rules"]]
    assert count_designs(factors, domains) == 6_176_910_181_388


@cache
def _rule_factors() -> tuple[dict[str, list[Any]], dict[str, Factor]]:
    offer = read_product(FOLDER).offer
    domains = domains_of(offer, with_text=True)
    return domains, {rule["id"]: factor_of(rule, domains) for rule in offer["rules"]}


@pytest.mark.parametrize("number", range(1, 49))
def test_every_rule_changes_the_number_of_designs(fridge: Product, number: int) -> None:
    """By exact counting, and by the engine's own question to its solver."""
    rule_id = f"R{number:02}"
    domains, factors = _rule_factors()
    without = [factor for name, factor in factors.items() if name != rule_id]
    assert count_designs(without, domains) > count_designs(factors.values(), domains)
    assert changes_count(fridge.engine.model, rule_id)


def test_no_option_is_dead(fridge: Product) -> None:
    model = fridge.engine.model
    domains = fridge.engine.domains({})
    assert {f.id: set(domains[f.id]) for f in model.features} == {
        f.id: set(f.domain) for f in model.features
    }


@pytest.mark.parametrize(
    ("choices", "feature", "option", "size"),
    [
        (
            {"doors": "single", "finish": "glass", "width": "w700", "handle": "bar"},
            "height",
            1900,
            3,
        ),
        ({"energy": "a", "light": "daylight"}, "interior", "herbs", 0),
        ({"ice": "cubes", "display": "screen", "colour": "sage"}, "energy", "a", 2),
        (
            {"width": "w600", "height": 1650, "interior": ("cans", "bottles"), "light": "daylight"},
            "interior",
            "snacks",
            4,
        ),
    ],
)
def test_conflicts_name_several_choices(
    fridge: Product, choices: dict[str, Any], feature: str, option: str | int, size: int
) -> None:
    conflict = fridge.engine.explain(choices, feature, option)
    if size == 0:
        assert conflict is None
        return
    assert conflict is not None
    assert len(conflict.choices) == size
    assert conflict.rules


@pytest.mark.parametrize(
    "choices",
    [{"engraving": "front"}, {"engraving_font": "script"}, {"engraving_size": "h28"}],
)
def test_nothing_of_an_engraving_is_sold_without_its_text(
    fridge: Product, choices: dict[str, Any]
) -> None:
    with pytest.raises(TextNeeded) as needed:
        fridge.engine.complete(choices)
    assert needed.value.facts["feature"] == "engraving_text"
    engraved = fridge.engine.complete({**choices, "engraving_text": "Anna"})
    assert "none" not in {engraved[name] for name in ENGRAVING if name != "engraving_text"}


def test_a_refrigerator_without_an_engraving_lists_nothing_of_one(fridge: Product) -> None:
    plain = fridge.engine.complete({"engraving": "none"})
    assert {plain[name] for name in ENGRAVING} == {"none", ""}


# ---- words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_material_and_help_is_worded(fridge: Product, language: str) -> None:
    """More than the loader asks for: our own product leaves no gap at all."""
    texts = fridge.texts[language]
    materials = fridge.offer["shape"]["materials"]
    assert set(texts["materials"]) == {
        name for name in materials if "made_of" not in materials[name]
    }
    assert [name for name, words in texts["features"].items() if "help" not in words] == []


def test_languages_word_the_same_things(fridge: Product) -> None:
    english, chinese = (set(_paths(fridge.texts[language])) for language in LANGUAGES)
    assert english == chinese


def test_chinese_is_chinese(fridge: Product) -> None:
    """No sentence was left in English."""
    words = dict(_paths_with_words(fridge.texts["zh-hans"]))
    plain = {path for path, text in words.items() if not any(c >= "\u4e00" for c in text)}
    assert plain == {("format",), ("language",)}


def _paths_with_words(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        return [(path, value)]
    return [pair for key, one in value.items() for pair in _paths_with_words(one, (*path, key))]


def _paths(value: Any) -> list[tuple[str, ...]]:
    return [path for path, _ in _paths_with_words(value)]


# ---- price and shape


def test_prices_are_those_of_a_refrigerator(fridge: Product) -> None:
    book = PriceBook.from_document(fridge.offer, fridge.engine.model)
    totals = []
    for design in sampled_designs():
        lines = book.lines(scope_of(fridge.engine.model, design))
        totals.append(sum((line.amount for line in lines), Decimal(0)))
    assert min(totals) > 1000
    assert max(totals) < 6000
    assert len(set(totals)) > SAMPLES * 3 // 4


def test_presets_cost_what_was_added_up_by_hand(fridge: Product) -> None:
    book = PriceBook.from_document(fridge.offer, fridge.engine.model)

    def price(choices: dict[str, Any]) -> Decimal:
        read = {key: tuple(v) if isinstance(v, list) else v for key, v in choices.items()}
        design = fridge.engine.complete(read)
        lines = book.lines(scope_of(fridge.engine.model, design))
        return sum((line.amount for line in lines), Decimal(0))

    presets = {preset["id"]: price(preset["choices"]) for preset in fridge.offer["presets"]}
    assert presets == {
        "compact": Decimal("1695.00"),
        "family": Decimal("3514.90"),
        "host": Decimal("5125.90"),
    }


def test_parts_of_every_design_stay_inside_its_bounds(fridge: Product) -> None:
    book = ShapeBook.from_document(fridge.offer, fridge.engine.model)
    for design in sampled_designs():
        assert violations(fridge.engine.model, design) == ()
        scope = scope_of(fridge.engine.model, design)
        bounds = book.bounds(scope)
        outer = (bounds.width, bounds.depth, bounds.height)
        parts = book.parts(scope)
        assert len(parts) >= 5
        for part in parts:
            for start, size, limit in zip(part.at, part.size, outer, strict=True):
                assert start >= 0, (part, design)
                assert start + size <= limit, (part, design)


def test_fronts_of_every_design_do_not_overlap(fridge: Product) -> None:
    book = ShapeBook.from_document(fridge.offer, fridge.engine.model)
    for design in sampled_designs():
        scope = scope_of(fridge.engine.model, design)
        fronts = [part for part in book.parts(scope) if part.id.startswith(("door", "front"))]
        assert len(fronts) == parse("doors.fronts").evaluate_whole(scope)
        for index, one in enumerate(fronts):
            for other in fronts[index + 1 :]:
                apart_x = one.at[0] + one.size[0] <= other.at[0] or (
                    other.at[0] + other.size[0] <= one.at[0]
                )
                apart_z = one.at[2] + one.size[2] <= other.at[2] or (
                    other.at[2] + other.size[2] <= one.at[2]
                )
                assert apart_x or apart_z, (one, other)


# ---- making it


@pytest.fixture(scope="module")
def book(fridge: Product) -> EngineeringBook:
    return EngineeringBook.from_document(fridge.engineering)


def test_every_feature_freezes_exactly_once_in_every_design(
    fridge: Product, book: EngineeringBook
) -> None:
    """But for the engraving, which has nothing to freeze where there is none."""
    features = {feature["id"] for feature in fridge.offer["features"]}
    for design in sampled_designs():
        operations = book.operations(scope_of(fridge.engine.model, design))
        frozen = Counter(feature for plan in operations for feature in plan.freezes)
        is_engraved = design["engraving"] != "none"
        assert frozen == Counter(features if is_engraved else features - {*ENGRAVING})


def test_touch_time_routing_and_components_are_plausible(
    fridge: Product, book: EngineeringBook
) -> None:
    for design in sampled_designs():
        scope = scope_of(fridge.engine.model, design)
        operations = book.operations(scope)
        assert 400 <= sum(plan.duration_min for plan in operations) <= 600
        assert [plan.kind for plan in operations].count("pack") == 1
        assert operations[-1].id == "pack"
        assert len({plan.work_centre for plan in operations}) >= 9
        components = [line.component for line in book.bom(scope)]
        assert len(components) == len(set(components))
        assert 20 <= len(components) <= 40
        assert all(line.quantity > 0 for line in book.bom(scope))


def test_cabinet_and_fronts_are_made_side_by_side(fridge: Product, book: EngineeringBook) -> None:
    design = fridge.engine.complete({})
    after = {plan.id: plan.after for plan in book.operations(scope_of(fridge.engine.model, design))}
    assert after["bend_cabinet"] == after["bend_fronts"] == ("cut",)
    assert set(after["assemble"]) == {"fit_cooling", "hang_fronts"}


def test_assembly_makes_twelve_to_sixteen_ordinary_units_a_day(
    fridge: Product, book: EngineeringBook
) -> None:
    """The bottleneck: 50 orders in a row have to move the promise by several days."""
    plant = PlantBook.from_document(fridge.plant)
    design = fridge.engine.complete({})
    load: dict[str, int] = {}
    for plan in book.operations(scope_of(fridge.engine.model, design)):
        load[plan.work_centre] = load.get(plan.work_centre, 0) + plan.duration_min
    per_day = {
        name: sum(
            one.lanes * (960 // one.duration_min(minutes))
            for one in plant.work_centres[name].resources
        )
        for name, minutes in load.items()
    }
    assert min(per_day, key=lambda name: per_day[name]) == "assembly"
    assert 12 <= per_day["assembly"] <= 16


def test_folder_is_valid() -> None:
    folder = read_product_folder(FOLDER)
    assert set(folder.texts) == {*LANGUAGES, "ar"}
    assert folder.plant is not None
    assert folder.plant.content["code"] == "lakeside"
