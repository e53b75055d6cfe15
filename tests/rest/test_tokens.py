"""Tokens by client credentials, and what each scope opens."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from oauth2_provider.models import AccessToken

from cosmo.accounts.models import ApiClient, Membership, User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from cosmo.lib.rest.throttle import TokenThrottle
from cosmo.tasks import forget_tokens
from tests.factories.partners import SECRET, Api, assert_problem, make_program, make_token

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-4000-8000-000000000000"
CALLS: list[tuple[str, str, str]] = [
    ("GET", "offers/", "offers:read"),
    ("GET", "offers/stool/", "offers:read"),
    ("POST", "offers/stool/configure/", "offers:read"),
    ("GET", "designs/", "orders:read"),
    ("POST", "designs/", "designs:write"),
    ("GET", "designs/x/", "orders:read"),
    ("GET", "orders/", "orders:read"),
    ("POST", "orders/", "orders:write"),
    ("GET", f"orders/{NOBODY}/", "orders:read"),
    ("POST", f"orders/{NOBODY}/cancel/", "orders:write"),
    ("GET", "units/", "orders:read"),
    ("GET", f"units/{NOBODY}/", "orders:read"),
    ("GET", f"units/{NOBODY}/events/", "orders:read"),
    ("GET", "stocks/", "stock:read"),
]
SCOPES = ("offers:read", "designs:write", "orders:read", "orders:write", "stock:read")


def ask(program: ApiClient, secret: str = SECRET, **extra: str) -> Any:
    form = {"grant_type": "client_credentials", **extra}
    pair = base64.b64encode(f"{program.client_id}:{secret}".encode()).decode()
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)  # as from outside
    return client.post("/api/v1/token/", form, headers={"Authorization": f"Basic {pair}"})


def call(api: Api, method: str, path: str) -> Any:
    return api.get(path) if method == "GET" else api.post(path)


def test_client_credentials_get_a_token_that_opens_what_was_given() -> None:
    program = make_program(scopes="offers:read orders:read")
    found = ask(program).json()
    assert found["token_type"] == "Bearer"
    assert found["expires_in"] == 3600
    assert sorted(found["scope"].split()) == ["offers:read", "orders:read"]
    assert "refresh_token" not in found
    api = Api(token=found["access_token"])
    assert api.get("orders/").status_code == 200
    assert_problem(api.order(design="x"), 403, "scope_missing")


def test_the_secret_is_stored_hashed() -> None:
    program = make_program()
    assert SECRET not in ApiClient.objects.get(pk=program.pk).client_secret


def test_a_token_is_stored_hashed() -> None:
    token = ask(make_program()).json()["access_token"]
    [stored] = AccessToken.objects.all()
    assert token not in (stored.token, stored.token_checksum)


def test_a_program_may_ask_for_less_but_not_for_more() -> None:
    program = make_program(scopes="offers:read orders:read")
    assert ask(program, scope="offers:read").json()["scope"] == "offers:read"
    refused = ask(program, scope="orders:write")
    assert refused.status_code == 400
    assert refused.json()["error"] == "invalid_scope"


@pytest.mark.parametrize("secret", ["", "wrong", "a" * 5000, "null\x00byte", "pass\U0001f600"])
def test_a_wrong_secret_gets_nothing(secret: str) -> None:
    refused = ask(make_program(), secret)
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password", "username": "a", "password": "b"},
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "client_credentials", "client_id": "nobody", "client_secret": "x"},
        {"grant_type": "client_credentials", "client_id": "a\x00b", "client_secret": "x"},
        {"grant_type": "client_credentials", "client_id": "a" * 10_000, "client_secret": "x"},
    ],
)
def test_hostile_token_requests_are_refused(form: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/api/v1/token/", form).status_code in (400, 401)


def test_a_person_signed_in_is_no_program(client: Client) -> None:
    person = User.objects.create_user("ada@example.org", "x")
    organisation = make_program().organisation
    Membership.objects.create(user=person, organisation=organisation, role=Role.PARTNER)
    client.force_login(person)
    assert client.get("/api/v1/token/").status_code == 405
    assert_problem(client.get("/api/v1/orders/"), 401, "not_authenticated")


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 5000, "null\x00byte", "a b", '"'])
def test_without_a_valid_token_nothing_is_open(token: str) -> None:
    for method, path, _ in CALLS:
        answer = call(Api(token=token), method, path)
        assert_problem(answer, 401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_in_the_address_or_the_body_is_none(client: Client) -> None:
    token = make_token(make_program())
    assert_problem(client.get(f"/api/v1/offers/?access_token={token}"), 401, "not_authenticated")
    body = {"access_token": token}
    assert_problem(client.post("/api/v1/designs/", body), 401, "not_authenticated")


def test_a_stranger_is_refused_before_the_body_is_read(client: Client) -> None:
    answer = client.post("/api/v1/designs/", "{", content_type="application/json")
    assert_problem(answer, 401, "not_authenticated")


def test_an_expired_token_opens_nothing() -> None:
    api = Api(token=make_token(make_program(), lasts_s=-1))
    assert_problem(api.get("offers/"), 401, "not_authenticated")


@pytest.mark.parametrize("given", SCOPES)
def test_a_scope_opens_its_own_calls_only(given: str) -> None:
    api = Api(token=make_token(make_program(), scopes=given))
    for method, path, needed in CALLS:
        answer = call(api, method, path)
        if needed == given:
            assert answer.status_code not in (401, 403), path
        else:
            problem = assert_problem(answer, 403, "scope_missing")
            assert needed in problem["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_allowed(method: str) -> None:
    token = make_token(make_program())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    for path in dict.fromkeys(path for _, path, _ in CALLS):
        answer = client.generic(method.upper(), f"/api/v1/{path}")
        assert_problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"]


def test_one_address_may_ask_for_so_many_tokens_a_minute(clean_valkey: None) -> None:
    program = make_program()
    before = TokenThrottle.THROTTLE_RATES
    TokenThrottle.THROTTLE_RATES = {"token": "3/min"}
    try:
        tries = [ask(program, "guess").status_code for _ in range(3)]
        refused = ask(program)
    finally:
        TokenThrottle.THROTTLE_RATES = before
    assert tries == [401, 401, 401]
    assert_problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert not AccessToken.objects.exists()


def test_tokens_are_given_while_valkey_is_away(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert ask(make_program()).status_code == 200


def test_tokens_that_ended_are_deleted_every_day() -> None:
    ended = ask(make_program()).json()
    AccessToken.objects.update(expires=real_now() - timedelta(seconds=1))
    lasting = ask(make_program("another-partner")).json()["access_token"]
    assert ended["access_token"]
    forget_tokens()
    assert AccessToken.objects.count() == 1
    assert Api(token=lasting).get("offers/").status_code == 200
    entry = settings.CELERY_BEAT_SCHEDULE["forget-tokens"]
    assert (entry["task"], str(entry["schedule"])) == (
        "cosmo.forget_tokens",
        "<crontab: 20 2 * * * (m/h/dM/MY/d)>",
    )
