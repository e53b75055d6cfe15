"""The real simulated line as its own process: a stranger with a URL and a key."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook

from cosmo.embedded.children import start_child
from cosmo.embedded.folders import CHECKOUT
from tests.flow.waiting import log_lines, wait_until

CALM = ("--scrap", "0", "--rework", "0", "--stops", "0")
QUICK = ("--status-s", "0.5", "--backoff-s", "0.2")
PATIENCE_S = 120.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading authorities is slow


@dataclass(slots=True)
class LineProcess:
    """``python -m simulator``, its log and the doors it has besides those of a real line."""

    key: str
    log: Path
    child: "subprocess.Popen[bytes]"

    def told(self, event: str, **facts: Any) -> list[dict[str, Any]]:
        return log_lines(self.log, event, **facts)

    def made(self) -> dict[str, Any]:
        """What was physically made, by serial."""
        return self._call("GET", "/made")

    def turn(self, **switches: Any) -> None:
        """Turn fault switches."""
        self._call("POST", "/faults", switches)

    def _call(self, method: str, path: str, content: Any = None) -> dict[str, Any]:
        body = "" if content is None else httpx.Request("POST", "http://x", json=content).read()
        text = body if isinstance(body, str) else body.decode()
        now = datetime.now(UTC).replace(microsecond=0)
        headers = {
            "webhook-id": f"test-{now.timestamp()}",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.key).sign(f"test-{now.timestamp()}", now, text),
            "content-type": "application/json",
        }
        address = self.told("listening")[-1]["address"]
        with httpx.Client(timeout=PATIENCE_S, trust_env=False, verify=NO_TLS) as client:
            answer = client.request(method, address + path, content=text, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@contextmanager
def running_line(
    *, url: str, key: str, log: Path, arguments: Sequence[str] = ()
) -> Iterator[LineProcess]:
    """A line without luck of its own, welcomed by the platform at ``url``."""
    child = start_child(
        [sys.executable, "-m", "simulator", "--url", url, *CALM, *QUICK, *arguments],
        log=log,
        environment={**os.environ, "COSMO_LINE_KEY": key},
        cwd=CHECKOUT,
        death_signal=signal.SIGKILL,
    )
    try:
        line = LineProcess(key, log, child)
        wait_until(lambda: line.told("welcomed"), within_s=PATIENCE_S, what="line welcomed")
        yield line
    finally:
        child.kill()
        child.wait()
