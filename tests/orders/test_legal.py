"""Who sells and what is kept: found from every page, written from what the operator has set."""

from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings as settings_
from django.test import Client

from design.models import Offer
from orders.services.checkout import TERMS_VERSION
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


def test_whoever_changes_the_terms_raises_their_version() -> None:
    text = (settings_.BASE_DIR / "templates/orders/terms.html").read_bytes()
    known = {"2026-12.2": "9122b019daf2e18a"}
    assert known[TERMS_VERSION] == sha256(text).hexdigest()[:16], "write it down with a new version"


def test_who_sells_nothing_is_not_named(client: Client, settings: Any) -> None:
    settings.COSMO_SELLER = ["2 Loom Street"]
    page = client.get("/imprint/").content.decode()
    assert "<address>2 Loom Street</address>" in page
