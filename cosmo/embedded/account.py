"""As root, the servers run as a user of their own; otherwise as whoever started them."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmo.embedded.errors import EmbeddedError

# Numbers that no distribution hands out (between systemd's container and dynamic ranges) and that
# a container with 65,536 mapped users has. No entry in /etc/passwd is made or needed.
OWN_UIDS = range(60_706, 61_184)


@dataclass(frozen=True, slots=True)
class Account:
    """A user to run programs as; ``uid`` is None for the current one."""

    uid: int | None

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run to the end from ``/`` (the caller's folder may be closed to this user)."""
        words = [str(word) for word in command]
        if self.uid is None:
            return subprocess.run(words, cwd="/", capture_output=True, text=True, check=False)
        return subprocess.run(
            words,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=self.uid,
            group=self.uid_group(),
            extra_groups=[],
        )

    def uid_group(self) -> int:
        """The group of the same number, or the account's own where it has an entry."""
        if self.uid is None:
            return os.getegid()
        try:
            return pwd.getpwuid(self.uid).pw_gid
        except KeyError:
            return self.uid

    def own(self, path: Path) -> None:
        """Give ``path`` and everything in it to this user."""
        if self.uid is None:
            return
        group = self.uid_group()
        os.chown(path, self.uid, group, follow_symlinks=False)
        for root, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(os.path.join(root, name), self.uid, group, follow_symlinks=False)

    def can_reach(self, path: Path) -> bool:
        """True when this user can enter ``path``; asked of the kernel, not read from mode bits."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", path]).returncode == 0


def server_account() -> Account:
    """The user the servers run as."""
    if os.geteuid() != 0:
        return Account(uid=None)
    for uid in OWN_UIDS:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            return _changeable(Account(uid=uid))
    raise EmbeddedError(
        "no_free_user_number",
        f"All user numbers from {OWN_UIDS.start} to {OWN_UIDS.stop - 1} are in use."
        " Start Cosmo as a plain user, or set DATABASE_URL and VALKEY_URL.",
    )


def listed_account() -> Account:
    """A user with an entry in /etc/passwd: initdb refuses to run as one without a name."""
    if os.geteuid() != 0:
        return Account(uid=None)
    entries = sorted(pwd.getpwall(), key=lambda entry: (entry.pw_name != "nobody", entry.pw_uid))
    for entry in entries:
        if entry.pw_uid != 0:
            return Account(uid=entry.pw_uid)
    raise EmbeddedError(
        "no_plain_user",
        "This system lists no user but root, and PostgreSQL cannot be set up as root."
        " Add one (useradd cosmo), or set DATABASE_URL.",
    )


def _changeable(account: Account) -> Account:
    """``account``, proven: a container may have a root that cannot become anybody else."""
    try:
        account.run(["/bin/true"])
    except OSError as error:
        raise EmbeddedError(
            "cannot_change_user",
            f"This root cannot run a program as user {account.uid} ({error.strerror}), and"
            " PostgreSQL refuses root. Start Cosmo as a plain user, or set DATABASE_URL.",
        ) from error
    return account
