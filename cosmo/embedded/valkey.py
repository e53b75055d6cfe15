"""One Valkey: cache, broker and channel layer. Keeps nothing on disk: PostgreSQL has the truth."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from cosmo.embedded.account import Account
from cosmo.embedded.children import last_lines, start_child
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import make_folder
from cosmo.embedded.passwords import Passwords, write_private
from cosmo.embedded.ports import LOOPBACK, free_port
from cosmo.embedded.programs import Programs

ATTEMPTS = 5
ANSWER_LIMIT_S = 20.0
DATABASES = 64  # two for each parallel test worker


@dataclass(slots=True)
class Valkey:
    """The server in ``servers/valkey``; ``port`` as in ``Postgres``."""

    servers: Path
    programs: Programs
    account: Account
    passwords: Passwords
    log: Path
    port: int = 0
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait for PONG.

        Raises:
            EmbeddedError: code ``valkey_not_starting``.
        """
        for _ in range(ATTEMPTS):
            if self._start_once():
                return
            time.sleep(0.2)
        raise EmbeddedError(
            "valkey_not_starting",
            f"Valkey does not start. Its last lines:\n{last_lines(self.log)}\n",
        )

    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        for death, patience_s in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            if self.child is None or not self.is_running():
                return
            self.child.send_signal(death)
            try:
                self.child.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue

    def _start_once(self) -> bool:
        self.port = free_port(self.port, patience_s=1.5)
        self.child = start_child(
            [self.programs.valkey, self._write_settings()],
            log=self.log,
            account=self.account,
        )
        end = time.monotonic() + ANSWER_LIMIT_S
        while self.is_running():
            if self._answers():
                return True
            if time.monotonic() > end:
                self.stop()
            time.sleep(0.02)
        return False

    def _write_settings(self) -> Path:
        """In a file, so that the password stands in no process list."""
        home = self.servers / "valkey"
        make_folder(home, 0o700)
        path = home / "valkey.conf"
        lines = (
            f"port {self.port}",
            f"bind {LOOPBACK}",
            f"requirepass {self.passwords.valkey}",
            f"databases {DATABASES}",
            f'dir "{_quoted(home)}"',
            'save ""',
            "appendonly no",
            "daemonize no",
        )
        write_private(path, "\n".join(lines) + "\n")
        self.account.own(home)
        return path

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as link:
                link.sendall(f"AUTH {self.passwords.valkey}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = link.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
