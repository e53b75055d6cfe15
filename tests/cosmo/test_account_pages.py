"""Every page django-allauth can show here stands in our frame and in our words."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cosmo.accounts.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db

ENTRANCE = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
)
MANAGE = ("account_email", "account_change_password", "account_logout", "account_reauthenticate")
PASSWORD = "a-long-enough-password"


@pytest.fixture
def ada(client: Client) -> User:
    user = User.objects.create_user("ada@example.org", PASSWORD)
    client.force_login(user)
    return user


def assert_dressed(page: str) -> None:
    assert 'class="site-header"' in page
    assert len(re.findall("<h1", page)) == 1
    assert "style=" not in page


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_pages_stand_in_the_frame(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_dressed(response.content.decode())


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", MANAGE)
def test_account_pages_stand_in_the_frame(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_dressed(response.content.decode())


def test_a_wrong_password_is_said_beside_the_form(client: Client) -> None:
    User.objects.create_user("ada@example.org", PASSWORD)
    answer = client.post(
        reverse("account_login"), {"login": "ada@example.org", "password": "not-hers-at-all"}
    )
    assert answer.status_code == 200
    assert 'class="notice notice-bad" role="alert"' in answer.content.decode()


def test_signing_up_sends_a_mail_in_our_words_whose_link_confirms(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    [message] = mail.outbox
    assert message.subject.endswith("Is this your e-mail address?")
    assert "Hello," in message.body
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(message.body))
    assert link is not None
    page = client.get(link[1]).content.decode()
    assert "Is ada@example.org your address?" in page
    assert_dressed(page)


def test_a_used_reset_link_offers_a_new_one(client: Client) -> None:
    address = reverse("account_reset_password_from_key", args=["1", "set-password"])
    page = client.get(address).content.decode()
    assert "This link does not work any more" in page
    assert reverse("account_reset_password") in page


@pytest.mark.parametrize(
    ("role", "entrance"),
    [
        (None, "/account/"),
        ("planner", "/planner/"),
        ("operator", "/operator/"),
        ("author", "/author/"),
        ("partner", "/api/v1/docs/"),
        ("administrator", "/account/"),
    ],
)
def test_everybody_begins_where_their_work_is(
    client: Client, role: str | None, entrance: str
) -> None:
    user = User.objects.create_user("ada@example.org", PASSWORD)
    if role:
        organisation = Organisation.objects.create(slug="plant", name="Plant")
        Membership.objects.create(user=user, organisation=organisation, role=role)
    entry = {"login": "ada@example.org", "password": PASSWORD}
    assert client.post(reverse("account_login"), entry)["Location"] == entrance
    client.logout()
    followed = client.post(reverse("account_login"), {**entry, "next": "/cart/"})
    assert followed["Location"] == "/cart/"


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_email"]
)
def test_an_address_of_mail_has_one_name_everywhere(client: Client, name: str) -> None:
    if name == "account_email":
        client.force_login(User.objects.create_user("ada@example.org", PASSWORD))
    page = client.get(reverse(name)).content.decode()
    labels = [
        re.sub(r"\s+", " ", one).strip() for one in re.findall(r"<label for[^>]*>([^<]*)", page)
    ]
    assert "E-mail" in labels
    assert "Email" not in labels
