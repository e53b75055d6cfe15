"""What authors see of their own products, and nobody else of them."""

import pytest
from django.test import Client
from django.urls import reverse

from cosmo.accounts.models import Membership, Organisation, User
from cosmo.accounts.roles import Role
from design.selectors.authoring import products_of_author
from design.selectors.take_rate import taken_options
from design.selectors.texts import ProductTexts
from design.services.catalogue import publish_product
from tests.factories.documents import OFFER, TEXTS
from tests.factories.production import make_factory, make_offer

pytestmark = pytest.mark.django_db
PAGE = "/author/"


def sign_in(client: Client, role: Role | None, slug: str = "factory") -> User:
    user = User.objects.create_user(f"{role or 'nobody'}@example.org")
    if role is not None:
        Membership.objects.create(user=user, organisation=make_factory(slug), role=role)
    client.force_login(user)
    return user


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/author/"


@pytest.mark.parametrize("role", [None, Role.PLANNER, Role.OPERATOR, Role.PARTNER])
def test_others_are_turned_away(client: Client, role: Role | None) -> None:
    make_offer()
    sign_in(client, role)
    response = client.get(PAGE)
    assert response.status_code == 403
    assert b"9521234500028" not in response.content


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ADMINISTRATOR])
def test_authors_see_their_products_and_how_to_publish(client: Client, role: Role) -> None:
    make_offer()
    sign_in(client, role)
    page = client.get(PAGE).content.decode()
    assert reverse("design:product", args=["stool"]) in page
    assert "manage.py load_catalogue" in page


def test_a_foreign_author_sees_none_of_it(client: Client) -> None:
    make_offer()
    sign_in(client, Role.AUTHOR, "elsewhere")
    page = client.get(PAGE).content.decode()
    assert "stool" not in page
    assert "Nothing is published yet" in page


def test_the_counts_are_those_of_the_document(client: Client) -> None:
    make_offer()
    [shown] = products_of_author(sign_in(client, Role.AUTHOR), "en")
    assert (shown.features, shown.options, shown.rules, shown.parts) == (3, 5, 0, 1)
    assert [offer.number for offer in shown.offers] == [1]


def test_cover_counts_every_name_a_customer_meets() -> None:
    spoken = {
        **TEXTS["en"],
        "groups": {"body": "Body"},
        "features": {"size": {"name": "Size", "options": {"small": {"name": "Small"}}}},
    }
    publish_product(
        organisation=make_factory(), offer_document=OFFER, texts={"en": spoken, **_other()}
    )
    user = User.objects.create_user("ada@example.org")
    Membership.objects.create(user=user, organisation=make_factory(), role=Role.AUTHOR)
    [shown] = products_of_author(user, "en")
    # 1 group, 3 features, 2 + 3 options
    assert [(c.code, c.named, c.needed) for c in shown.languages] == [("en", 3, 9), ("fr", 0, 9)]
    assert shown.languages[0].percent == 33


def _other() -> dict[str, dict[str, object]]:
    return {"fr": {**TEXTS["en"], "language": "fr"}}


def test_products_cost_two_statements(django_assert_num_queries: pytest.FixtureRequest) -> None:
    make_offer()
    user = User.objects.create_user("ada@example.org")
    Membership.objects.create(
        user=user, organisation=Organisation.objects.get(slug="factory"), role=Role.AUTHOR
    )
    with django_assert_num_queries(2):  # type: ignore[operator]
        products_of_author(user, "en")


def test_what_is_inside_a_component_is_counted() -> None:
    inner = [
        {
            "id": "count",
            "kind": "parameter",
            "unit": "",
            "min": 1,
            "max": 3,
            "step": 1,
            "default": 1,
        },
        {"id": "front", "kind": "choice", "default": "plain", "options": [{"id": "plain"}]},
    ]
    drawer = {
        "id": "drawer",
        "group": OFFER["features"][0]["group"],
        "kind": "component",
        "optional": True,
        "default": "none",
        "features": inner,
        "rules": [{"id": "D1", "when": "count == 3", "then": "front == 'plain'"}],
    }
    offer = {**OFFER, "features": [*OFFER["features"], drawer]}
    publish_product(organisation=make_factory(), offer_document=offer, texts=TEXTS)
    user = User.objects.create_user("ada@example.org")
    Membership.objects.create(user=user, organisation=make_factory(), role=Role.AUTHOR)
    [shown] = products_of_author(user, "en")
    # drawer, its two features; fitted, none, plain, and what the inner choice is without a drawer
    assert (shown.features, shown.rules) == (6, 1)
    assert shown.options == 5 + 2 + 2
    _, taken = taken_options(shown.product, ProductTexts(chosen={}, fallback={}))
    assert [one.feature for one in taken] == ["size", "colour", "drawer", "drawer_front"]
