"""The line's own calls to the platform: schemas, hello, status, reports."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from typing import Any

import httpx

from simulator.clock import write_time
from simulator.forms import NEEDED, Forms
from simulator.line import Line
from simulator.outbox import Pending
from simulator.signing import Key

VERSION = "cosmo-simulator/1"
JSON = "application/json"
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
TYPE = "cosmo.line.jobresponse.v1"


class Unreached(Exception):
    """The platform was not reached, or did not answer as it should; try again."""

    def __init__(self, status: int | None, text: str) -> None:
        super().__init__(text)
        self.status = status


class Platform:
    """A URL and a key are all that is known of it."""

    def __init__(self, *, url: str, key: Key, client: httpx.AsyncClient) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._client = client

    async def fetch_forms(self) -> Forms:
        """The published schemas that this line needs."""
        schemas = {}
        for name in NEEDED:
            address = f"{self._url}/schemas/line/v1/{name}.schema.json"
            schemas[name] = await self._ask(self._client.build_request("GET", address))
        return Forms(schemas)

    async def hello(self, *, epoch: str, address: str) -> dict[str, Any]:
        body = {"epoch": epoch, "address": address, "version": VERSION}
        return await self._post("hello", body)

    async def status(self, status: dict[str, Any]) -> dict[str, Any]:
        return await self._post("status", status)

    async def report(self, line: Line, batch: list[Pending]) -> None:
        """Return once the platform has stored the whole batch."""
        events = [event_of(line, one) for one in batch]
        # The same reports sent again keep their message id.
        ids = ",".join(event["id"] for event in events)
        message_id = "rep_" + hashlib.sha256(ids.encode()).hexdigest()[:32]
        content: Any = events[0] if len(events) == 1 else events
        form = SINGLE if len(events) == 1 else BATCH
        await self._post("reports", content, message_id=message_id, media_type=form)

    async def _post(
        self, name: str, content: Any, *, message_id: str = "", media_type: str = JSON
    ) -> dict[str, Any]:
        body = json.dumps(content).encode()
        message_id = message_id or "msg_" + secrets.token_hex(12)
        headers = self._key.headers(message_id=message_id, body=body, now=time.time())
        headers["content-type"] = media_type
        address = f"{self._url}/api/line/v1/{name}"
        request = self._client.build_request("POST", address, content=body, headers=headers)
        return await self._ask(request)

    async def _ask(self, request: httpx.Request) -> dict[str, Any]:
        try:
            answer = await self._client.send(request)
        except httpx.HTTPError as error:
            raise Unreached(None, f"{request.url}: {type(error).__name__} {error}") from error
        if not answer.is_success:
            text = f"{request.url}: {answer.status_code} {answer.text[:200]}"
            raise Unreached(answer.status_code, text)
        if not answer.content:
            return {}
        try:
            content = answer.json()
        except ValueError as error:
            raise Unreached(answer.status_code, f"{request.url}: no JSON in the answer") from error
        return content if isinstance(content, dict) else {}


def event_of(line: Line, one: Pending) -> dict[str, Any]:
    """A report as a CloudEvent in structured mode."""
    clock = line.clock
    plant = line.plant_seconds(one.report)
    return {
        "specversion": "1.0",
        "type": TYPE,
        "id": f"{one.report['epoch']}:{one.job}:{one.seq}",
        "source": f"/lines/{line.code}",
        "subject": one.job,
        "time": write_time(clock.real_at(plant) if clock else time.time()),
        "datacontenttype": JSON,
        "chainid": one.chain,
        "data": line.shown(one.report),
    }
