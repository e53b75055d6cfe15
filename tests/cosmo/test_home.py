import pytest
from django.test import Client
from django.urls import reverse

from cosmo.showcase import showcase_of
from tests.factories.documents import OFFER
from tests.factories.production import make_offer, make_plant

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


COLOURS = {"white": "#ffffff", "black": "#111111", "red": "#aa2222"}


def test_a_colour_is_tried_by_a_plain_link_and_by_a_fragment(client: Client) -> None:
    materials = {name: {"colour": colour, "finish": "matt"} for name, colour in COLOURS.items()}
    shape = {**OFFER["shape"], "materials": {**OFFER["shape"]["materials"], **materials}}
    offer = make_offer(make_plant(), shape=shape)
    page = client.get("/").content.decode()
    assert 'href="/?stool=black#touch-stool"' in page
    tried = showcase_of(offer.product, "en", "black")
    assert (tried.answer, tried.answer_name) == ("black", "black")
    assert "colour=black" in tried.tried.address
    assert tried.promise_date is not None
    whole = client.get("/?stool=black").content.decode()
    alone = client.get("/?stool=black&only=stool", headers={"HX-Request": "true"}).content.decode()
    for text in (whole, alone):
        assert f'href="{tried.tried.address}"'.replace("&", "&amp;") in text
    assert "<html" in whole
    assert "<html" not in alone
    assert (
        showcase_of(offer.product, "en", "<script>").answer
        == showcase_of(offer.product, "en").answer
    )


def test_without_capacity_home_says_why_there_is_no_day(client: Client) -> None:
    make_offer()
    assert "No plant makes this product at the moment" in client.get("/").content.decode()


def test_a_visitor_costs_few_statements(
    client: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    """One for the products, and what the factory is asked for the day of each."""
    make_offer(make_plant())
    client.get("/")
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/")
