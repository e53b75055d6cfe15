"""The whole installation as real processes on this run's servers, each to be killed by its number.

Started as the demo starts them, with the database of the test and a line that has no luck of its
own. Whatever happens, the end of the test ends them all.
"""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit, urlunsplit

import redis
from django.db import connection

from cosmo.embedded.children import start_child
from cosmo.embedded.demo_programs import (
    Ports,
    demo_environment,
    line_programs,
    web_programs,
    work_programs,
)
from cosmo.embedded.folders import CHECKOUT, DataFolder, make_folders
from cosmo.embedded.ports import free_port
from cosmo.embedded.readiness import is_alive
from cosmo.embedded.supervisor import Program
from cosmo.lib.clock import real_now
from cosmo.lib.models import Pulse
from cosmo.tasks import worker_seen
from tests.flow.waiting import log_lines, wait_until

START_S = 180.0


@dataclass(slots=True)
class Platform:
    """Processes by name. Each start of one writes a log of its own: ``worker-1``, ``worker-2``."""

    folder: DataFolder
    ports: Ports
    environment: Mapping[str, str]
    programs: Mapping[str, Program]
    starts: dict[str, int] = field(default_factory=dict)
    running: "dict[str, Popen[bytes]]" = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.ports.url

    def log(self, name: str, start: int | None = None) -> Path:
        """The log of one start of a program; of the latest unless said."""
        return self.folder.logs / f"{name}-{start or self.starts[name]}.log"

    def start(self, *names: str) -> None:
        for name in names:
            self.starts[name] = self.starts.get(name, 0) + 1
            program = self.programs[name]
            self.running[name] = start_child(
                program.command,
                log=self.log(name),
                environment=self.environment,
                cwd=CHECKOUT,
                death_signal=program.death_signal,
            )

    def kill(self, name: str) -> None:
        """kill -9 of a process that this platform started and of the children it has."""
        child = self.running.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def wait_for_web(self) -> None:
        wait_until(lambda: is_alive(self.url), within_s=START_S, what="the web process answering")

    def wait_for_worker(self) -> None:
        """Until it has done something."""
        begun = real_now()
        worker_seen.delay()
        wait_until(
            lambda: Pulse.objects.filter(name="worker", seen_at__gt=begun).exists(),
            within_s=START_S,
            what="the worker at work",
        )

    def told(self, name: str, event: str, **facts: object) -> list[dict[str, object]]:
        """Structured lines of all starts of a program, in order."""
        return [
            line
            for start in range(1, self.starts.get(name, 0) + 1)
            for line in log_lines(self.log(name, start), event, **facts)
        ]

    def traceback(self) -> str:
        """The first log that shows one, with its end; empty when none does."""
        for log in sorted(self.folder.logs.glob("*.log")):
            text = log.read_text("utf-8", "replace")
            if "Traceback" in text:
                return f"{log.name}: {text[text.index('Traceback') :][:2000]}"
        return ""


@contextmanager
def running_platform(path: Path, *, key: str) -> Iterator[Platform]:
    """A platform with nothing started yet, on the database of this test and an empty Valkey."""
    folder = DataFolder(path)
    make_folders(folder)
    folder.lines.mkdir()
    (folder.lines / "line.key").write_text(key)
    web = free_port()
    ports = Ports(front=web, web=(web,), live=0)  # no proxy: the line calls the web process
    programs = [
        *web_programs(ports),
        *work_programs(folder),
        *line_programs(folder, ports),
    ]
    platform = Platform(
        folder=folder,
        ports=ports,
        environment={
            **demo_environment(folder, ports, factor="1"),
            "DATABASE_URL": database_of_this_test(),
            "SECRET_KEY": "of the fault test",
        },
        programs={program.name: program for program in programs},
    )
    wipe_valkey()
    try:
        yield platform
    finally:
        for name in list(platform.running):
            platform.kill(name)
        wipe_valkey()


def database_of_this_test() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def wipe_valkey() -> None:
    """All that Valkey keeps for this installation: cache, hints, bindings, unacknowledged."""
    for name in ("VALKEY_URL", "BROKER_URL"):
        with redis.Redis.from_url(os.environ[name]) as client:
            client.flushdb()


def waiting_hints() -> int:
    with redis.Redis.from_url(os.environ["BROKER_URL"]) as client:
        return int(client.llen("celery"))
