"""The demo's catalogue in a database of its own, served as the demo serves it; gone afterwards."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command

from cosmo.embedded.children import last_lines
from cosmo.embedded.demo_programs import choose_ports, demo_environment, web_programs
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import CHECKOUT, DataFolder
from cosmo.embedded.readiness import is_alive
from cosmo.embedded.supervisor import Supervisor
from cosmo.lib.hints import send_no_more
from production.measuring.ground import own_database

SERVED = ("web", "front")
ALIVE_LIMIT_S = 60.0
LOOK_EVERY_S = 0.1


@contextmanager
def demo_shop() -> Iterator[str]:
    """The address of a shop with the demo's products; nothing of any other database is touched."""
    send_no_more()
    with own_database() as database:
        call_command("load_catalogue", str(settings.BASE_DIR / "catalogue"), stdout=StringIO())
        with (
            tempfile.TemporaryDirectory(prefix="cosmo-shop-") as logs,
            _served(database, Path(logs)) as url,
        ):
            yield url


@contextmanager
def _served(database: str, logs: Path) -> Iterator[str]:
    """The demo's web workers and its front, on free ports, on that database."""
    ports = choose_ports(wanted=0)
    there = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **demo_environment(DataFolder(settings.COSMO_DATA), ports, factor="1"),
        "DATABASE_URL": there._replace(path=f"/{database}").geturl(),
    }
    supervisor = Supervisor(logs=logs, cwd=CHECKOUT, say=_say, environment=environment)
    for program in web_programs(ports):
        if program.name.startswith(SERVED):
            supervisor.start(program)
    try:
        _wait(supervisor, ports.url, logs)
        yield ports.url
    finally:
        supervisor.stop()


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _wait(supervisor: Supervisor, url: str, logs: Path) -> None:
    end = time.monotonic() + ALIVE_LIMIT_S
    while not is_alive(url):
        supervisor.look()
        if time.monotonic() > end:
            raise EmbeddedError(
                "web_silent",
                f"{url}/healthz does not answer after {ALIVE_LIMIT_S:.0f} s."
                f" The end of its log:\n{last_lines(logs / 'web.log')}\n",
            )
        time.sleep(LOOK_EVERY_S)
