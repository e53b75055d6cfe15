"""``manage.py seed_demo``: the catalogue, the lines' keys and an account for everybody."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cosmo.demo_accounts import make_accounts
from cosmo.demo_together import seed_together
from design.models import Product
from production.models import Line
from production.services.catalogue import factory_organisation


class Command(BaseCommand):
    help = (
        "Load the catalogue, make the demo's accounts (accounts.json) and write the keys of the "
        "simulated lines (lines/*.key) into COSMO_DATA. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.load_catalogue(settings.BASE_DIR / "catalogue", settings.COSMO_DATA / "catalogue.json")
        factory = factory_organisation("")
        accounts = make_accounts(file=settings.COSMO_DATA / "accounts.json", factory=factory)
        count = write_line_keys(settings.COSMO_DATA / "lines")
        if not count:
            raise CommandError("No plant in the catalogue has a line that speaks REST.")
        shown = seed_together()
        self.stdout.write(f"{len(accounts)} accounts, keys of {count} lines, {shown} new designs")

    def load_catalogue(self, folder: Path, note: Path) -> None:
        """Load the catalogue, but not the same files again: what authors published in the demo
        since then stays, and the start is quicker."""
        print_of_files = fingerprint(folder)
        if note.exists():
            loaded = json.loads(note.read_text(encoding="utf-8"))
            on_sale = Product.objects.filter(slug__in=loaded["products"])
            is_there = on_sale.exclude(published_offer=None).count() == len(loaded["products"])
            if loaded["sha256"] == print_of_files and is_there:
                self.stdout.write("catalogue: loaded before")
                return
        call_command("load_catalogue", str(folder), stdout=self.stdout)
        slugs = sorted(file.parent.name for file in folder.glob("*/offer.yaml"))
        written = {"sha256": print_of_files, "products": slugs}
        note.write_text(json.dumps(written), encoding="utf-8")


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of all files in a folder, hexadecimal."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


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
