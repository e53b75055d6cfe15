"""One PostgreSQL cluster: made once, started, proven to answer, stopped."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from cosmo.embedded.account import Account, listed_account
from cosmo.embedded.children import last_lines, start_child
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import make_folder
from cosmo.embedded.passwords import Passwords, scram_verifier, write_private
from cosmo.embedded.ports import LOOPBACK, free_port
from cosmo.embedded.programs import Programs

VERSION = "18"
SUPERUSER = "postgres"
ROLE = DATABASE = "cosmo"
START_LIMIT_S = 30.0  # the program ended at once, over and over
ANSWER_LIMIT_S = 180.0  # it runs but does not answer yet: recovery after a crash
REFUSAL_LIMIT_S = 3.0
RETRY_S = 0.5
# What heals by itself: a killed predecessor still ending, or another program took the port.
PASSING_TROUBLES = ("lock file", "shared memory block", "in use", "could not create any TCP/IP")
SETTINGS = (
    f"listen_addresses={LOOPBACK}",
    "unix_socket_directories=",  # a socket path has at most 107 bytes; a data folder may be longer
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
)
# Tests only: a power cut may lose everything, which nobody wants back.
THROWAWAY_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(slots=True)
class Postgres:
    """The cluster in ``servers/postgres``.

    Attributes:
        port: The one in use; before the start, the one wanted (0: any).
        is_throwaway: Data that nobody needs after the next crash.
    """

    servers: Path
    programs: Programs
    account: Account
    passwords: Passwords
    log: Path
    port: int = 0
    is_throwaway: bool = False
    child: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Path:
        return self.servers / "postgres"

    def start(self) -> None:
        """Start and wait until SELECT 1 is answered; make cluster, role and database if missing.

        Raises:
            EmbeddedError: codes ``initdb_failed``, ``other_version``, ``postgres_not_starting``.
        """
        if not self.cluster.is_dir():
            self._make_cluster()
        self._check_version()
        end = time.monotonic() + START_LIMIT_S
        while not self._start_once():
            trouble = last_lines(self.log)
            if time.monotonic() > end or not any(sign in trouble for sign in PASSING_TROUBLES):
                raise EmbeddedError(
                    "postgres_not_starting",
                    f"PostgreSQL does not start on {self.cluster}. Its last lines:\n{trouble}\n",
                )
            time.sleep(RETRY_S)
        self._make_role_and_database()

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, data is flushed."""
        if self.child is None:
            return
        for death, patience_s in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if not self.is_running():
                return
            self.child.send_signal(death)
            try:
                self.child.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue

    def connect(self, *, database: str, timeout_s: int = 5) -> Any:
        """A psycopg2 connection as superuser."""
        return psycopg2.connect(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.passwords.superuser,
            dbname=database,
            connect_timeout=timeout_s,
        )

    def _make_cluster(self) -> None:
        """initdb beside the final place, then rename: an interrupted one is never used."""
        maker = listed_account()
        draft = self.servers / f"postgres-new-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft, 0o700)
        write_private(draft / "verifier", scram_verifier(self.passwords.superuser))
        maker.own(draft)
        done = maker.run(
            [
                self.programs.initdb,
                *("-D", draft / "cluster", "-U", SUPERUSER, "-A", "scram-sha-256"),
                f"--pwfile={draft / 'verifier'}",
                *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                "--locale=C",
                *(["--no-sync"] if self.is_throwaway else []),
            ]
        )
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise EmbeddedError(
                "initdb_failed",
                f"PostgreSQL could not be set up in {self.cluster}:\n{done.stdout}{done.stderr}",
            )
        self.account.own(draft / "cluster")
        (draft / "cluster").rename(self.cluster)
        shutil.rmtree(draft)

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != VERSION:
            raise EmbeddedError(
                "other_version",
                f"{self.cluster} was written by PostgreSQL {found}, this is {VERSION}."
                " Move the data with pg_dumpall of the old one, or move the folder away.",
            )

    def _start_once(self) -> bool:
        """Start the program; false when it ended instead of answering."""
        self._forget_dead_predecessor()
        self.port = free_port(self.port, patience_s=1.5)
        settings = [*SETTINGS, f"port={self.port}"]
        if self.is_throwaway:
            settings += THROWAWAY_SETTINGS
        options = [word for setting in settings for word in ("-c", setting)]
        self.child = start_child(
            [self.programs.postgres, "-D", self.cluster, *options],
            log=self.log,
            account=self.account,
            death_signal=signal.SIGINT,
        )
        begin = time.monotonic()
        while self.is_running():
            if self._answers():
                return True
            waited_s = time.monotonic() - begin
            if waited_s > REFUSAL_LIMIT_S and self._refuses_password():
                self.stop()
                raise EmbeddedError(
                    "password_lost",
                    f"{self.cluster} was made with another password than the one in"
                    f" {self.servers / 'passwords.json'}. Put the old file back, or move"
                    f" {self.servers} away to begin anew.",
                )
            if waited_s > ANSWER_LIMIT_S:
                self.stop()
            time.sleep(0.03)
        return False

    def _answers(self) -> bool:
        """SELECT 1 with our password: a stranger on this port cannot answer it."""
        try:
            connection = self.connect(database="postgres")
        except psycopg2.OperationalError:
            return False
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                return bool(cursor.fetchone() == (1,))
        except psycopg2.OperationalError:
            return False
        finally:
            connection.close()

    def _refuses_password(self) -> bool:
        try:
            self.connect(database="postgres").close()
        except psycopg2.OperationalError as error:
            return "password authentication failed" in str(error)
        return False

    def _forget_dead_predecessor(self) -> None:
        """Remove a postmaster.pid whose number now belongs to some other program.

        PostgreSQL itself keeps away from any living process of its user, and after a restart of a
        container the old number is soon in use again. Only the keeper gets here, holding its lock.
        """
        pid_file = self.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
            works_in = Path(os.readlink(f"/proc/{pid}/cwd"))
        except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError):
            return  # no file, or its process is gone: PostgreSQL removes the file itself
        if works_in != self.cluster.resolve():
            pid_file.unlink()

    def _make_role_and_database(self) -> None:
        connection = self.connect(database="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
                if cursor.fetchone() is None:
                    verifier = scram_verifier(self.passwords.cosmo)
                    cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s", [verifier])
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        finally:
            connection.close()
