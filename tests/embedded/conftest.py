import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cosmo.embedded.folders import CHECKOUT, DataFolder

WITHOUT_OURS = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DATABASE_URL", "VALKEY_URL", "BROKER_URL", "COSMO_DATA"}
}


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    """A data folder that the servers' user can reach, as ./var of an open checkout is.

    Not below pytest's own folder: every run closes that one anew, also under another run's feet.
    """
    path = Path(tempfile.mkdtemp(prefix="cosmo-embedded-test-"))
    path.chmod(0o711)
    yield DataFolder(path / "data")
    shutil.rmtree(path)


class Guest:
    """Another program that attaches, says so, and stays until it is told to leave or killed."""

    SCRIPT = (
        "import sys; from pathlib import Path;"
        "from cosmo.embedded.attach import attach; from cosmo.embedded.folders import DataFolder;"
        "guest = attach(DataFolder(Path(sys.argv[1])), is_throwaway=False);"
        "print(guest.addresses.database_url, flush=True); sys.stdin.read()"
    )

    def __init__(self, folder: DataFolder) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-c", self.SCRIPT, str(folder.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=WITHOUT_OURS,
        )

    def database_url(self) -> str:
        assert self.program.stdout is not None
        return self.program.stdout.readline().strip()

    def leave(self) -> int:
        self.program.communicate()
        return self.program.returncode

    def kill(self) -> None:
        self.program.kill()
        self.program.communicate()


@pytest.fixture
def guests(folder: DataFolder) -> Iterator[list[Guest]]:
    """Guests still there at the end are sent away."""
    present: list[Guest] = []
    yield present
    for guest in present:
        if guest.program.stdin is not None and not guest.program.stdin.closed:
            guest.leave()


def has_ended(pid: int, *, within_s: float = 20.0) -> bool:
    """Wait until a process (a stranger's child, perhaps a zombie soon) has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        readable, _, _ = select.select([handle], [], [], within_s)
    finally:
        os.close(handle)
    return bool(readable)


def wait_until(is_so: Callable[[], bool], *, within_s: float = 120.0) -> None:
    """For what no handle tells: a process started by another, a page that works again."""
    pause = threading.Event()
    for _ in range(int(within_s / 0.1)):
        if is_so():
            return
        pause.wait(0.1)
    pytest.fail(f"not so within {within_s:.0f} s")
