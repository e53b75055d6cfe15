"""The platform's calls to a line."""

from __future__ import annotations

import json
import ssl
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from tests.simulator.fake_platform import KEY
from tests.simulator.line_log import LineLog

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without reading authorities, which is slow


class Caller:
    """Signs by the independent package. ``log`` is what a line of this process logged."""

    def __init__(self, address: str, log: LineLog | None = None) -> None:
        self.log = log or LineLog()
        self.client = httpx.Client(base_url=address, timeout=10.0, trust_env=False, verify=NO_TLS)
        self._count = 0

    def headers(self, body: str, message_id: str = "") -> dict[str, str]:
        self._count += 1
        message_id = message_id or f"call-{self._count}"
        stamp = int(time.time())
        signature = Webhook(KEY).sign(message_id, datetime.fromtimestamp(stamp, UTC), body)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature,
            "content-type": "application/json",
        }

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers=self.headers(""))

    def post(self, path: str, content: Any, *, message_id: str = "", **more: str) -> httpx.Response:
        body = content if isinstance(content, str) else json.dumps(content)
        headers = {**self.headers(body, message_id), **more}
        return self.client.post(path, content=body.encode(), headers=headers)

    def order(self, order: dict[str, Any]) -> httpx.Response:
        return self.post("/joborders", order, **{"idempotency-key": order["job"]})

    def faults(self, **switches: Any) -> dict[str, Any]:
        answer = self.post("/faults", switches)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
