"""Partners with programs and tokens, and what they send."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client
from oauth2_provider.models import AccessToken

from cosmo.accounts.models import ApiClient, Organisation
from cosmo.lib.clock import real_now

SECRET = "the-program's-secret"
ALL_SCOPES = "offers:read designs:write orders:read orders:write stock:read"
DELIVER_TO = {
    "email": "ada@example.org",
    "name": "Ada",
    "street": "1 Loom Street",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
numbers = count(1)


def make_program(slug: str = "partner", *, scopes: str = ALL_SCOPES) -> ApiClient:
    """A partner's program; the partner is made with it."""
    partner = Organisation.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]
    program: ApiClient = ApiClient.objects.create(
        organisation=partner,
        name=f"{slug}'s program",
        client_id=f"{slug}-{next(numbers)}",
        client_secret=SECRET,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        scopes=scopes,
    )
    return program


def make_token(program: ApiClient, *, scopes: str = "", lasts_s: int = 3600) -> str:
    token = f"token-{next(numbers)}"
    AccessToken.objects.create(
        application=program,
        token=token,
        scope=scopes or program.scopes,
        expires=real_now() + timedelta(seconds=lasts_s),
    )
    return token


@dataclass(slots=True)
class Api:
    """A partner's program calling: JSON out, JSON in."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self._at(path), query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = "new") -> Any:
        """``key``: "new" takes one of its own, None sends none."""
        text = body if isinstance(body, str | bytes) else json.dumps(body or {})
        headers = self._headers()
        if key is not None:
            headers["Idempotency-Key"] = f"key-{next(numbers)}" if key == "new" else key
        return self.client.post(
            self._at(path), text, content_type="application/json", headers=headers
        )

    def save_design(self, **choices: Any) -> str:
        answer = self.post("designs/", {"product": "stool", "choices": choices})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["code"])

    def order(self, *, key: str | None = "new", design: str = "", **changes: Any) -> Any:
        return self.post("orders/", order_body(design or self.save_design(), **changes), key=key)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @staticmethod
    def _at(path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/{path}"


def order_body(design: str, **changes: Any) -> dict[str, Any]:
    return {
        "lines": [{"design": design, "quantity": 1}],
        "deliver_to": DELIVER_TO,
        "accepts_terms": True,
        **changes,
    }


def make_api(slug: str = "partner", *, scopes: str = ALL_SCOPES) -> Api:
    """A program of ``slug`` with a token."""
    return Api(token=make_token(make_program(slug, scopes=scopes)))


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The answer refuses as RFC 9457 says, with our code and the chain id of this call."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    if "Idempotent-Replayed" not in answer.headers:
        assert body["chain_id"] == answer.headers["X-Chain-Id"]
    return body
