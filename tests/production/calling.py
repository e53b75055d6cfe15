"""Calls as a line makes them, signed by the independent package of Standard Webhooks."""

import hashlib
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from standardwebhooks import Webhook

from production.models import Line

EVENT = "application/cloudevents+json"
EVENTS = "application/cloudevents-batch+json"


def fingerprint(key: str) -> str:
    return hashlib.sha256(b64decode(key.removeprefix("whsec_"))).hexdigest()[:16]


def signed(key: str, body: bytes, *, ago: timedelta = timedelta(0)) -> dict[str, str]:
    moment = datetime.now(UTC).replace(microsecond=0) - ago
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(key).sign("msg_1", moment, body.decode()),
        "cosmo-key": fingerprint(key),
    }


def call(
    line: Line,
    name: str,
    content: Any,
    *,
    media: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Any:
    """POST to ``/api/line/v1/<name>``; ``headers`` replace the right signature."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    client = Client(raise_request_exception=False)
    return client.post(
        f"/api/line/v1/{name}",
        data=body,
        content_type=media,
        headers=signed(line.key, body) if headers is None else headers,
    )


def event(report: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "cosmo.line.jobresponse.v1",
        "id": f"{report['epoch']}:{report['job']}:{report['seq']}",
        "source": "/lines/line-1",
        "subject": report["job"],
        "time": "2026-03-01T17:30:19Z",
        "datacontenttype": "application/json",
        "data": report,
        **changes,
    }
