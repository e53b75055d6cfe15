"""What two versions differ in: each thing named once, nothing else."""

from copy import deepcopy
from typing import Any

from design.drafting.difference import Change, Contents, difference
from tests.factories.documents import ENGINEERING, OFFER, TEXTS
from tests.factories.shop import STOOL

BEFORE: dict[str, Any] = {**OFFER, **STOOL}


def told(**offer: Any) -> list[tuple[str, str, str, str, str, str]]:
    return rows(
        Contents(BEFORE, TEXTS, ENGINEERING), Contents({**BEFORE, **offer}, TEXTS, ENGINEERING)
    )


def rows(before: Contents, after: Contents) -> list[tuple[str, str, str, str, str, str]]:
    return [row(change) for change in difference(before, after)]


def row(change: Change) -> tuple[str, str, str, str, str, str]:
    return (
        change.area, change.act, change.name, change.inside, change.before, change.after,
    )  # fmt: skip


def test_the_same_document_does_not_differ() -> None:
    assert told() == []
    assert told(**deepcopy(STOOL)) == []


def test_the_order_in_which_a_test_is_written_is_no_difference() -> None:
    before = Contents({**BEFORE, "tests": [{"valid": True, "choices": {}}]}, TEXTS, ENGINEERING)
    after = Contents({**BEFORE, "tests": [{"choices": {}, "valid": True}]}, TEXTS, ENGINEERING)
    assert rows(before, after) == []


def test_rules_are_told_by_what_changed_in_them() -> None:
    rules = [
        {"id": "R1", "never": "size == 'small' and colour == 'red'"},
        {"id": "R3", "always": "size == 'small'"},
    ]
    assert told(rules=rules) == [
        ("rule", "removed", "R2", "", "when: name != 'none', then: engraving != ''", ""),
        (
            *("rule", "changed", "R1", ""),
            "never: size == 'large' and colour == 'red'",
            "never: size == 'small' and colour == 'red'",
        ),
        ("rule", "added", "R3", "", "", "always: size == 'small'"),
    ]


def test_prices_options_and_features() -> None:
    features = deepcopy(BEFORE["features"])
    features[0]["options"][0]["values"]["mm"] = 320
    features[1]["options"].pop()
    features[1]["default"] = "black"
    features.pop()
    price = {
        "base": "120",
        "lines": [{"id": "large", "feature": "size", "when": "size == 'large'", "amount": "60"}],
    }
    assert told(features=features, price=price) == [
        (
            *("feature", "removed", "name", ""),
            "group: body, kind: choice, optional: true, default: none",
            "",
        ),
        ("feature", "changed", "colour", "", "default: white", "default: black"),
        ("option", "changed", "small", "size", "values: {mm: 300}", "values: {mm: 320}"),
        ("option", "removed", "red", "colour", "", ""),
        ("base", "changed", "base", "", "100", "120"),
        ("price", "removed", "name", "", "feature: name, when: name != 'none', amount: 9.90", ""),
        ("price", "changed", "large", "", "amount: 50", "amount: 60"),
    ]  # fmt: skip


def test_words_languages_and_engineering() -> None:
    english = {**TEXTS["en"], "product": {**TEXTS["en"]["product"], "tagline": "Stands"}}
    routing = [*ENGINEERING["routing"][:-1]]
    bom = [*ENGINEERING["bom"], {"component": "LEG", "quantity": "1", "unit": "piece"}]
    after = Contents(
        BEFORE, {"en": english, "de": english}, {**ENGINEERING, "routing": routing, "bom": bom}
    )
    assert rows(Contents(BEFORE, TEXTS, ENGINEERING), after) == [
        ("text", "changed", "product.tagline", "en", "Sits", "Stands"),
        ("language", "added", "de", "", "", ""),
        ("component", "added", "LEG (2)", "", "", "quantity: 1, unit: piece"),
        (
            *("operation", "removed", "pack", ""),
            "work_centre: bench, kind: pack, duration_min: 10",
            "",
        ),
    ]


def test_what_is_very_long_is_cut() -> None:
    [change] = difference(
        Contents(BEFORE, {"en": {"a": "x"}}), Contents(BEFORE, {"en": {"a": "y" * 999}})
    )
    assert len(change.after) == 240
    assert change.after.endswith("…")
