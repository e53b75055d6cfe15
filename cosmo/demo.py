"""``make demo``: this process loads Django once, and its programs are forks of it.

python -m cosmo.demo [--once]
"""

import argparse
import io
import os
import sys
from collections.abc import Callable

from cosmo.embedded.demo import run

SHARED = (
    *("celery.bin.celery", "celery.apps.worker", "celery.worker.worker", "celery.apps.beat"),
    *("celery.concurrency.prefork", "kombu.transport.redis", "cosmo.relay", "cosmo.asgi"),
    *("uvicorn.main", "uvicorn.protocols.websockets.auto", "uvicorn.protocols.http.auto"),
)


def warm_up(done: Callable[[str], None]) -> None:
    """Load Django (the environment is complete now) and prepare the data."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosmo.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    load_programs()
    done("Program loaded")
    call_command("prepare_demo", stdout=Steps(done))
    connections.close_all()  # a fork must not share its parent's connection


def load_programs() -> None:
    """What the forks would each import: tasks, Celery's own programs, the relay, the sockets."""
    from importlib import import_module

    from cosmo.celery import app

    app.loader.import_default_modules()
    app.finalize()
    for name in SHARED:
        import_module(name)


class Steps(io.TextIOBase):
    """What ``prepare_demo`` writes: steps that are done, and sentences for the log."""

    def __init__(self, done: Callable[[str], None]) -> None:
        self.done = done

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if line.startswith("done: "):
                self.done(line.removeprefix("done: "))
            else:
                sys.stdout.write(f"{line}\n")
        return len(text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="cosmo.demo")
    parser.add_argument("--once", action="store_true", help="play one journey, then stop")
    return run(is_once=parser.parse_args().once, warm_up=warm_up)


if __name__ == "__main__":
    sys.exit(main())
