"""Who sells and what is kept: found from every page, written from what the operator has set."""

from typing import Any

import pytest
from django.test import Client

from design.models import Offer
from tests.factories.shop import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    return make_shop()


def test_every_page_leads_there(offer: Offer, client: Client) -> None:
    page = client.get("/").content.decode()
    for address in ("/orders/find/", "/terms/", "/privacy/", "/imprint/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_the_imprint_names_who_sells_and_where_to_write(
    offer: Offer, client: Client, settings: Any
) -> None:
    settings.COSMO_SELLER = ["2 Loom Street", "VAT <ID> 7"]
    settings.DEFAULT_FROM_EMAIL = "The loom <loom@example.org>"
    page = client.get("/imprint/").content.decode()
    assert offer.product.organisation.name in page
    assert "2 Loom Street<br>VAT &lt;ID&gt; 7" in page
    assert 'href="mailto:loom@example.org"' in page
    assert 'href="mailto:loom@example.org"' in client.get("/privacy/").content.decode()


def test_who_sells_nothing_is_not_named(client: Client, settings: Any) -> None:
    settings.COSMO_SELLER = ["2 Loom Street"]
    page = client.get("/imprint/").content.decode()
    assert "<address>2 Loom Street</address>" in page
