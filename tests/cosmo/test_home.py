import pytest
from django.test import Client
from django.urls import reverse

from cosmo.showcase import showcase_of
from tests.factories.documents import OFFER
from tests.factories.production import make_offer

pytestmark = pytest.mark.django_db


def test_home_shows_the_product_and_leads_into_its_studio(client: Client) -> None:
    offer = make_offer()
    page = client.get("/").content.decode()
    assert page.count("<svg") > 1
    assert reverse("design:studio", args=[offer.product.slug]) in page


def test_without_a_product_home_says_so(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "No product is on offer yet" in response.content.decode()


def test_presets_become_looks_that_open_their_choices() -> None:
    presets = [
        {"id": "plain", "choices": {}},
        {"id": "big", "choices": {"size": "large", "colour": "red"}},
    ]
    offer = make_offer(presets=presets)
    looks = showcase_of(offer.product, "en").looks
    studio = reverse("design:studio", args=[offer.product.slug])
    assert [look.address for look in looks] == [
        studio,
        f"{studio}?size=large&colour=red&by=size%2Ccolour",
    ]


def test_at_most_three_looks_stand_on_the_stage() -> None:
    presets = [{"id": f"p{n}", "choices": {"size": "large"}} for n in range(5)]
    assert len(showcase_of(make_offer(presets=presets).product, "en").looks) == 3


def test_a_product_without_presets_shows_its_default() -> None:
    offer = make_offer()
    [look] = showcase_of(offer.product, "en").looks
    assert look.total == int(OFFER["price"]["base"])
    assert "?" not in look.address


def test_a_visitor_costs_one_statement(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    make_offer()
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/")
