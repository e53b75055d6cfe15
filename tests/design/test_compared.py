"""Designs side by side: questions are matched by product and id, whatever they are called."""

import re
from typing import Any

import pytest
from django.test import Client

from design.models import Offer
from design.services.catalogue import publish_product
from tests.factories.documents import OFFER
from tests.factories.orders import make_revision
from tests.factories.production import make_factory

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")
BENCH = {"product": "bench", "gtin": "9521234500032", "serial_prefix": "BE"}


def words(language: str, name: str, size: str, colour: str, **options: str) -> dict[str, Any]:
    shown = {option: {"name": said} for option, said in options.items()}
    features = {"size": {"name": size}, "colour": {"name": colour, "options": shown}}
    return {
        "format": "cosmo-texts/1",
        "language": language,
        "product": {"name": name, "tagline": name, "description": name},
        "features": features,
    }


# English has one word for what Chinese tells apart: two questions, two products, two colours.
STOOL_WORDS = {
    "en": words("en", "Stool", "Look", "Look", white="Plain", black="Plain"),
    "zh-hans": words("zh-hans", "凳子", "尺寸", "颜色", white="白色", black="黑色"),
}
BENCH_WORDS = {
    "en": words("en", "Bench", "Look", "Colour"),
    "zh-hans": words("zh-hans", "长凳", "大小", "漆色"),
}


@pytest.fixture
def stool() -> Offer:
    return publish_product(
        organisation=make_factory(), offer_document=OFFER, texts=STOOL_WORDS
    ).offer


@pytest.fixture
def bench() -> Offer:
    return publish_product(
        organisation=make_factory(), offer_document={**OFFER, **BENCH}, texts=BENCH_WORDS
    ).offer


def save(offer: Offer, **choices: str) -> str:
    return make_revision(offer, **choices).design.code


def open_in(client: Client, language: str, *codes: str, more: str = "") -> str:
    client.cookies["django_language"] = language
    query = "&".join(f"d={code}" for code in codes)
    return client.get(f"/compare/?{query}{more}").content.decode()


def tables(page: str) -> list[tuple[list[str], int]]:
    """Of each table: the names of its rows, and how many of them differ."""
    found = re.findall(r'<table class="compare.*?</table>', page, re.DOTALL)
    return [
        (re.findall(r'<th scope="row">(.*?)</th>', one), one.count('class="is-different"'))
        for one in found
    ]


def test_questions_of_one_name_are_two_rows_in_every_language(client: Client, stool: Offer) -> None:
    codes = save(stool, size="large", colour="black"), save(stool)
    shown = {language: tables(open_in(client, language, *codes)) for language in LANGUAGES}
    [(english, differ)] = shown["en"]
    assert english[2:] == ["Look", "Look"]  # after price and day
    assert differ == 2  # black and white, though both are called plain
    [(chinese, differ)] = shown["zh-hans"]
    assert chinese[2:] == ["尺寸", "颜色"]
    assert differ == 2


def test_products_stand_by_themselves_and_share_price_day_and_size(
    client: Client, stool: Offer, bench: Offer
) -> None:
    codes = save(stool, size="large"), save(bench), save(stool, colour="black")
    page = open_in(client, "en", *codes)
    assert tables(page) == [
        (["Price", "With you on", "Width × height × depth"], 0),
        (["Look", "Look"], 2),
        (["Look", "Colour"], 0),  # a bench alone differs from nothing
    ]
    assert page.count("450 × 450 × 300 mm") == 1
    assert page.count("300 × 450 × 300 mm") == 2
    assert re.findall(r'<h2 id="group-(\w+)">(\w+)</h2>', page) == [
        ("stool", "Stool"),
        ("bench", "Bench"),
    ]
    counts = [[len(rows) for rows, _ in tables(open_in(client, one, *codes))] for one in LANGUAGES]
    assert counts == [[3, 2, 2], [3, 2, 2]]


def test_only_what_differs_leaves_out_a_design_that_is_alone(
    client: Client, stool: Offer, bench: Offer
) -> None:
    codes = save(stool, size="large"), save(bench), save(stool)
    assert [len(rows) for rows, _ in tables(open_in(client, "en", *codes, more="&only=1"))] == [
        3,
        1,
    ]
    alone = open_in(client, "en", codes[0], codes[1], more="&only=1")  # nothing lies beside it
    assert 'id="only"' not in alone
    assert [len(rows) for rows, _ in tables(alone)] == [3, 2, 2]
