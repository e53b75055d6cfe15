import re

import pytest
from django.test import Client
from django.urls import reverse

from cosmo.accounts.models import User
from tests.factories.production import make_offer

pytestmark = pytest.mark.django_db


def counted(page: str) -> list[str]:
    return re.findall(r'<span class="count">(\d+)</span>', page)


def test_the_cart_counts_units_of_this_visitor_only(client: Client) -> None:
    offer = make_offer()
    adding = {"product": offer.product.slug, "size": "large"}
    client.post(reverse("orders:add"), adding)
    client.post(reverse("orders:add"), {**adding, "colour": "red"})
    assert counted(client.get("/accounts/login/").content.decode()) == ["2"]
    assert counted(Client().get("/accounts/login/").content.decode()) == []


def test_a_cart_is_one_statement_a_page(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    offer = make_offer()
    client.post(reverse("orders:add"), {"product": offer.product.slug})
    with django_assert_num_queries(2):  # type: ignore[operator]  # the session and the count
        client.get("/accounts/login/")


def test_who_is_signed_in_finds_the_account_and_a_way_out(client: Client) -> None:
    client.force_login(User.objects.create_user("ada@example.org", "a-long-password"))
    page = client.get("/").content.decode()
    assert "ada@example.org" in page
    assert f'action="{reverse("account_logout")}"' in page
    assert reverse("account_login") not in page
