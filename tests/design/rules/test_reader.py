"""Every fault of meaning in a document is found, with its place and a sentence."""

from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from design.rules import Model
from tests.design.rules.documents import Document, choice, offer, parameter, several, writing


def _problems(document: Document) -> dict[tuple[Any, ...], tuple[str, str]]:
    with pytest.raises(DocumentError) as raised:
        Model.from_document(document)
    return {p.path: (p.code, p.sentence) for p in raised.value.problems}


FEATURES = [
    choice("width", "w600=600", "w700=700"),
    choice("colour", "graphite", "steel"),
    several("inside", "wine", "ice"),
    parameter("height", 1500, 2000, 50),
    writing("words"),
]


@pytest.mark.parametrize(
    ("rule", "path", "code", "words"),
    [
        ({"never": "widht == 'w600'"}, ("never",), "unknown_name", "Did you mean 'width'?"),
        ({"never": "width == 'w60'"}, ("never",), "unknown_option", "Did you mean 'w600'?"),
        ({"never": "width in ('w600', 'x')"}, ("never",), "unknown_option", "no option 'x'"),
        ({"never": "'wime' in inside"}, ("never",), "unknown_option", "Did you mean 'wine'?"),
        ({"never": "width.cm > 3"}, ("never",), "unknown_attribute", "no option of 'width'"),
        ({"never": "colour.mm > 3"}, ("never",), "unknown_attribute", "no option of 'colour'"),
        ({"never": "width > 600"}, ("never",), "wrong_kind", "cannot be compared by '>'"),
        ({"never": "width.mm"}, ("never",), "wrong_kind", "a yes or no is needed"),
        ({"never": "height = 1500"}, ("never",), "syntax", "write '=='"),
        ({"when": "height > 1500", "then": "hight > 3"}, ("then",), "unknown_name", "'height'"),
        ({"never": "words == 'Anna'"}, ("never",), "text_in_rule", "`words != ''`"),
        ({"never": "len(words) > 3"}, ("never",), "text_in_rule", "`words != ''`"),
        ({"always": "height / (width.mm - 600) > 2"}, ("always",), "division_by_zero", "zero"),
        (
            {"table": {"features": ["width", "color"], "allowed": [["w600", "steel"]]}},
            ("table", "features", 1), "unknown_feature", "Did you mean 'colour'?",
        ),
        (
            {"table": {"features": ["width", "inside"], "allowed": [["w600", "wine"]]}},
            ("table", "features", 1), "wrong_kind", "only features with one answer",
        ),
        (
            {"table": {"features": ["width", "colour"], "allowed": [["w600"]]}},
            ("table", "allowed", 0), "bad_row", "1 values for 2 features",
        ),
        (
            {"table": {"features": ["width", "colour"], "allowed": [["w600", "steal"]]}},
            ("table", "allowed", 0, 1), "unknown_option", "Did you mean 'steel'?",
        ),
        (
            {"table": {"features": ["width", "height"], "allowed": [["w600", 1510]]}},
            ("table", "allowed", 0, 1), "unknown_option", "no option '1510'",
        ),
    ],
)  # fmt: skip
def test_a_faulty_rule_is_found_with_its_place(
    rule: Document, path: tuple[Any, ...], code: str, words: str
) -> None:
    problems = _problems(offer(FEATURES, {"never": "width == 'w600' and height > 1900"}, rule))
    assert list(problems) == [("rules", 1, *path)]
    found, sentence = problems["rules", 1, *path]
    assert found == code
    assert words.lower() in sentence.lower()


@pytest.mark.parametrize(
    ("feature", "path", "code", "words"),
    [
        (choice("f", "a", "b", default="c"), ("default",), "unknown_option", "no option 'c'"),
        (choice("f", "a", "b", "a"), ("options", 2, "id"), "duplicate_id", "'a' is defined twice"),
        (several("f", "a", least=2, most=2), ("min",), "empty_range", "more than the 1 options"),
        (several("f", "a", "b", least=2, most=1), ("min",), "empty_range", "above max 1"),
        ({**several("f", "a"), "default": ["b"]}, ("default",), "unknown_option", "option 'b'"),
        ({**several("f", "a", "b", most=1), "default": ["a", "b"]}, ("default",), "bad_default",
         "2 options, not 0 to 1"),
        (parameter("f", 9, 5, 1), ("min",), "empty_range", "min 9 is above max 5"),
        (parameter("f", 0, 10, 3), ("max",), "bad_step", "steps of 3"),
        (parameter("f", 0, 4000, 1), ("step",), "too_many_steps", "4,001 steps"),
        (parameter("f", 0, 10, 5, default=7), ("default",), "bad_default", "The default 7"),
        ({**writing("f", 2), "default": "abc"}, ("default",), "bad_default", "3 characters"),
        ({**choice("f", "a"), "group": "x"}, ("group",), "unknown_group", "no group 'x'"),
        (choice("class", "a"), ("id",), "reserved_name", "'class'"),
        (choice("i", "a"), ("id",), "reserved_name", "'i'"),
        (choice("other", "a"), ("id",), "duplicate_id", "'other' is defined twice"),
    ],
)  # fmt: skip
def test_a_faulty_feature_is_found_with_its_place(
    feature: Document, path: tuple[Any, ...], code: str, words: str
) -> None:
    problems = _problems(offer([choice("other", "a"), feature]))
    assert list(problems) == [("features", 1, *path)]
    found, sentence = problems["features", 1, *path]
    assert found == code
    assert words in sentence


def test_all_faults_are_found_at_once() -> None:
    document = offer(
        [choice("width", "w600=600", default="w60"), parameter("height", 5, 1, 1)],
        {"never": "widht == 'w600'"},
        {"id": "R1", "never": "width == 'w700' or heigth > 3"},
    )
    assert set(_problems(document)) == {
        ("features", 0, "default"), ("features", 1, "min"), ("rules", 0, "never"),
        ("rules", 1, "never"), ("rules", 1, "id"),
    }  # fmt: skip


def test_two_faults_in_one_expression_are_both_told() -> None:
    document = offer(FEATURES, {"never": "width == 'w60' and colour == 'stele'"})
    with pytest.raises(DocumentError) as raised:
        Model.from_document(document)
    assert len(raised.value.problems) == 2


def test_defaults_have_to_be_a_design() -> None:
    problems = _problems(offer(FEATURES, {"when": "width == 'w600'", "then": "height > 1500"}))
    assert problems == {
        ("rules", 0): (
            "defaults_break_rule",
            "The defaults of the features break rule R1; change one of them.",
        )
    }


def test_a_comparison_of_too_many_options_is_refused_before_it_costs_time() -> None:
    wide = [parameter(f"p{n}", 0, 63, 1) for n in range(5)]
    problems = _problems(offer(wide, {"never": "p0 * p1 * p2 * p3 * p4 > 300"}))
    assert problems["rules", 0, "never"][0] == "too_many_combinations"
    assert "1,073,741,824 combinations" in problems["rules", 0, "never"][1]


def test_a_value_that_some_options_lack_may_be_guarded() -> None:
    features = [choice("water", "tank=4", "mains=9", optional=True), choice("colour", "a", "b")]
    rule = {"never": "water != 'none' and water.mm > 5 and colour == 'b'"}
    model = Model.from_document(offer(features, rule))
    assert model.rules[0].features == {"water", "colour"}


def test_a_value_that_some_options_lack_is_refused_unguarded() -> None:
    features = [choice("water", "tank=4", optional=True), choice("colour", "a", "b")]
    problems = _problems(offer(features, {"never": "water.mm > 5 and colour == 'b'"}))
    assert problems["rules", 0, "never"][0] == "unknown_attribute"
    assert "Option 'none' of 'water' has no value 'mm'" in problems["rules", 0, "never"][1]


def test_an_optional_feature_starts_with_none() -> None:
    model = Model.from_document(offer([choice("water", "tank", optional=True)]))
    assert model.features[0].option_ids == ("none", "tank")
