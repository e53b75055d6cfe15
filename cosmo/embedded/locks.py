"""File locks of the kernel: held by a live program, gone with it, whatever killed it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cosmo.embedded.errors import EmbeddedError

POLL_S = 0.02


def open_lock(path: Path) -> int:
    """Open (or make) a lock file; closed on exec, so a started program never keeps the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def is_taken(lock: int, *, exclusive: bool) -> bool:
    """Try once; true when the lock is ours now."""
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held_by_another(path: Path) -> bool:
    """True while some living program holds ``path`` exclusively."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not is_taken(lock, exclusive=False)
    finally:
        os.close(lock)


@contextmanager
def exclusive(path: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold ``path`` alone.

    Raises:
        EmbeddedError: another program kept it for ``timeout_s`` (code ``embedded_locked``).
    """
    lock = open_lock(path)
    end = time.monotonic() + timeout_s
    try:
        while not is_taken(lock, exclusive=True):
            if time.monotonic() > end:
                raise EmbeddedError(
                    "embedded_locked",
                    f"{path} has been held by another program for {timeout_s:.0f} s."
                    " See which one with: fuser " + str(path),
                )
            time.sleep(POLL_S)
        yield
    finally:
        os.close(lock)
