"""Everything at once on one machine; ``cosmo/demo.py`` is the entrance.

Starts the servers, prepares the data, starts the programs, tells the addresses and watches until
Ctrl-C. Nothing survives it: see children.py and keeper.py for what holds when it is killed.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from cosmo.embedded.announce import announcement
from cosmo.embedded.attach import Attachment, attach
from cosmo.embedded.children import last_lines
from cosmo.embedded.demo_programs import (
    FIRST_PORT,
    Ports,
    choose_ports,
    demo_environment,
    line_programs,
    web_programs,
    work_programs,
)
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import CHECKOUT, DataFolder, data_folder, make_folder, make_folders
from cosmo.embedded.journeys import play_journeys
from cosmo.embedded.locks import is_taken, open_lock
from cosmo.embedded.progress import Progress
from cosmo.embedded.readiness import is_alive, what_is_missing
from cosmo.embedded.supervisor import LOOK_EVERY_S, Supervisor

DEMO_FACTOR = "60"  # one hour of the plant in a minute; said in the announcement
ONCE_FACTOR = "7200"
ALIVE_LIMIT_S = 180.0  # generous: a child that dies is noticed at once anyway
READY_LIMIT_S = 180.0
SERVERS_LOOK_EVERY_S = 1.0
NEED_NO_DATA = ("web", "front")
READY_LOOKS = 4  # between two questions: they cost the web process something


class Stopped(Exception):
    """Ctrl-C or a signal; not an error."""


def _raise_stopped(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


WarmUp = Callable[[Callable[[str], None]], None]
"""Loads Django into this process and prepares the data; calls back with the name of each step."""


class Demo:
    def __init__(
        self, folder: DataFolder, *, port: int, factor: str, progress: Progress, warm_up: WarmUp
    ) -> None:
        self.folder = folder
        self.factor = factor
        self.progress = progress
        self.warm_up = warm_up
        self.ports: Ports = choose_ports(wanted=port)
        if port and self.ports.front != port:
            progress.say(f"  Port {port} is in use; taking {self.ports.front} instead.")
        self.attachment: Attachment | None = None
        self.supervisor: Supervisor | None = None
        self.environment: dict[str, str] = {}
        self.locks: list[int] = []

    def start(self, *, is_throwaway: bool = False) -> None:
        with self.progress.step("PostgreSQL and Valkey"):
            self.attach_servers(is_throwaway=is_throwaway)
        os.environ.update(self.environment)
        supervisor = self.supervisor = Supervisor(
            logs=self.folder.logs,
            cwd=CHECKOUT,
            say=self.progress.say,
            environment=self.environment,
        )
        programs = [*web_programs(self.ports), *work_programs(self.folder)]
        early = [program for program in programs if program.name.startswith(NEED_NO_DATA)]
        for program in early:  # they load while this process does
            supervisor.start(program)
        self.prepare()
        supervisor.is_warm = True
        supervisor.not_for_children = [
            *self.locks,
            *([self.attachment.lock] if self.attachment is not None else []),
        ]
        with self.progress.step("Web, live sockets and front"):
            for program in [*programs, *line_programs(self.folder, self.ports)]:
                if program not in early:
                    supervisor.start(program)
            self.wait_until_alive(supervisor)
        with self.progress.step("Worker, beat, relay and simulated lines"):
            self.wait_until_ready(supervisor)

    def attach_servers(self, *, is_throwaway: bool) -> None:
        if os.environ.get("DATABASE_URL") is None:
            self.attachment = attach(self.folder, is_throwaway=is_throwaway)
            self.attachment.addresses.export()
        self.environment = demo_environment(self.folder, self.ports, factor=self.factor)

    def wait_until_alive(self, supervisor: Supervisor) -> None:
        end = time.monotonic() + ALIVE_LIMIT_S
        while not is_alive(self.ports.url):
            supervisor.look()
            if time.monotonic() > end:
                raise EmbeddedError(
                    "web_silent",
                    f"{self.ports.url}/healthz does not answer after {ALIVE_LIMIT_S:.0f} s."
                    f" The end of its log:\n{last_lines(self.folder.logs / 'web.log')}\n",
                )
            time.sleep(LOOK_EVERY_S)

    def wait_until_ready(self, supervisor: Supervisor) -> None:
        end = time.monotonic() + READY_LIMIT_S
        while missing := what_is_missing(self.ports.url):
            for _ in range(READY_LOOKS):
                supervisor.look()
                time.sleep(LOOK_EVERY_S)
            if time.monotonic() > end:
                raise EmbeddedError(
                    "not_ready",
                    f"Not ready after {READY_LIMIT_S:.0f} s: no sign of {', '.join(missing)}."
                    f" The logs are in {self.folder.logs}.",
                )

    def watch(self) -> None:
        """Until a signal raises ``Stopped`` or something cannot be kept running."""
        next_servers_look = 0.0
        while self.supervisor is not None:
            self.supervisor.look()
            if time.monotonic() > next_servers_look:
                self.look_at_servers()
                next_servers_look = time.monotonic() + SERVERS_LOOK_EVERY_S
            time.sleep(LOOK_EVERY_S)

    def look_at_servers(self) -> None:
        if self.attachment is None or self.supervisor is None or self.attachment.is_served():
            return
        self.progress.say("The servers' keeper ended unexpectedly; starting it again")
        before = self.attachment.addresses.database_url, self.attachment.addresses.valkey_url
        self.attachment.renew()
        now = self.attachment.addresses
        if before != (now.database_url, now.valkey_url):
            self.progress.say("The servers have new ports; starting every program again")
            os.environ |= {
                "DATABASE_URL": now.database_url,
                "VALKEY_URL": now.valkey_url,
                "BROKER_URL": now.broker_url,
            }
            self.environment = demo_environment(self.folder, self.ports, factor=self.factor)
            self.supervisor.restart_all(self.environment)

    def prepare(self) -> None:
        """Django, tables, catalogue, accounts, plant time; what else they say is in start.log."""
        make_folder(self.folder.path / "staticfiles", 0o700)
        log = self.folder.logs / "start.log"
        with elsewhere(log) as terminal:
            shown = Progress(terminal)
            begun = time.monotonic()

            def done(step: str) -> None:
                nonlocal begun
                now = time.monotonic()
                shown.say_step(step, now - begun)
                begun = now

            try:
                self.warm_up(done)
            except (Stopped, EmbeddedError):
                raise
            except Exception as error:
                traceback.print_exc()
                raise EmbeddedError(
                    "step_failed", f"The data could not be prepared: {error} See {log}."
                ) from error

    def stop(self) -> None:
        """End every child, then leave the servers."""
        if self.supervisor is not None:
            self.supervisor.stop()
        if self.attachment is not None and not self.attachment.leave():
            self.progress.say("PostgreSQL and Valkey stay: another command still uses them.")


@contextmanager
def elsewhere(log: Path) -> Iterator[TextIO]:
    """What this process and its libraries print goes to ``log``; yields the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    try:
        with open(kept[0], "w", encoding="utf-8", closefd=False) as terminal:
            yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        os.close(kept[0])
        os.close(kept[1])


@contextmanager
def only_demo_of(folder: DataFolder) -> Iterator[int]:
    """Two demos on one data folder would run two lines with one key.

    Raises:
        EmbeddedError: another one runs (code ``demo_running``).
    """
    make_folders(folder)
    lock = open_lock(folder.state / "demo.lock")
    try:
        if not is_taken(lock, exclusive=True):
            raise EmbeddedError(
                "demo_running",
                f"A demo already runs on {folder.path}. Stop it with Ctrl-C, or start this one"
                " with COSMO_DATA=another/folder.",
            )
        yield lock
    finally:
        os.close(lock)


def run_until_stopped(progress: Progress, warm_up: WarmUp) -> int:
    folder = data_folder()
    progress.say(f"Cosmo demo, data in {folder.path}")
    port = int(os.environ.get("PORT", FIRST_PORT))
    factor = os.environ.get("COSMO_CLOCK_FACTOR", DEMO_FACTOR)
    with only_demo_of(folder) as lock:
        demo = Demo(folder, port=port, factor=factor, progress=progress, warm_up=warm_up)
        demo.locks.append(lock)
        try:
            begin = time.monotonic()
            demo.start()
            progress.say(announcement(folder, demo.ports.url, factor=factor))
            progress.say(f"Started in {time.monotonic() - begin:.1f} s. Ctrl-C ends everything.")
            demo.watch()
        except Stopped:
            progress.say("\nStopping ...")
        finally:
            _finish(demo)
    progress.say("Everything has ended; the data is kept.")
    return 0


def run_once(progress: Progress, warm_up: WarmUp) -> int:
    """Own folder, own ports; the last line on standard output is the visitor's JSON object."""
    path = Path(tempfile.mkdtemp(prefix="cosmo-once-"))
    if os.geteuid() == 0:
        path.chmod(0o711)
    os.environ["COSMO_DATA"] = str(path)
    folder = DataFolder(path)
    make_folders(folder)
    factor = os.environ.get("COSMO_CLOCK_FACTOR", ONCE_FACTOR)
    demo = Demo(folder, port=0, factor=factor, progress=progress, warm_up=warm_up)
    outcome = None
    try:
        demo.start(is_throwaway=True)
        supervisor = demo.supervisor
        if supervisor is None:
            return 1
        outcome = play_journeys(
            demo.ports.url, folder, environment=demo.environment, look=supervisor.look
        )
    finally:
        progress.to = sys.stderr
        _finish(demo)
        if outcome is not None and outcome.is_delivered:
            shutil.rmtree(path, ignore_errors=True)
        else:
            progress.say(f"The logs are kept in {folder.logs}.")
    sys.stdout.write(f"{outcome.last_line}\n")
    sys.stdout.flush()
    return 0 if outcome.is_delivered else 1


def _finish(demo: Demo) -> None:
    """A second Ctrl-C must not leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    demo.stop()


def run(*, is_once: bool, warm_up: WarmUp) -> int:
    """The whole life of a demo; the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    progress = Progress()
    try:
        return run_once(progress, warm_up) if is_once else run_until_stopped(progress, warm_up)
    except Stopped:
        return 130
    except EmbeddedError as error:
        sys.stderr.write(f"\nCosmo stopped: {error}\n")
        return 1
