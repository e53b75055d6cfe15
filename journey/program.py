"""A partner's program: a token, calls with a key, and answers that must be what was wanted."""

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx

from journey.pages import JourneyFailed


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise JourneyFailed(otherwise)


class Program:
    """Calls the partner API; every unexpected answer ends the journey with what it was."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1/",
            timeout=20,
            trust_env=False,
            headers={"User-Agent": "cosmo-journey/1"},
        )

    def sign_in(self, client_id: str, client_secret: str) -> str:
        """Take a token by client credentials; its scopes."""
        answer = self._client.post(
            "token/", data={"grant_type": "client_credentials"}, auth=(client_id, client_secret)
        )
        expect(answer.status_code == 200, f"No token: {answer.status_code} {answer.text[:300]}")
        found = answer.json()
        self._client.headers["Authorization"] = f"Bearer {found['access_token']}"
        return str(found["scope"])

    def get(self, path: str, **query: int | str) -> dict[str, Any]:
        return self._read(self._client.get(path, params=query), wanted=200)

    def post(
        self, path: str, body: dict[str, Any], *, wanted: int, key: str = ""
    ) -> dict[str, Any]:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._read(self._client.post(path, json=body, headers=headers), wanted=wanted)

    def configure(self, product: str, choices: dict[str, Any]) -> dict[str, Any]:
        return self.post(f"offers/{product}/configure/", {"choices": choices}, wanted=200)

    def say(self, step: str, detail: str = "", *, plant_time: str = "") -> None:
        now = datetime.now(UTC).strftime("%H:%M:%S")
        plant = plant_time[:16].replace("T", " ")
        print(f"{now}  {plant:<16}  {step:<14} {detail}", flush=True)

    def _read(self, answer: httpx.Response, *, wanted: int) -> dict[str, Any]:
        call = f"{answer.request.method} {answer.request.url.path}"
        expect(
            answer.status_code == wanted,
            f"{call} answered {answer.status_code}, not {wanted}: {answer.text[:400]}",
        )
        found = answer.json()
        expect(isinstance(found, dict), f"{call} answered no object.")
        return dict(found)
