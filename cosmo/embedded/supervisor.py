"""Child programs kept running: restarted when they die, given up with a reason, ended together."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cosmo.embedded.children import last_lines, start_child
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.warm import Forked, start_warm_child

DEATHS_ALLOWED = 5
DEATHS_WINDOW_S = 60.0
FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 5.0
STOP_PATIENCE_S = 10.0
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Program:
    """One child.

    Attributes:
        name: Its name in messages, and of its log.
        stop_signal: What makes it end in order.
        death_signal: What the kernel sends when the supervisor is killed; must end it for sure.
        wave: Lower waves stop first, so that nothing talks to what is gone.
        is_ours: A Python program on our Django; can be started warm, in a fork.
    """

    name: str
    command: Sequence[str | Path]
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    wave: int = 0
    is_ours: bool = False


@dataclass(slots=True)
class Running:
    program: Program
    log: Path
    child: "subprocess.Popen[bytes] | Forked | None" = None
    deaths: "deque[float]" = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))
    start_at: float = 0.0


class Supervisor:
    """Starts and watches children; only from the main thread (their death signal hangs on it)."""

    def __init__(
        self, *, logs: Path, cwd: Path, say: Callable[[str], None], environment: Mapping[str, str]
    ) -> None:
        self.logs = logs
        self.cwd = cwd
        self.say = say
        self.environment = environment
        self.running: list[Running] = []
        self.is_warm = False
        self.not_for_children: list[int] = []

    def start(self, program: Program) -> None:
        entry = Running(program=program, log=self.logs / f"{program.name}.log")
        self.running.append(entry)
        self._spawn(entry)

    def look(self) -> None:
        """Restart what died.

        Raises:
            EmbeddedError: a program died too often or cannot be run (code ``child_given_up``).
        """
        now = time.monotonic()
        for entry in self.running:
            if entry.child is None:
                if now >= entry.start_at:
                    self._spawn(entry)
            elif _has_ended(entry.child):
                self._bury(entry, now)

    def restart_all(self, environment: Mapping[str, str]) -> None:
        """End everything and start it again with another environment (the servers moved).

        Cold: what this process has loaded knows the old addresses.
        """
        self.is_warm = False
        self.environment = environment
        self.stop()
        for entry in self.running:
            self._spawn(entry)

    def stop(self) -> None:
        """End every child and what it started, wave by wave; kill what does not end in time."""
        for wave in sorted({entry.program.wave for entry in self.running}):
            self._stop_wave([entry for entry in self.running if entry.program.wave == wave])

    def _stop_wave(self, entries: list[Running]) -> None:
        alive = [e for e in entries if e.child is not None and e.child.poll() is None]
        for entry in alive:
            if entry.child is not None:
                entry.child.send_signal(entry.program.stop_signal)
        end = time.monotonic() + STOP_PATIENCE_S
        for entry in alive:
            if entry.child is not None:
                try:
                    entry.child.wait(max(0.0, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"{entry.program.name} does not end by itself, killing it")
        for entry in entries:
            if entry.child is not None:
                _kill_group(entry.child)
                entry.child = None

    def _spawn(self, entry: Running) -> None:
        if self.is_warm and entry.program.is_ours:
            entry.child = start_warm_child(
                entry.program.command,
                log=entry.log,
                environment=self.environment,
                cwd=self.cwd,
                death_signal=entry.program.death_signal,
                not_for_children=self.not_for_children,
            )
            return
        try:
            entry.child = start_child(
                entry.program.command,
                log=entry.log,
                environment=self.environment,
                cwd=self.cwd,
                death_signal=entry.program.death_signal,
            )
        except OSError as error:
            raise EmbeddedError(
                "child_given_up", f"{entry.program.name} cannot be started: {error}."
            ) from error

    def _bury(self, entry: Running, now: float) -> None:
        """Note a death, end what the dead one left behind, and plan the next start."""
        if entry.child is None:
            return
        _kill_group(entry.child)
        ending = describe_ending(entry.child.wait())
        entry.child = None
        entry.deaths.append(now)
        recent = [at for at in entry.deaths if now - at < DEATHS_WINDOW_S]
        if len(recent) == DEATHS_ALLOWED:
            raise EmbeddedError(
                "child_given_up",
                f"{entry.program.name} ended {DEATHS_ALLOWED} times within"
                f" {DEATHS_WINDOW_S:.0f} s, the last time {ending}."
                f" The end of {entry.log}:\n{last_lines(entry.log, 20)}\n",
            )
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (len(recent) - 1))
        entry.start_at = now + pause_s
        self.say(f"{entry.program.name} ended {ending}; starting it again in {pause_s:.1f} s")


def describe_ending(code: int) -> str:
    return f"with exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"


def _kill_group(child: "subprocess.Popen[bytes] | Forked") -> None:
    """End the whole process group: a killed parent leaves its own children behind."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers the latter for zombies
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _has_ended(child: "subprocess.Popen[bytes] | Forked") -> bool:
    """Without reaping it: until then its number, and its group's, belong to nobody else."""
    look = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return child.returncode is not None or os.waitid(os.P_PID, child.pid, look) is not None
