"""Where everything lies, below one data folder."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SYSTEM_STATE = Path("/var/lib/cosmo-embedded")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One ``COSMO_DATA``; each has its own servers, ports and passwords."""

    path: Path

    @property
    def state(self) -> Path:
        """What the programs that share the servers tell each other."""
        return self.path / "embedded"

    @property
    def start_lock(self) -> Path:
        return self.state / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.state / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.state / "keeper.lock"

    @property
    def addresses(self) -> Path:
        """Written by the keeper when the servers answer; holds passwords, so mode 600."""
        return self.state / "addresses.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def lines(self) -> Path:
        """Key and memory of every simulated line; `seed_demo` writes the keys."""
        return self.path / "lines"

    @property
    def servers_inside(self) -> Path:
        return self.path / "servers"

    @property
    def servers_outside(self) -> Path:
        """For root with a data folder that the servers' user cannot reach (a closed home).

        Named by a mark in the data folder: a new one at the same path does not find old data.
        """
        mark = self.state / "mark"
        if not mark.exists():
            mark.write_text(secrets.token_hex(6), encoding="ascii")
        return SYSTEM_STATE / f"{self.path.name}-{mark.read_text(encoding='ascii')}"


def data_folder() -> DataFolder:
    """The data folder that the environment names, ``./var`` of the checkout by default."""
    named = os.environ.get("COSMO_DATA")
    return DataFolder(Path(named).absolute() if named else CHECKOUT / "var")


def make_folders(folder: DataFolder) -> None:
    """Make what is missing. A folder that is already there keeps its permissions.

    Made by root it may be passed through, not listed: the servers' user has to reach its own part.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for path in (folder.path, folder.state, folder.logs):
        make_folder(path, mode if path == folder.path else 0o700)


def make_folder(path: Path, mode: int) -> None:
    """Make ``path`` with exactly ``mode`` when it is missing, whatever the umask says."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir()
    except FileExistsError:
        return
    path.chmod(mode)
