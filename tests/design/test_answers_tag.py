"""What is written once for many shoppers is what would be written for each of them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from design.selectors.answers import FeatureView, OptionView
from design.selectors.refusals import RefusedView
from design.templatetags import answers as module
from design.templatetags.answers import answers
from tests.factories.production import make_offer

OAK = OptionView("oak", "Oak & ash", "", False, False, Decimal("12.50"), "", 2)
FEATURE = FeatureView(
    id="wood",
    name="Wood",
    help="",
    kind="choice",
    answer="Pine",
    options=(
        OptionView("pine", "Pine", "", True, False, None, ""),
        OAK,
        replace(OAK, id="elm", change=Decimal(0), days=None),
        replace(OAK, id="yew", is_blocked=True, change=None, days=None),
    ),
    value="",
    max_length=0,
    is_missing=False,
)


def written(feature: FeatureView) -> list[str]:
    """The answers as the page has them, one after the other, without blank space around them."""
    return [" ".join(part.split()) for part in answers(feature, "EUR").split("</label>")]


def test_every_answer_has_its_own_effect() -> None:
    pine, oak, elm, yew, _end = written(FEATURE)
    assert "choice-effect" not in pine
    assert "Oak &amp; ash" in oak
    assert "+\u2060€12.50" in oak
    assert "+2 days" in oak
    assert "same price" in elm
    assert "days" not in elm
    assert "Why not?" in yew
    assert "price" not in yew
    colours = tuple(replace(one, colour="#aabbcc") for one in FEATURE.options)
    _, swatch, free, *_ = written(replace(FEATURE, options=colours))
    assert '<span class="swatch-effect">+\u2060€12.50</span>' in swatch
    assert "swatch-effect" not in free


def test_another_price_day_or_language_is_written_anew() -> None:
    before = written(FEATURE)
    dearer = (FEATURE.options[0], replace(OAK, change=Decimal("99.00"), days=-1))
    after = written(replace(FEATURE, options=(*dearer, *FEATURE.options[2:])))
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        *(True, False),
        *(True, True, True),
    ]
    assert "+\u2060€99.00" in after[1]
    assert "1 day sooner" in after[1]
    with translation.override("zh-hans"):
        assert "为什么不行？" in written(FEATURE)[3]
    assert written(FEATURE) == before


def test_no_gap_is_left_and_none_is_needed_where_nothing_can_be_chosen() -> None:
    assert module.GAP not in answers(FEATURE, "EUR")
    text = replace(FEATURE, kind="text", options=(), value=f"a{module.GAP}b", max_length=9)
    alone = render_to_string("design/partials/feature.html", {"feature": text})
    assert answers(text, "EUR") == alone


def test_what_goes_along_is_named_and_written_anew() -> None:
    before = written(FEATURE)
    one = (FEATURE.options[0], replace(OAK, along=("Legs & feet",)))
    after = written(replace(FEATURE, options=(*one, *FEATURE.options[2:])))
    assert "changes" not in before[1]
    assert "changes Legs &amp; feet<" in after[1]
    more = (FEATURE.options[0], replace(OAK, along=("Legs", "Seat", "Back")))
    after = written(replace(FEATURE, options=(*more, *FEATURE.options[2:])))
    assert "changes Legs and 2 more<" in after[1]
    free = replace(OAK, change=Decimal(0), days=None, along=("Legs",), colour="#aabbcc")
    pine = replace(FEATURE.options[0], colour="#ddbb88")
    after = written(replace(FEATURE, options=(pine, free)))  # a colour, for the same price
    assert "swatch-name" in after[1]
    assert "changes Legs<" in after[1]
    assert "changes" not in after[0]


@pytest.mark.parametrize("told", ["", "wood", "glue"])
def test_a_question_is_written_once_only_while_nothing_is_told(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class View:
        told: frozenset[str] = frozenset()
        refused: tuple[RefusedView, ...] = ()

    view = View()
    view.told = frozenset({told})
    view.refused = (RefusedView(told, "No such glue."),)
    inner = replace(FEATURE, id="glue", name="Glue")
    page = Template("{% load answers %}{% question feature %}")
    facts = {"view": view, "currency": "EUR", "feature": replace(FEATURE, inside=(inner,))}
    shown = page.render(Context(facts))
    assert shown.count('class="stack gap-3 studio-feature"') == 2
    assert ('id="refused-' in shown) is bool(told)
    if told:
        assert f'id="refused-{told}"' in shown
    monkeypatch.setattr(module, "render_to_string", None)  # it is known by now, or not looked up
    assert page.render(Context(facts)) == shown


@pytest.mark.django_db
def test_a_text_with_a_sign_no_database_takes_is_answered(client: Client) -> None:
    make_offer()
    page = client.get("/products/stool/studio/", {"engraving": "a\0b", "by": "engraving"})
    assert page.status_code == 200
