"""Answers from outside, friendly and hostile."""

import pytest

from design.rules import ChoiceError, Model, check_choices, check_selection
from tests.design.rules.documents import choice, offer, parameter, several, writing

MODEL = Model.from_document(
    offer(
        [
            choice("width", "w600=600", "w700=700"),
            choice("water", "tank", optional=True),
            several("inside", "wine", "ice", "herbs", least=1, most=2),
            parameter("height", 1500, 2000, 50),
            writing("words", 6),
        ]
    )
)


def test_strings_become_answers_in_the_order_given() -> None:
    raw = {"words": ["Anna"], "height": ["1550"], "inside": ["ice", "wine"], "width": ["w600"]}
    choices = check_choices(MODEL, raw)
    assert list(choices.items()) == [
        ("words", "Anna"), ("height", 1550), ("inside", ("ice", "wine")), ("width", "w600"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code", "sentence"),
    [
        ({"widht": ["w600"]}, "unknown_feature", "no feature 'widht'. Did you mean 'width'?"),
        ({"width": ["w60"]}, "unknown_option", "no option 'w60'. Did you mean 'w600'?"),
        ({"width": [""]}, "unknown_option", "no option ''"),
        ({"width": ["w600", "w700"]}, "too_many_choices", "takes one answer, not 2"),
        ({"width": []}, "too_many_choices", "takes one answer, not 0"),
        ({"water": ["None"]}, "unknown_option", "Did you mean 'none'?"),
        ({"inside": ["wine", "ice", "herbs"]}, "too_many_choices", "at most 2 options, not 3"),
        ({"inside": ["wine"] * 3 + ["x"]}, "unknown_option", "no option 'x'"),
        ({"inside": [str(n) for n in range(9999)]}, "too_many_choices", "has 3 options, not 9999"),
        ({"inside": [""]}, "too_few_choices", "at least 1 options, not 0"),
        ({"height": ["1760"]}, "parameter_between_steps", "choose 1,750 or 1,800 mm"),
        ({"height": ["2050"]}, "parameter_out_of_range", "2,050 mm is above 2,000 mm"),
        ({"height": ["-5"]}, "parameter_out_of_range", "-5 mm is below 1,500 mm"),
        ({"height": ["1e3"]}, "not_a_number", "'1e3' is not a whole number"),
        ({"height": ["9" * 5000]}, "not_a_number", "not a whole number"),
        ({"height": ["١٥٠٠"]}, "not_a_number", "not a whole number"),
        ({"height": [" 1500"]}, "not_a_number", "not a whole number"),
        ({"words": ["Annabel"]}, "text_too_long", "has 7 characters; at most 6 fit. Remove 1."),
        ({"words": ["a\x00b"]}, "text_not_printable", "Character 2 of 'words' (U+0000)"),
        ({"words": ["a\nb"]}, "text_not_printable", "(U+000A)"),
        ({"words": ["a\u202eb"]}, "text_not_printable", "(U+202E)"),
        ({"words": ["\ud800"]}, "text_not_printable", "(U+D800)"),
        ({"words": ["x" * 1_000_000]}, "text_too_long", "at most 6 fit"),
        ({"\x1b[31m" + "z" * 999: ["1"]}, "unknown_feature", "\ufffd[31mzzz"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(
    raw: dict[str, list[str]], code: str, sentence: str
) -> None:
    with pytest.raises(ChoiceError) as raised:
        check_choices(MODEL, raw)
    assert raised.value.code == code
    assert raised.value.status == 422
    assert sentence in raised.value.sentence
    assert len(raised.value.sentence) < 250
    assert raised.value.sentence.encode()
    assert len(raised.value.value) <= 61


def test_an_option_named_twice_counts_once() -> None:
    assert check_choices(MODEL, {"inside": ["ice", "ice"]}) == {"inside": ("ice",)}


def test_characters_are_counted_not_bytes() -> None:
    assert check_choices(MODEL, {"words": ["安娜的冰箱啊"]}) == {"words": "安娜的冰箱啊"}


def test_a_text_is_composed_and_trimmed() -> None:
    assert check_choices(MODEL, {"words": ["  Zoe\u0308 "]}) == {"words": "Zoë"}
    assert check_choices(MODEL, {"words": ["   "]}) == {"words": ""}


def test_a_full_selection_is_checked_and_put_in_order() -> None:
    stored = {"words": "", "height": 1500, "inside": ["wine"], "water": "none", "width": "w700"}
    checked = check_selection(MODEL, stored)
    assert list(checked.items()) == [
        ("width", "w700"), ("water", "none"), ("inside", ("wine",)), ("height", 1500),
        ("words", ""),
    ]  # fmt: skip


def test_a_selection_without_an_answer_is_refused() -> None:
    with pytest.raises(ChoiceError, match="'width' has no answer"):
        check_selection(MODEL, {"words": ""})
    with pytest.raises(ChoiceError, match="no feature 'colour'"):
        check_selection(MODEL, {"colour": "red"})


def test_a_stored_number_is_read_as_it_was_kept() -> None:
    """73.5 is kept as 735; a text is what a person wrote."""
    angle = {"id": "angle", "group": "g", "kind": "parameter", "unit": "\u00b0"}
    steps = {"min": 70, "max": 75, "step": "0.5", "default": "73.5"}
    model = Model.from_document({"features": [{**angle, **steps}], "rules": []})
    assert check_selection(model, {"angle": 735}) == {"angle": 735}
    assert check_selection(model, {"angle": "73.5"}) == {"angle": 735}
