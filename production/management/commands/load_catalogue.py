"""``manage.py load_catalogue DIR``: publish product folders. Loading again changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError
from production.services.catalogue import factory_organisation, publish_folders
from production.services.materials import load_materials_folder


class Command(BaseCommand):
    help = "Publish a product folder, or every product folder in a folder, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="DIR")
        parser.add_argument(
            "--organisation",
            default="",
            metavar="SLUG",
            help="Who sells and makes it; the first factory unless said.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                organisation = factory_organisation(options["organisation"])
                published = list(publish_folders(options["path"], organisation))
                counted = load_materials_folder(options["path"], organisation)
        except CatalogueInvalid as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        except DomainError as error:
            raise CommandError(error.message) from error
        for one in published:
            changed = ", ".join(one.changes) or "nothing changed"
            self.stdout.write(f"{one.product} at {one.plant}: {changed}")
        for plant, count in counted.items():
            self.stdout.write(f"materials of {plant}: {count or 'nothing'} changed")
