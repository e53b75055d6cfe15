"""The keeper: parent of both servers, restarts them, stops them when nobody uses them any more.

It ends with its last user however that user ended: "used" means a kernel lock held by a living
process. When the keeper itself is killed the kernel ends the servers (see children.py).

    python -m cosmo.embedded.keeper DATA_FOLDER [--throwaway]
"""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from cosmo.embedded.account import Account, server_account
from cosmo.embedded.addresses import Addresses
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import SYSTEM_STATE, DataFolder, make_folder
from cosmo.embedded.locks import is_taken, open_lock
from cosmo.embedded.passwords import read_or_make_passwords
from cosmo.embedded.ports import LOOPBACK
from cosmo.embedded.postgres import DATABASE, ROLE, Postgres
from cosmo.embedded.programs import find_programs
from cosmo.embedded.valkey import Valkey

LOOK_EVERY_S = 0.2
DEATHS_ALLOWED = 5
DEATHS_WINDOW_S = 60.0


class Keeper:
    def __init__(
        self, folder: DataFolder, *, is_throwaway: bool, wanted_ports: tuple[int, int]
    ) -> None:
        self.folder = folder
        self.is_throwaway = is_throwaway
        self.is_told_to_stop = False
        self.deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)
        account = server_account()
        self.servers = servers_folder(folder, account)
        passwords = read_or_make_passwords(self.servers / "passwords.json")
        programs = find_programs(account=account, servers=self.servers)
        for leftover in self.servers.glob("postgres-new-*"):
            shutil.rmtree(leftover)
        shared = {"servers": self.servers, "programs": programs, "account": account}
        self.postgres = Postgres(
            **shared,  # type: ignore[arg-type]
            passwords=passwords,
            log=folder.logs / "postgres.log",
            port=wanted_ports[0],
            is_throwaway=is_throwaway,
        )
        self.valkey = Valkey(
            **shared,  # type: ignore[arg-type]
            passwords=passwords,
            log=folder.logs / "valkey.log",
            port=wanted_ports[1],
        )

    def run(self) -> None:
        """Until told to stop or left alone."""
        try:
            self.start()
            while not self.is_told_to_stop and not self.is_left_alone():
                self.restart_dead()
                time.sleep(LOOK_EVERY_S)
        finally:
            self.stop()

    def start(self) -> None:
        self.valkey.start()
        self.postgres.start()
        self.write_addresses()

    def restart_dead(self) -> None:
        dead = [server for server in (self.postgres, self.valkey) if not server.is_running()]
        for server in dead:
            self.deaths.append(time.monotonic())
            say(f"{type(server).__name__} ended unexpectedly, starting it again")
            if (
                len(self.deaths) == DEATHS_ALLOWED
                and self.deaths[-1] - self.deaths[0] < DEATHS_WINDOW_S
            ):
                raise EmbeddedError(
                    "server_keeps_dying",
                    f"{type(server).__name__} or its neighbour ended {DEATHS_ALLOWED} times within"
                    f" {DEATHS_WINDOW_S:.0f} s. See {server.log}.",
                )
            server.start()
        if dead:
            self.write_addresses()

    def write_addresses(self) -> None:
        passwords = self.postgres.passwords
        valkey = f"redis://:{passwords.valkey}@{LOOPBACK}:{self.valkey.port}"
        Addresses(
            database_url=f"postgresql://{ROLE}:{passwords.cosmo}@{LOOPBACK}:{self.postgres.port}"
            f"/{DATABASE}",
            valkey_url=f"{valkey}/0",
            broker_url=f"{valkey}/1",
            keeper=os.getpid(),
            postgres=_pid(self.postgres),
            valkey=_pid(self.valkey),
        ).write(self.folder.addresses)

    def is_left_alone(self) -> bool:
        """True when no living program uses the servers; then no new one can attach until we end."""
        if not self.folder.users_lock.exists():
            return True  # somebody removed the data folder under us
        start = open_lock(self.folder.start_lock)
        users = open_lock(self.folder.users_lock)
        if is_taken(start, exclusive=True):
            if is_taken(users, exclusive=True):
                return True  # both stay locked until this process ends
            fcntl.flock(start, fcntl.LOCK_UN)
        os.close(users)
        os.close(start)
        return False

    def stop(self) -> None:
        self.postgres.stop()
        self.valkey.stop()
        if self.is_throwaway:
            shutil.rmtree(self.servers, ignore_errors=True)
            shutil.rmtree(self.folder.path, ignore_errors=True)


def servers_folder(folder: DataFolder, account: Account) -> Path:
    """Inside the data folder, or where ``account`` can reach when that one is closed to it."""
    if account.uid is None:
        make_folder(folder.servers_inside, 0o700)
        return folder.servers_inside
    if not folder.servers_outside.is_dir():
        make_folder(folder.servers_inside, 0o711)
        if account.can_reach(folder.servers_inside):
            return folder.servers_inside
        if any(folder.servers_inside.iterdir()):
            raise EmbeddedError(
                "servers_closed_off",
                f"The servers' user {account.uid} can no longer enter {folder.servers_inside},"
                " where their data is: a folder above it was closed. Open that one"
                " (chmod o+x), or move the data folder and set COSMO_DATA.",
            )
        folder.servers_inside.rmdir()
    make_folder(SYSTEM_STATE, 0o711)
    make_folder(folder.servers_outside, 0o711)
    belongs_to = folder.servers_outside / "belongs_to"
    belongs_to.write_text(f"{folder.path}\n", encoding="utf-8")
    if not account.can_reach(folder.servers_outside):
        raise EmbeddedError(
            "no_reachable_folder",
            f"The servers' user {account.uid} can reach neither {folder.servers_inside} nor"
            f" {folder.servers_outside}. Set COSMO_DATA to a folder below one open to all.",
        )
    return folder.servers_outside


def _pid(server: Postgres | Valkey) -> int:
    return server.child.pid if server.child is not None else 0


def say(sentence: str) -> None:
    """To the keeper's log; its last line is what an attaching program reports."""
    sys.stderr.write(f"keeper {os.getpid()}: {sentence}\n")
    sys.stderr.flush()


def _stop_on_signals(keeper: Keeper) -> None:
    def tell(_signal: int, _frame: FrameType | None) -> None:
        keeper.is_told_to_stop = True

    handler: Callable[[int, FrameType | None], None] = tell
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal may go, users may stay


def _take(lock: int) -> bool:
    """Patient for a moment: whoever looks whether a keeper lives holds the lock meanwhile."""
    end = time.monotonic() + 3
    while not is_taken(lock, exclusive=True):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="cosmo.embedded.keeper")
    parser.add_argument("data", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    parser.add_argument("--ports", default="0,0", help="of PostgreSQL and Valkey, when free")
    arguments = parser.parse_args()
    folder = DataFolder(arguments.data)
    lock = open_lock(folder.keeper_lock)
    if not _take(lock):
        say(f"another keeper holds {folder.keeper_lock}")
        return 3
    postgres_port, valkey_port = (int(number) for number in arguments.ports.split(","))
    try:
        keeper = Keeper(
            folder,
            is_throwaway=arguments.throwaway,
            wanted_ports=(postgres_port, valkey_port),
        )
        _stop_on_signals(keeper)
        keeper.run()
    except (EmbeddedError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
