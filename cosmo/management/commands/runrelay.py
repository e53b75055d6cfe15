"""``manage.py runrelay``: hands on what waits in PostgreSQL, until SIGTERM or Ctrl-C."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from cosmo.relay import Relay


class Command(BaseCommand):
    help = "Hand on due work orders and outbox events until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Relay(stop).run()
