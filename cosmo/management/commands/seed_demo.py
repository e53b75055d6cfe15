"""``manage.py seed_demo``: the catalogue, the lines' keys and an account for everybody."""

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
        "Load the catalogue, make the demo's accounts (accounts.json) and write the keys of the "
        "simulated lines (lines/*.key) into COSMO_DATA. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_catalogue", str(settings.BASE_DIR / "catalogue"), stdout=self.stdout)
        factory = factory_organisation("")
        accounts = make_accounts(file=settings.COSMO_DATA / "accounts.json", factory=factory)
        count = write_line_keys(settings.COSMO_DATA / "lines")
        if not count:
            raise CommandError("No plant in the catalogue has a line that speaks REST.")
        self.stdout.write(f"{len(accounts)} accounts, keys of {count} lines")


def write_line_keys(folder: Path) -> int:
    """A key file for every line that is to be simulated; how many."""
    folder.mkdir(mode=0o700, exist_ok=True)
    lines = Line.objects.filter(connector="rest").select_related("plant")
    for line in lines:
        _write_key(folder / f"{line.plant.code}-{line.code}.key", line.key)
    return len(lines)


def _write_key(file: Path, key: str) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(key + "\n", encoding="ascii")
    draft.replace(file)
