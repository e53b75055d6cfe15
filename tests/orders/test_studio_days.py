"""What an answer does to the day is what choosing it really does, and the page says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.lib.ports import promise_source
from design.compile import compiled_offer
from design.models import Offer
from design.selectors.studio import StudioView, view_studio
from design.selectors.studio_state import read_state
from design.selectors.texts import texts_in
from tests.factories.production import MONDAY, make_offer, make_plant

pytestmark = pytest.mark.django_db
# A small white stool leaves at 16:00, the last minute that is early enough for today's pick-up.
JUST_IN_TIME = MONDAY + timedelta(hours=7)


@pytest.fixture
def offer() -> Offer:
    return make_offer(make_plant(at=JUST_IN_TIME))


def view(offer: Offer, query: str) -> StudioView:
    compiled = compiled_offer(offer)
    bundle = offer.product.published_texts
    assert bundle is not None
    return view_studio(
        offer, compiled, texts_in(bundle, "en"), read_state(compiled, QueryDict(query))
    )


def day(offer: Offer, **answers: Any) -> Any:
    selection = {"size": "small", "colour": "white", "engraving": "", **answers}
    return promise_source().inquire(offer_id=offer.pk, selection=selection).date


def page(client: Client, offer: Offer, query: str) -> str:
    return client.get(f"{reverse('design:studio', args=['stool'])}?{query}").content.decode()


@pytest.mark.parametrize("query", ["", "size=large&by=size", "size=large&colour=black&by=size"])
def test_every_effect_shown_is_what_the_click_does(offer: Offer, query: str) -> None:
    found = view(offer, query)
    assert found.promise is not None
    now = {
        name: answer
        for name, answer in found.configured.selection.items()
        if isinstance(answer, str)
    }
    shown = 0
    for group in found.groups:
        for feature in group.features:
            for option in feature.options:
                if option.is_chosen:
                    continue
                shown += 1
                after = day(offer, **{**now, feature.id: option.id})
                assert option.days == (after - found.promise.date).days
    assert shown == 3


def test_what_is_later_and_what_is_sooner_is_written_at_the_answer(
    client: Client, offer: Offer
) -> None:
    assert "+1 day" in page(client, offer, "")
    large = page(client, offer, "size=large&by=size")
    assert "1 day sooner" in large
    assert "Sooner, or cheaper?" in large
    assert "Sooner, or cheaper?" not in page(
        client, offer, "size=large&colour=black&by=size,colour"
    )


def test_alternatives_lead_to_where_they_say(offer: Offer) -> None:
    found = view(offer, "size=large&by=size")
    assert {(one.days, one.is_sooner) for one in found.alternatives} == {(-1, True)}
    assert len({one.feature for one in found.alternatives}) == len(found.alternatives) == 2
    for one in found.alternatives:
        there = view(offer, one.address)
        assert there.promise is not None
        assert found.promise is not None
        assert (there.promise.date - found.promise.date).days == one.days


def test_a_click_takes_at_most_six_statements_whatever_the_answers(
    client: Client,
    offer: Offer,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # what a process keeps, it keeps now
        page(client, offer, "")
    with CaptureQueriesContext(connection) as asked:
        page(client, offer, "size=large&by=size")
    statements = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 6, statements


def test_a_product_nobody_makes_is_shown_without_days(client: Client) -> None:
    make_offer()
    found = page(client, Offer.objects.get(), "")
    assert "sooner" not in found
    assert "+1 day" not in found
