"""Children are restarted, given up with their reason, and ended with everything they started."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import CHECKOUT
from cosmo.embedded.supervisor import Program, Supervisor
from tests.embedded.conftest import has_ended

SLEEPER = "import os, sys, threading; print(os.getpid(), flush=True); threading.Event().wait()"
PARENT = (
    "import subprocess, sys, threading;"
    f"subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); threading.Event().wait()"
)


def python(name: str, script: str) -> Program:
    return Program(name=name, command=[sys.executable, "-c", script])


class Watched:
    def __init__(self, logs: Path) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(
            logs=logs, cwd=CHECKOUT, say=self.said.append, environment=dict(os.environ)
        )

    def look_until(self, log: Path, line_count: int) -> list[str]:
        """Look as the demo does, until ``log`` has that many lines."""
        pause = threading.Event()
        for _ in range(1000):
            self.supervisor.look()
            lines = log.read_text().splitlines() if log.exists() else []
            if len(lines) >= line_count:
                return lines
            pause.wait(0.02)
        pytest.fail(f"{log} has {lines}, wanted {line_count} lines")


@pytest.fixture
def watched(tmp_path):
    watched = Watched(tmp_path)
    yield watched
    watched.supervisor.stop()


@pytest.mark.fault
def test_a_killed_child_is_started_again_and_it_is_said(watched, tmp_path):
    watched.supervisor.start(python("sleeper", SLEEPER))
    (first,) = watched.look_until(tmp_path / "sleeper.log", 1)
    os.kill(int(first), signal.SIGKILL)
    lines = watched.look_until(tmp_path / "sleeper.log", 2)
    assert lines[1] != first
    assert watched.said == ["sleeper ended by SIGKILL; starting it again in 0.3 s"]


@pytest.mark.fault
def test_what_a_killed_child_had_started_ends_before_it_is_started_again(watched, tmp_path):
    watched.supervisor.start(python("parent", PARENT))
    (grandchild,) = watched.look_until(tmp_path / "parent.log", 1)
    child = watched.supervisor.running[0].child
    os.kill(child.pid, signal.SIGKILL)
    watched.look_until(tmp_path / "parent.log", 2)
    assert has_ended(int(grandchild))


def test_a_child_that_cannot_live_is_given_up_with_its_last_lines(watched, tmp_path):
    watched.supervisor.start(python("broken", "raise SystemExit('the disk is full')"))
    with pytest.raises(EmbeddedError, match="the disk is full") as caught:
        watched.look_until(tmp_path / "broken.log", 100)
    assert caught.value.code == "child_given_up"
    assert "broken ended 5 times within 60 s, the last time with exit code 1" in str(caught.value)


def test_a_program_that_is_not_there_is_said_at_once(watched):
    with pytest.raises(EmbeddedError, match="nowhere cannot be started"):
        watched.supervisor.start(Program(name="nowhere", command=["/nowhere/program"]))


def test_stop_ends_children_and_grandchildren(watched, tmp_path):
    watched.supervisor.start(python("parent", PARENT))
    (grandchild,) = watched.look_until(tmp_path / "parent.log", 1)
    child = watched.supervisor.running[0].child
    watched.supervisor.stop()
    assert child.returncode == -signal.SIGTERM
    assert has_ended(int(grandchild))


@pytest.mark.fault
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_children_end_with_a_supervisor_that_is_killed(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path;"
        "from cosmo.embedded.supervisor import Program, Supervisor;"
        "s = Supervisor(logs=Path(sys.argv[1]), cwd=Path('.'), say=print, environment=os.environ);"
        f"s.start(Program(name='sleeper', command=[sys.executable, '-c', {SLEEPER!r}]));"
        "print(s.running[0].child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        supervisor.kill()
    assert has_ended(child)
