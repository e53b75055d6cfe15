"""The address is the whole state: read again it says the same, and nothing hostile breaks it."""

import random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design.rules import Feature
from design.selectors.studio_state import anyway_address, read_state
from tests.design.fridge import (
    again,
    configured,
    engraved_stool,
    form,
    fridge,
    read,
    selection_at,
)

FEATURES = fridge().model.features
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answers_of(feature: Feature) -> st.SearchStrategy[list[str]]:
    if feature.kind == "text":
        return st.sampled_from([[""], ["Anna"], ["始于 2026"], ["Zoë & Ⅳ + 1%"]])
    if feature.kind == "multi":
        options = st.lists(st.sampled_from(feature.option_ids), unique=True, max_size=3)
        return options.map(lambda chosen: chosen or [""])
    return st.sampled_from(feature.domain).map(lambda value: [str(value)])


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """Any combination of possible answers, most of which do not go together."""
    chosen = draw(st.lists(st.sampled_from(FEATURES), unique_by=lambda f: f.id, max_size=8))
    pairs = [(f.id, value) for f in chosen for value in draw(answers_of(f))]
    if draw(st.booleans()):
        pairs.append(("by", ",".join(f.id for f in chosen[::2])))
    return urlencode(pairs)


@quick
@given(addresses())
def test_an_address_read_and_written_again_says_the_same(address: str) -> None:
    once = again(address)
    assert again(once) == once
    assert configured(read(once)).selection == configured(read(address)).selection
    assert configured(read(once)).choices == configured(read(address)).choices


@quick
@given(addresses())
def test_a_form_sent_without_a_change_changes_nothing(address: str) -> None:
    state = read(form(address))
    assert state.changed == ()
    assert state.blocked == ()
    assert state.choices == configured(read(again(address))).choices


def test_a_form_with_one_answer_changed_equals_the_answer_added_to_the_address() -> None:
    state = read(form("width=w830&by=width", colour="midnight"))
    assert list(state.choices) == ["width", "colour"]
    assert state.changed == ("colour",)
    assert state.before == again("width=w830&by=width")
    assert configured(state).selection == selection_at("width=w830&colour=midnight&by=width,colour")


def test_the_newest_answer_is_the_last_in_the_list_of_givers() -> None:
    after = again(form("width=w830&colour=sage&by=width,colour", width="w910"))
    assert QueryDict(after)["by"] == "colour,width"


def test_the_boxes_of_a_multi_select_come_with_a_marker() -> None:
    assert read(form("", interior=("crisper", "wine"))).choices == {"interior": ("crisper", "wine")}
    emptied = read(form("", interior=()))
    assert emptied.choices == {"interior": ()}
    assert emptied.refused == ()
    assert selection_at(again(form("", interior=())))["interior"] == ()


def test_a_blocked_answer_leaves_the_state_and_says_why() -> None:
    state = read(form("width=w600&by=width", doors="french"))
    assert state.choices == {"width": "w600"}
    assert state.changed == ()
    [blocked] = state.blocked
    assert (blocked.feature, blocked.option) == ("doors", "french")
    assert blocked.conflict is not None
    assert [c.feature for c in blocked.conflict.choices] == ["width"]
    assert blocked.given_up == ("width",)


def test_choosing_anyway_keeps_the_newest_and_remembers_the_way_back() -> None:
    start = again("width=w600&by=width")
    [blocked] = read(form(start, doors="french")).blocked
    state = read(anyway_address(start, fridge().model.by_id[blocked.feature], blocked))
    assert state.choices == {"doors": "french"}
    assert state.before == start
    assert configured(state).selection["doors"] == "french"


def test_what_does_not_go_together_in_an_address_keeps_the_newest() -> None:
    assert read("width=w600&doors=french&by=width,doors").choices == {"doors": "french"}
    assert read("width=w600&doors=french&by=doors,width").choices == {"width": "w600"}


def test_a_text_that_is_still_missing_is_not_in_the_address() -> None:
    stool = engraved_stool()
    address = again("name=front&by=name", stool)
    assert QueryDict(address).dict() == {"name": "front", "by": "name"}
    assert configured(read(address, stool), stool).missing_text == "engraving"
    written = again(form(address, stool, engraving="Anna"), stool)
    assert configured(read(written, stool), stool).missing_text == ""
    assert configured(read(written, stool), stool).selection["engraving"] == "Anna"
    assert QueryDict(written)["by"] == "name,engraving"


def test_a_text_taken_away_is_missing_again_rather_than_refused() -> None:
    stool = engraved_stool()
    written = again("name=front&engraving=Anna&by=name,engraving", stool)
    state = read(form(written, stool, engraving=""), stool)
    assert state.blocked == ()
    assert configured(state, stool).missing_text == "engraving"
    assert configured(state, stool).selection["name"] == "front"


def test_a_text_written_first_brings_its_place_along() -> None:
    stool = engraved_stool()
    state = read(form("", stool, engraving="Anna"), stool)
    assert state.changed == ("engraving",)
    assert configured(state, stool).selection["name"] == "below"


@pytest.mark.parametrize(
    "address",
    [
        "utm_source=mail&ref=1",
        "width=w9999",
        "width=w600&width=w700",
        "width=",
        "height=1823&height=",
        "height=99999999999999999999",
        "height=-1",
        "interior=crisper&interior=crisper&interior=nothing",
        "engraving_text=%00",
        "engraving_text=%ED%A0%80",
        "engraving_text=" + "x" * 3000,
        "engraving_text=%E2%80%AE",
        "by=",
        "by=,,,width,width,nobody",
        "by=" + ",".join(["width"] * 300),
        "was=",
        "was=%3F%26&width=w700",
        "was=was%3Dwas%253Dwas",
        "was=" + "width%3Dw600%26" * 500,
        "was=width%3Dw600&doors=french&anyway=doors",
        "was=&doors=french&anyway=nothing",
        "%00=1&%FF=2",
    ],
)
def test_no_address_breaks_the_studio(address: str) -> None:
    state = read_state(fridge(), QueryDict(address))
    assert fridge().engine.is_valid(state.choices)
    assert fridge().engine.violations(configured(state).selection) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([f.id for f in FEATURES] + ["was", "by", "anyway", "x"]),
            st.text(max_size=12),
        ),
        max_size=12,
    )
)
def test_no_garbage_breaks_the_studio(pairs: list[tuple[str, str]]) -> None:
    address = urlencode(pairs, errors="surrogatepass")
    state = read_state(fridge(), QueryDict(address))
    assert fridge().engine.is_valid(state.choices)


def test_a_refused_answer_names_feature_and_code() -> None:
    state = read("width=w9999&height=1823&interior=nothing")
    assert [(e.feature, e.code) for e in state.refused] == [
        ("width", "unknown_option"),
        ("height", "parameter_between_steps"),
        ("interior", "unknown_option"),
    ]
    assert state.choices == {}


def test_fifty_random_clicks_never_leave_the_possible() -> None:
    chance = random.Random(2026)
    address = ""
    for _ in range(50):
        domains = configured(read(address)).domains
        feature = chance.choice([f for f in FEATURES if f.kind in ("choice", "parameter")])
        option = chance.choice(sorted(domains[feature.id], key=str))
        state = read(form(address, **{feature.id: option}))
        assert state.blocked == ()
        address = again(form(address, **{feature.id: option}))
        assert selection_at(address)[feature.id] == option
