"""Starting a Python program in a fork of this one, which has loaded Django already.

Each of our programs needs seconds to import the same modules; a fork has them at once. What runs is
the same command, with the same output, signals and name in the process list.
"""

import ctypes
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cosmo.embedded.children import die_with_parent

POLL_S = 0.02
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Forked:
    """A forked child, with the part of ``subprocess.Popen`` that a supervisor uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(["fork", str(self.pid)], timeout or 0.0)
            time.sleep(POLL_S)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def start_warm_child(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    death_signal: signal.Signals,
    not_for_children: Sequence[int],
) -> Forked:
    """Fork and run ``command`` (``python -m module ...`` or ``python file ...``).

    Args:
        not_for_children: Open files to close, above all the locks that say who lives.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    ask_kernel = die_with_parent(death_signal)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the child has its own
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        with suppress(PermissionError, ProcessLookupError):  # the child was faster
            os.setpgid(pid, pid)
        return Forked(pid)
    code = 1
    try:
        code = _run(
            lambda: _become(
                command, log=log, environment=environment, cwd=cwd, not_for_us=not_for_children
            ),
            first=ask_kernel,
        )
    finally:
        os._exit(code)  # nothing of the parent's (its exit handlers, its sockets) is ours to end


def _become(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    not_for_us: Sequence[int],
) -> None:
    os.setpgid(0, 0)
    _redirect(log)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for descriptor in not_for_us:
        os.close(descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    words = [str(word) for word in command[1:]]
    name_process(" ".join(words).removeprefix("-m "))
    _as_main(words)


def _as_main(words: list[str]) -> None:
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


def _run(act: Callable[[], None], *, first: Callable[[], None]) -> int:
    """As the interpreter would: the exit code, with a traceback in the log for what was raised."""
    try:
        first()
        act()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - the end of a process; told in its log
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(nothing)
    os.close(out)
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115


def name_process(title: str) -> None:
    """Show ``title`` in ps, as far as the memory of the first command line reaches (Linux)."""
    if sys.platform != "linux":
        return
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    begin, end = int(fields[45]), int(fields[46])  # arg_start and arg_end of proc(5)
    room = end - begin
    if begin and room > 1:
        shown = title.encode()[: room - 1].ljust(room, b"\0")
        ctypes.memmove(begin, shown, room)
