"""A tiny line on a real port. It reads what the platform sends by the published schemas and the
independent package of Standard Webhooks, and shares no code with the platform.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
from standardwebhooks import Webhook

SCHEMAS = Path(__file__).parents[2] / "production" / "schemas"
EPOCH = "epoch-one"
PATIENCE_S = 10.0


def schema(name: str) -> jsonschema.Draft202012Validator:
    text = (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


JOB_ORDER, COMMAND = schema("joborder"), schema("jobcommand")


def problem(code: str, status: int = 409) -> tuple[int, Any]:
    return status, {"code": code, "detail": f"Refused: {code}.", "status": status}


@dataclass
class FakeLine:
    """What it was told, and how it answers.

    Attributes:
        calls: Job ids in order of arrival, repeats included.
        orders: The first order of each job: what would be made.
        reply: Overrides the answer to a job order, by its body: (status, document), or None to
            break the connection off after the order was kept.
        records: Reports by job, for questions.
    """

    key: str
    epoch: str = EPOCH
    address: str = ""
    calls: list[str] = field(default_factory=list)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    reply: Callable[[dict[str, Any]], tuple[int, Any] | None] | None = None
    reply_command: Callable[[dict[str, Any]], tuple[int, Any]] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear_order(self, order: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any] | None:
        JOB_ORDER.validate(order)
        assert headers["idempotency-key"] == order["job"]
        with self.lock:
            is_known = order["job"] in self.orders
            self.calls.append(order["job"])
            self.headers.append(headers)
            self.orders.setdefault(order["job"], order)
        if self.reply is not None:
            return self.reply(order)
        ack = "duplicate" if is_known else "accepted"
        return 200 if is_known else 201, self.ack(order["job"], ack)

    def ack(self, job: str, ack: str) -> dict[str, Any]:
        return {"job": job, "epoch": self.epoch, "ack": ack, "last_seq": 1}

    def hear_command(self, command: dict[str, Any]) -> tuple[int, Any]:
        COMMAND.validate(command)
        self.commands.append(command)
        if self.reply_command is not None:
            return self.reply_command(command)
        return 200, {**self.ack(command["job"], "accepted"), "verb": command["verb"]}

    def tell_record(self, job: str, after: int) -> tuple[int, Any]:
        if job not in self.records:
            return problem("unknown_job", 404)
        reports = [one for one in self.records[job] if one["seq"] > after]
        last = self.records[job][-1]
        return 200, {
            "job": job,
            "epoch": self.epoch,
            "state": last["state"],
            "sub_state": last["sub_state"],
            "last_seq": last["seq"],
            "reports": reports,
        }


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: FakeLine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = self._verified(body)
        if self.path == "/joborders":
            self._answer(self.line.hear_order(json.loads(body), headers))
        else:
            self._answer(self.line.hear_command(json.loads(body)))

    def do_GET(self) -> None:
        if self.path == "/health":
            self._answer((200, {"status": "ok", "epoch": self.line.epoch}))
            return
        self._verified(b"")
        job, _, after = self.path.removeprefix("/joborders/").partition("?after=")
        self._answer(self.line.tell_record(job, int(after or 0)))

    def _verified(self, body: bytes) -> dict[str, str]:
        headers = {name.lower(): text for name, text in self.headers.items()}
        Webhook(self.line.key).verify(body, headers, json_parse=False)
        return headers

    def _answer(self, reply: tuple[int, Any] | None) -> None:
        if reply is None:  # kept, but the answer is lost on its way
            self.close_connection = True
            return
        status, document = reply
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def open_line(key: str) -> Iterator[FakeLine]:
    line = FakeLine(key=key)
    door = type("LineDoor", (Door,), {"line": line})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        server.daemon_threads = True
        line.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield line
        finally:
            server.shutdown()
            thread.join(PATIENCE_S)
