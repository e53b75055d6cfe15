"""``manage.py seed_demo``: the catalogue, the line's key and an account for everybody."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cosmo.demo_accounts import make_accounts
from production.models import Line
from production.services.catalogue import factory_organisation


class Command(BaseCommand):
    help = (
        "Load the catalogue, make the demo's accounts (accounts.json) and write the simulated "
        "line's key (line_key) into COSMO_DATA. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_catalogue", str(settings.BASE_DIR / "catalogue"), stdout=self.stdout)
        factory = factory_organisation("")
        accounts = make_accounts(file=settings.COSMO_DATA / "accounts.json", factory=factory)
        line = Line.objects.filter(connector="rest").order_by("id").first()
        if line is None:
            raise CommandError("No plant in the catalogue has a line that speaks REST.")
        _write_key(settings.COSMO_DATA / "line_key", line.key)
        self.stdout.write(f"{len(accounts)} accounts, key of {line}")


def _write_key(file: Path, key: str) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(key + "\n", encoding="ascii")
    draft.replace(file)
