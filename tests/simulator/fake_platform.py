"""A tiny platform on a real port, to test the line as a stranger would meet it.

It reads what the line sends by the published schemas and the independent package of Standard
Webhooks, shares no code with the line, and lets a test wait on a condition.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
from standardwebhooks import Webhook

from tests.simulator.orders import DAWN, LINE, STATIONS

SCHEMAS = Path(__file__).parents[2] / "production" / "schemas"
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
PATIENCE_S = 20.0


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    )


FORMS = {
    name: schema(name)
    for name in ("hello", "status", "welcome", "jobresponse", "joback", "jobrecord")
}


@dataclass
class FakePlatform:
    """What it heard, and how it answers.

    Attributes:
        inbox: Reports stored, by (epoch, job, seq): the first that came.
        arrivals: Ids of all CloudEvents, in order of arrival, also those stored before.
        missing_schemas: How many requests for schemas fail first.
        sound: The status a call is answered with, by its name and body.
    """

    factor: float = 36_000.0
    url: str = ""
    origin_real: float = field(default_factory=time.time)
    stations: dict[str, int] = field(default_factory=lambda: dict(STATIONS))
    hellos: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    inbox: dict[tuple[str, str, int], dict[str, Any]] = field(default_factory=dict)
    by_job: dict[str, dict[tuple[str, int], dict[str, Any]]] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)
    missing_schemas: int = 0
    wrongs: list[str] = field(default_factory=list)
    sound: Callable[[str, Any], int] = field(default=lambda _name, _body: 202)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, condition: Callable[[], object]) -> None:
        """Until the condition holds; it is looked at whenever something arrives."""
        with self.changed:
            done = self.changed.wait_for(condition, PATIENCE_S)
        assert done, f"waited {PATIENCE_S} s in vain; wrong so far: {self.wrongs}"
        assert self.wrongs == []

    def welcome(self) -> dict[str, Any]:
        stations = [
            {"resource": name, "work_centre": "any", "lanes": lanes, "speed_percent": 100}
            for name, lanes in self.stations.items()
        ]
        clock = {
            "origin_plant": DAWN.isoformat().replace("+00:00", "Z"),
            "origin_real": datetime.fromtimestamp(self.origin_real, UTC).isoformat(),
            "factor": self.factor,
        }
        answer = {"line": LINE, "plant": "lakeside", "clock": clock, "stations": stations}
        FORMS["welcome"].validate(answer)
        return answer

    # What came

    def reports(self, job: str) -> list[dict[str, Any]]:
        """Stored reports of a job, by epoch and seq."""
        stored = self.by_job.get(job, {})
        return [stored[key] for key in sorted(stored)]

    def has_ended(self, *jobs: str) -> bool:
        """Each of these jobs was reported Closed, or Aborted, without a gap before."""
        for job in jobs:
            reports = self.reports(job)
            last = reports[-1] if reports else {"state": "", "sub_state": None, "seq": 0}
            ended = last["sub_state"] == "Closed" or last["state"] == "Aborted"
            if not ended or last["seq"] != len(reports):
                return False
        return True

    def hear(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        Webhook(KEY).verify(body, headers, json_parse=False)
        name, content = path.rsplit("/", 1)[1], json.loads(body)
        status = self.sound(name, content)
        if status < 300:
            getattr(self, f"hear_{name}")(content, headers)
        elif status == 409:
            return 409, {"code": "unknown_epoch"}
        return status, self.welcome() if name != "reports" else {"stored": 1, "duplicate": 0}

    def hear_hello(self, content: dict[str, Any], _headers: dict[str, str]) -> None:
        FORMS["hello"].validate(content)
        self.hellos.append(content)

    def hear_status(self, content: dict[str, Any], _headers: dict[str, str]) -> None:
        FORMS["status"].validate(content)
        self.statuses.append(content)

    def hear_reports(self, content: Any, headers: dict[str, str]) -> None:
        single = headers["content-type"] == "application/cloudevents+json"
        assert single is isinstance(content, dict)
        self.message_ids.append(headers["webhook-id"])
        for event in [content] if single else content:
            report = event["data"]
            FORMS["jobresponse"].validate(report)
            assert event["specversion"] == "1.0"
            assert event["type"] == "cosmo.line.jobresponse.v1"
            assert event["id"] == f"{report['epoch']}:{report['job']}:{report['seq']}"
            assert (event["subject"], event["source"]) == (report["job"], f"/lines/{LINE}")
            self.arrivals.append(event["id"])
            self.inbox.setdefault((report["epoch"], report["job"], report["seq"]), report)
            of_job = self.by_job.setdefault(report["job"], {})
            of_job.setdefault((report["epoch"], report["seq"]), report)


class Ear(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: FakePlatform

    def do_GET(self) -> None:
        path = SCHEMAS / self.path.rsplit("/", 1)[1]
        known = self.path.startswith("/schemas/line/v1/") and path.is_file()
        if self.platform.missing_schemas > 0:
            self.platform.missing_schemas -= 1
            known = False
        self._answer(200 if known else 404, json.loads(path.read_text("utf-8")) if known else {})

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it was killed meanwhile: nothing was said
            self.close_connection = True
            return
        headers = {name.lower(): text for name, text in self.headers.items()}
        with self.platform.changed:
            try:
                status, answer = self.platform.hear(self.path, headers, body)
            except Exception as error:  # noqa: BLE001 - kept, and shown by the waiting test
                self.platform.wrongs.append(f"{self.path}: {error!r}"[:500])
                status, answer = 500, {}
            self.platform.changed.notify_all()
        self._answer(status, answer)

    def _answer(self, status: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def listening(platform: FakePlatform) -> Iterator[FakePlatform]:
    ear = type("PlatformEar", (Ear,), {"platform": platform})
    with ThreadingHTTPServer(("127.0.0.1", 0), ear) as server:
        server.daemon_threads = True
        platform.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield platform
        finally:
            server.shutdown()
            thread.join()
