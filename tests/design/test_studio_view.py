"""What the studio shows is what a click really does: prices, possibilities, words."""

import random
import re

import pytest
from django.utils import translation

from design.rules import NONE
from design.selectors.along import with_along
from design.selectors.answers import view_groups
from design.selectors.configured import configure
from design.selectors.consequences import view_moved
from design.selectors.pictures import elevation
from design.selectors.refusals import refused_answer
from design.selectors.studio import named_lines
from design.selectors.texts import ProductTexts
from design.selectors.wording import stated_features
from tests.catalogue.folders import read_product
from tests.design.fridge import FOLDER, again, configured, form, fridge, read

STATES = [
    "",
    "width=w910&doors=french&colour=midnight&by=width,doors,colour",
    "freezer=no_freezer&doors=single&interior=wine&interior=bottles&by=freezer,doors,interior",
    "water=mains&ice=craft&display=screen&energy=a&by=water,ice,display,energy",
]
TEXTS = ProductTexts(chosen=read_product(FOLDER).texts["en"], fallback={})


def clicked(address: str, feature: str, option: object) -> str:
    """Where a click on an answer leads; a click on a box adds it to those that are set."""
    held = configured(read(address)).selection[feature]
    answer = (*held, option) if isinstance(held, tuple) else option
    return form(address, **{feature: answer})


@pytest.mark.parametrize("address", STATES)
def test_every_price_difference_shown_is_what_the_click_does(address: str) -> None:
    start = configured(read(address))
    wrong = []
    for group in view_groups(fridge(), TEXTS, start):
        for feature in group.features:
            for option in feature.options:
                if option.change is None:
                    continue
                after = configured(read(clicked(address, feature.id, option.id)))
                if after.price.total - start.price.total != option.change:
                    wrong.append((feature.id, option.id, option.change))
    assert wrong == []


@pytest.mark.parametrize("address", STATES)
def test_what_is_said_to_change_along_is_what_the_click_changes(address: str) -> None:
    start, designs = configured(read(address)), {}  # type: ignore[var-annotated]
    groups = view_groups(fridge(), TEXTS, start, designs)
    groups = with_along(groups, fridge(), TEXTS, start.selection, designs)
    stated = {f.id: TEXTS.feature(f.id) for f in stated_features(fridge(), start.selection)}
    said, done = {}, {}
    for group in groups:
        for feature in group.features:
            for option in feature.options:
                if option.change is None:
                    continue
                after = configured(read(clicked(address, feature.id, option.id))).selection
                inside = {f.id for f in fridge().model.features if f.component == feature.id}
                said[feature.id, option.id] = set(option.along)
                done[feature.id, option.id] = {
                    name
                    for key, name in stated.items()
                    if after[key] != start.selection[key] and key not in {feature.id, *inside}
                }
    assert said == done
    assert any(said.values())


def test_each_of_several_answers_has_a_price_line_of_its_own() -> None:
    start = configured(read(STATES[2]))
    names = [name for name, _ in named_lines(fridge(), TEXTS, start)]
    inside = [name for name in names if name.startswith(TEXTS.feature("interior"))]
    assert inside == [
        f"{TEXTS.feature('interior')}: {TEXTS.option('interior', option)}"
        for option in ("wine", "bottles")
    ]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("address", STATES)
def test_what_is_offered_can_be_had_and_what_is_blocked_cannot(address: str) -> None:
    start = configured(read(address))
    for group in view_groups(fridge(), TEXTS, start):
        for feature in group.features:
            for option in feature.options:
                if option.is_chosen:
                    continue
                state = read(clicked(address, feature.id, option.id))
                is_refused = bool(state.blocked or state.refused)
                assert is_refused == option.is_blocked, (feature.id, option.id)


def test_every_feature_and_every_option_is_on_the_page_once() -> None:
    groups = view_groups(fridge(), TEXTS, configured(read("")))
    shown = {
        feature.id: [option.id for option in feature.options]
        for group in groups
        for feature in group.features
    }
    expected = {
        feature.id: [str(v) for v in feature.domain] if feature.kind in ("choice", "multi") else []
        for feature in fridge().model.features
    }
    assert shown == expected


def test_colours_are_drawn_as_swatches_and_nothing_else_is() -> None:
    groups = view_groups(fridge(), TEXTS, configured(read("")))
    looks = {f.id: f.looks_like for group in groups for f in group.features}
    assert looks["colour"] == "swatches"
    assert looks["width"] == "choices"
    assert looks["height"] == "parameter"
    assert looks["engraving_text"] == "text"


def test_the_breakdown_adds_up_to_the_cent_in_random_states() -> None:
    chance = random.Random(5)
    for _ in range(25):
        wishes = {
            feature.id: chance.choice(feature.domain)
            for feature in chance.sample(fridge().model.features, 6)
            if feature.kind == "choice"
        }
        price = configure(fridge(), wishes).price
        assert sum(line.amount for line in price.lines) == price.total
        assert price.net + price.tax == price.total


def test_nothing_moves_without_being_said() -> None:
    start = again("width=w700&by=width")
    state = read(form(start, doors="quad"))
    if state.blocked:
        state = read(form(again(""), doors="quad"))
    after = configured(state)
    said = {moved.name for moved in view_moved(fridge(), TEXTS, state, after)}
    really = {
        TEXTS.feature(name)
        for name, value in state.prefer.items()
        if value != after.selection[name] and name != "doors"
    }
    assert said == really
    assert said


def test_an_old_link_says_what_does_not_fit_any_more() -> None:
    state = read("width=w600&doors=french&by=width,doors")
    [moved] = [
        m for m in view_moved(fridge(), TEXTS, state, configured(state)) if m.name == "Width"
    ]
    assert (moved.before, moved.after) == ("60 cm", "75 cm")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "height=1823",
            "Height goes in steps of 50 mm: 1,800 and 1,850 are possible, “1823” is not.",
        ),
        ("height=5", "Height goes from 1,500 to 2,000 mm; “5” lies outside."),
        ("height=tall", "Height: “tall” is not a whole number."),
        ("width=w9", "Width: “w9” is not offered any more."),
        ("engraving_text=" + "x" * 21, "Text: at most 20 characters fit."),
    ],
)
def test_a_refused_answer_is_explained_to_people(address: str, sentence: str) -> None:
    [error] = read(address).refused
    with translation.override("en"):
        assert refused_answer(error, fridge().model.by_id[error.feature], TEXTS) == sentence


def test_leaving_something_out_is_an_answer_too() -> None:
    [water] = [
        f
        for g in view_groups(fridge(), TEXTS, configured(read("water=tank&by=water")))
        for f in g.features
        if f.id == "water"
    ]
    [none] = [option for option in water.options if option.id == NONE]
    assert not none.is_blocked
    assert none.change is not None
    assert none.change < 0


@pytest.mark.parametrize(
    ("language", "lengths"),
    [("en", ["700 mm", "1,850 mm"]), ("ar", ["\u2067700 مم\u2069", "\u20671,850 مم\u2069"])],
)
def test_lengths_beside_the_picture_are_in_the_readers_language(
    language: str, lengths: list[str]
) -> None:
    with translation.override(language):
        picture = elevation(fridge(), TEXTS, configured(read("")).selection, dimensions=True)
    written = [
        one for one in re.findall(r"<text[^>]*>([^<]*)</text>", picture) if re.match(r"\W?\d", one)
    ]
    assert written == lengths
