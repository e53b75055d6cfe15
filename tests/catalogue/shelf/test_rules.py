"""The shelf is as rich as it claims, and no rule of it is superfluous."""

from typing import Any

import pytest

from design.rules import Interval, TextNeeded, violations
from design.rules.loose import LooseRules
from design.rules.redundant import redundant_rules
from tests.catalogue.counting import count_designs, domains_of, factor_of, features_in
from tests.catalogue.shelf.designs import complete, flat_offer, sampled_designs, shelf

RULES = [rule["id"] for rule in flat_offer()["rules"]]
COMPONENTS = ("doors", "drawer_unit", "engraving")


def test_counts_of_features_and_rules() -> None:
    features = flat_offer()["features"]
    inside = [f["id"] for f in features if f.get("component") == "drawer_unit"]
    assert (len(features), len(RULES)) == (33, 76)
    assert {f["kind"] for f in shelf().offer["features"]} >= {"choice", "component", "parameter"}
    assert inside == [
        f"drawer_unit_{name}" for name in ("place", "rows", "size", "fronts", "runner", "inserts")
    ]


def test_many_rules_tie_three_or_more_features() -> None:
    wide = [rule for rule in flat_offer()["rules"] if len(features_in(rule)) >= 3]
    assert len(wide) >= 35
    assert len([rule for rule in wide if len(features_in(rule)) >= 4]) >= 18


def test_every_rule_forbids_something_no_other_forbids() -> None:
    assert redundant_rules(LooseRules(shelf().engine.model)) == {}


def test_no_option_is_dead() -> None:
    model = shelf().engine.model
    domains = shelf().engine.domains({})
    assert {f.id: set(domains[f.id]) for f in model.features} == {
        f.id: set(f.domain) for f in model.features
    }


def test_more_designs_than_anybody_could_list() -> None:
    """Counted exactly, by a counter that shares nothing with the engine, among a small part only:
    70 widths, 40 heights and 10 depths of open shelves without drawers, light or extras."""
    domains = domains_of(flat_offer(), with_text=False)
    for name, values in domains.items():
        if name in ("doors", "drawer_unit", "lighting", "colour", "handle") or "_" in name:
            domains[name] = [value for value in values if value in ("none", frozenset(), "", 3)]
    domains |= {"engraving": ["none"], "extras": [frozenset()], "arrives": ["flat"]}
    domains |= {
        "width": list(range(1000, 1700, 10)),
        "height": list(range(1200, 1600, 10)),
        "depth": list(range(250, 350, 10)),
    }
    factors = [factor_of(rule, domains) for rule in shelf().offer["rules"]]
    assert count_designs(factors, domains) > 10**9


# ---- what the rules say


@pytest.mark.parametrize(
    ("choices", "widest"),
    [
        ({"wood": "pine", "thickness": "t22", "bays": "two"}, 2 * 750 + 3 * 22),
        ({"wood": "mdf", "thickness": "t18", "bays": "three"}, 3 * 600 + 4 * 18),
        ({"wood": "beech", "thickness": "t28", "bays": "one"}, 1050 + 2 * 28),
        ({"wood": "oak", "thickness": "t22", "bays": "two"}, 2 * 950 + 3 * 22),
    ],
)
def test_a_board_spans_as_far_as_its_wood_and_thickness_carry(
    choices: dict[str, Any], widest: int
) -> None:
    domain = shelf().engine.domains(choices)["width"]
    assert isinstance(domain, Interval)
    assert domain.maximum == widest // 10 * 10


def highest(**choices: Any) -> int:
    domain = shelf().engine.domains(choices)["height"]
    assert isinstance(domain, Interval)
    return domain.maximum


def test_a_high_shelf_on_little_depth_is_fixed() -> None:
    assert highest(depth=300, fixing="none") == 1200
    assert highest(depth=300, fixing="none", drawer_unit="fitted") == 900


@pytest.mark.parametrize(
    ("choices", "feature", "option", "rules"),
    [
        ({"wood": "pine", "bays": "two", "width": 1600}, "thickness", "t22", {"R03"}),
        ({"width": 1800, "bays": "two"}, "doors_leaves", "one", {"doors_R1"}),
        ({"bays": "four"}, "drawer_unit_place", "middle", {"drawer_unit_R1"}),
        ({"doors": "none", "drawer_unit": "none"}, "handle", "knob", {"R37"}),
        ({"arrives": "assembled", "width": 2000, "depth": 400}, "height", 2000, {"R45"}),
        ({"lighting": "strip", "doors_style": "plain"}, "doors_reach", "tall", {"R34"}),
    ],
)
def test_conflicts_name_the_rule(
    choices: dict[str, Any], feature: str, option: str | int, rules: set[str]
) -> None:
    conflict = shelf().engine.explain(choices, feature, option)
    assert conflict is not None
    assert set(conflict.rules) == rules
    assert {choice.feature for choice in conflict.choices} <= set(choices)


# ---- components


def test_a_component_that_is_not_fitted_has_no_answers() -> None:
    model = shelf().engine.model
    for design in sampled_designs():
        assert violations(model, design) == ()
        for name in COMPONENTS:
            inner = [f for f in model.features if f.component == name]
            assert inner
            for feature in inner:
                nothing = {"choice": "none", "multi": (), "text": "", "parameter": feature.default}
                if design[name] == "none":
                    assert design[feature.id] == nothing[feature.kind]
                elif feature.kind == "choice":
                    assert design[feature.id] != "none"


def test_fitting_the_drawers_answers_all_their_questions() -> None:
    design = complete(drawer_unit="fitted")
    inner = {name: value for name, value in design.items() if name.startswith("drawer_unit_")}
    assert inner == {
        "drawer_unit_place": "left",
        "drawer_unit_rows": 3,
        "drawer_unit_size": "medium",
        "drawer_unit_fronts": "same",
        "drawer_unit_runner": "soft",
        "drawer_unit_inserts": (),
    }
    assert complete(drawer_unit_rows=4)["drawer_unit"] == "fitted"


def test_an_engraving_needs_its_words() -> None:
    with pytest.raises(TextNeeded):
        complete(engraving="fitted")
    assert complete(engraving="fitted", engraving_text="Anna")["engraving_text"] == "Anna"
