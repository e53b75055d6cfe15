"""The whole demo as a person runs it: started, hurt, stopped; afterwards nothing runs."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosmo.embedded.addresses import read_addresses
from cosmo.embedded.folders import CHECKOUT, DataFolder
from cosmo.embedded.locks import is_held_by_another
from cosmo.embedded.readiness import is_alive, what_is_missing
from tests.embedded.conftest import WITHOUT_OURS, has_ended, wait_until

pytestmark = pytest.mark.fault


class RunningDemo:
    def __init__(self, folder: DataFolder, port: int) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.program = subprocess.Popen(
            [sys.executable, "-m", "cosmo.demo"],
            cwd=CHECKOUT,
            env={**WITHOUT_OURS, "COSMO_DATA": str(folder.path), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, sentence: str) -> str:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.said.append(line)
            if sentence in line:
                return line
        pytest.fail(f"never said {sentence!r}:\n{''.join(self.said)}")

    @property
    def url(self) -> str:
        found = re.search(r"Cosmo is running: (\S+)", "".join(self.said))
        assert found is not None
        return found[1]

    def processes(self) -> dict[int, str]:
        """Everything that was started for this data folder: pid -> command."""
        mark = f"COSMO_DATA={self.folder.path}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(entry.name)] = command
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found | self.servers()

    def servers(self) -> dict[int, str]:
        """The servers write over the memory in which their environment stood."""
        now = read_addresses(self.folder.addresses)
        if now is None or not is_held_by_another(self.folder.keeper_lock):
            return {}
        return {now.valkey: "valkey", now.postgres: "postgres", now.keeper: "keeper"}

    def one(self, words: str) -> int:
        """The oldest process with these words in its command: a parent, not its worker."""
        return min(pid for pid, command in self.processes().items() if words in command)


@pytest.fixture
def demo(folder: DataFolder) -> Iterator[RunningDemo]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        running = RunningDemo(folder, taken.getsockname()[1])
        try:
            running.read_until("Ctrl-C ends everything")
            yield running
        finally:
            running.program.kill()
            running.program.communicate()


def test_demo_starts_survives_kills_and_ends_with_ctrl_c(demo):
    """One start for many questions: it costs half a minute."""
    assert "is in use; taking" in "".join(demo.said)
    for role in ("consumer", "planner", "operator", "author", "partner", "admin"):
        assert re.search(rf"^  {role} +{demo.url}/\S* +\S+", "".join(demo.said), re.MULTILINE)
    assert what_is_missing(demo.url) == []
    with urllib.request.urlopen(demo.url) as page:  # noqa: S310 - our own address
        assert page.status == 200

    second = subprocess.run(
        [sys.executable, "-m", "cosmo.demo"],
        cwd=CHECKOUT,
        env={**WITHOUT_OURS, "COSMO_DATA": str(demo.folder.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "demo_running" in second.stderr

    for words in ("cosmo.wsgi", "uvicorn", "celery -A cosmo.celery worker", "simulator"):
        victim = demo.one(words)
        os.kill(victim, signal.SIGKILL)
        assert has_ended(victim)
        demo.read_until("starting it again")
        wait_until(lambda: is_alive(demo.url))
    for server in ("valkey", "postgres", "keeper"):
        victim = next(pid for pid, name in demo.servers().items() if name == server)
        os.kill(victim, signal.SIGKILL)
        assert has_ended(victim)
        wait_until(lambda: what_is_missing(demo.url) == [])

    everything = demo.processes()
    demo.program.send_signal(signal.SIGINT)
    rest, _ = demo.program.communicate(timeout=60)
    assert demo.program.returncode == 0, rest
    assert "Everything has ended" in rest
    assert [command for pid, command in everything.items() if not has_ended(pid)] == []
    assert demo.processes() == {}


def test_a_killed_supervisor_leaves_nothing_running(demo):
    everything = demo.processes()
    demo.program.kill()
    demo.program.wait()
    assert [command for pid, command in everything.items() if not has_ended(pid)] == []
    wait_until(lambda: demo.processes() == {})
