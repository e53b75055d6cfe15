"""Attach to the servers of a data folder, starting them when nobody has; leave them at the end."""

import atexit
import fcntl
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from cosmo.embedded.addresses import Addresses, read_addresses
from cosmo.embedded.children import last_lines
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import CHECKOUT, DataFolder, make_folders
from cosmo.embedded.locks import exclusive, is_held_by_another, is_taken, open_lock

START_LIMIT_S = 240.0
STOP_LIMIT_S = 60.0
POLL_S = 0.02
# Never forgotten: a keeper may outlive our attachment, and subprocess complains when one is.
_started: "list[subprocess.Popen[bytes]]" = []


@atexit.register
def _reap() -> None:
    for keeper in _started:
        keeper.poll()


@dataclass(slots=True)
class Attachment:
    """This process uses the servers until ``leave`` or its end."""

    folder: DataFolder
    is_throwaway: bool
    addresses: Addresses
    _users: int
    _keeper: "subprocess.Popen[bytes] | None" = None
    _owner: int = field(default_factory=os.getpid)
    _is_over: bool = False

    @property
    def lock(self) -> int:
        """The open file whose lock says that we live; a fork that goes on alone closes it."""
        return self._users

    def is_served(self) -> bool:
        """False when the keeper was killed (its servers end with it)."""
        return is_held_by_another(self.folder.keeper_lock)

    def renew(self) -> None:
        """Start a new keeper when ours is gone; the ports stay when they are free."""
        with exclusive(self.folder.start_lock, timeout_s=START_LIMIT_S):
            if self._keeper is not None:
                self._keeper.poll()
            self._keeper = _start_keeper_if_none(self.folder, is_throwaway=self.is_throwaway)
            self.addresses = _wait_for_addresses(self.folder, self._keeper)

    def leave(self) -> bool:
        """Let go. The last one stops the servers and waits until they are gone.

        Returns:
            False when the servers stay because others use them.
        """
        if self._is_over or os.getpid() != self._owner:  # a fork is not the one who attached
            return True
        self._is_over = True
        if not self.folder.state.is_dir():  # removed under us; the keeper notices
            os.close(self._users)
            return True
        with exclusive(self.folder.start_lock, timeout_s=START_LIMIT_S):
            fcntl.flock(self._users, fcntl.LOCK_UN)
            is_last = is_taken(self._users, exclusive=True)
            if is_last:
                _stop_keeper(self.folder)
                if self._keeper is not None:
                    self._keeper.wait(STOP_LIMIT_S)
        os.close(self._users)
        return is_last


def attach(folder: DataFolder, *, is_throwaway: bool = False) -> Attachment:
    """Use the servers of ``folder`` from now on; returns when they answer.

    Raises:
        EmbeddedError: they cannot run here; the sentence says why.
    """
    try:
        make_folders(folder)
        with exclusive(folder.start_lock, timeout_s=START_LIMIT_S):
            users = open_lock(folder.users_lock)
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                keeper = _start_keeper_if_none(folder, is_throwaway=is_throwaway)
                addresses = _wait_for_addresses(folder, keeper)
            except BaseException:
                os.close(users)
                raise
    except PermissionError as error:
        raise EmbeddedError(
            "data_folder_closed",
            f"{error.filename} belongs to another user."
            " Start Cosmo as that user, or set COSMO_DATA to a folder of your own.",
        ) from error
    attachment = Attachment(
        folder=folder,
        is_throwaway=is_throwaway,
        addresses=addresses,
        _users=users,
        _keeper=keeper,
    )
    atexit.register(attachment.leave)
    return attachment


def _start_keeper_if_none(
    folder: DataFolder, *, is_throwaway: bool
) -> "subprocess.Popen[bytes] | None":
    if is_held_by_another(folder.keeper_lock):
        return None
    last = read_addresses(folder.addresses)
    folder.addresses.unlink(missing_ok=True)  # what a dead keeper wrote must not be read as new
    ports = [] if last is None else [f"--ports={last.postgres_port},{last.valkey_port}"]
    path = folder.logs / "keeper.log"
    if path.exists():
        path.replace(path.with_suffix(".log.old"))  # what we report must be of this keeper
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        keeper = subprocess.Popen(
            [
                *(sys.executable, "-m", "cosmo.embedded.keeper", str(folder.path)),
                *(["--throwaway"] if is_throwaway else []),
                *ports,
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=CHECKOUT,
            start_new_session=True,  # Ctrl-C at a terminal is not meant for it
        )
    finally:
        os.close(log)
    _started.append(keeper)
    return keeper


def _wait_for_addresses(folder: DataFolder, keeper: "subprocess.Popen[bytes] | None") -> Addresses:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        found = read_addresses(folder.addresses)
        if found is not None:
            return found
        if keeper is not None and keeper.poll() is not None:
            break
        time.sleep(POLL_S)
    raise EmbeddedError(
        "servers_not_started",
        "The embedded PostgreSQL and Valkey could not be started:\n"
        f"{last_lines(folder.logs / 'keeper.log')}\n",
    )


def _stop_keeper(folder: DataFolder) -> None:
    """Only called with both locks held: the keeper whose lock is taken is the one in the file."""
    end = time.monotonic() + STOP_LIMIT_S
    told = 0
    while is_held_by_another(folder.keeper_lock):
        running = read_addresses(folder.addresses)
        if running is not None and running.keeper != told:
            told = running.keeper
            _signal(told)
        if time.monotonic() > end:
            raise EmbeddedError(
                "servers_not_stopping",
                f"The keeper {told} of the embedded servers does not end."
                f" See {Path(folder.logs, 'keeper.log')}.",
            )
        time.sleep(POLL_S)


def _signal(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
