"""Starts PostgreSQL and Valkey for this run, before settings load, in a folder of its own.

One pair of servers for all workers of a run; runs of different people do not know of each other.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cosmo.embedded.attach import Attachment, attach
from cosmo.embedded.folders import CHECKOUT, DataFolder

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SERVERS_ARE_OURS = "DATABASE_URL" not in os.environ  # false in xdist's workers: inherited


def start_servers() -> Attachment:
    path = Path(tempfile.mkdtemp(prefix="cosmo-test-"))
    if os.geteuid() == 0:
        path.chmod(0o711)
    os.environ["COSMO_DATA"] = str(path)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(CHECKOUT / "var" / "numba"))
    attachment = attach(DataFolder(path), is_throwaway=True)
    attachment.addresses.export()
    return attachment


def separate_valkey_databases() -> None:
    """Each xdist worker has two Valkey databases of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    base = os.environ["VALKEY_URL"].rpartition("/")[0]
    os.environ["VALKEY_URL"] = f"{base}/{2 * int(worker)}"
    os.environ["BROKER_URL"] = f"{base}/{2 * int(worker) + 1}"


attachment = start_servers() if SERVERS_ARE_OURS else None
separate_valkey_databases()
os.environ["DJANGO_SETTINGS_MODULE"] = "cosmo.settings"

from django.conf import settings  # noqa: E402 - the environment is complete only now
from django.utils import translation  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, tests only
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else whitenoise warns, and warnings fail


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit the environment; with this name in it pytest-django would load settings
    before the lines above have given each worker Valkey databases of its own.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    if attachment is not None:
        attachment.leave()
        shutil.rmtree(attachment.folder.path, ignore_errors=True)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test client leaves the language of its last page behind, for whatever test comes next."""
    yield
    translation.deactivate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM.exists():
        return
    skip = pytest.mark.skip(
        reason=f"{CHROMIUM} is missing: apt-get install chromium, or set CHROMIUM"
    )
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium: software drawing, WebGL 2, no calls home."""
    flags = [
        *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
        *("--disable-quic", "--no-first-run", "--disable-background-networking"),
        *("--disable-component-update", "--disable-sync"),
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": flags}


@pytest.fixture
def clean_valkey() -> Iterator[None]:
    """Empties this worker's cache before and after."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()
