"""``manage.py import_frepple FILE``: a plant that was written for frePPLe gets a verified plan."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.errors import DomainError
from production.management.arguments import check_writable, seconds_of
from production.scheduling.infeasible import Infeasible
from production.services.catalogue import factory_organisation
from production.services.importing import plan_fixture, store_planned_shop


class Command(BaseCommand):
    help = "Read a fixture of frePPLe, plan its open demands, store plant, components and plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--organisation", default="", metavar="SLUG", help="Whose plant; the factory's."
        )
        parser.add_argument("--seconds", type=seconds_of, default=20.0, help="for planning")
        parser.add_argument("--out", type=Path, metavar="PLAN.json", help="write the whole plan")
        parser.add_argument("--dry-run", action="store_true", help="plan, and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if options["out"]:
            check_writable(options["out"])
        try:
            planned = plan_fixture(path, seconds=options["seconds"])
            plants = []
            if not options["dry_run"]:
                organisation = factory_organisation(options["organisation"])
                stored = store_planned_shop(
                    planned, organisation=organisation, prefix=path.stem.replace("_", "-")
                )
                plants = [plant.code for plant in stored]
        except (DomainError, Infeasible) as error:
            raise CommandError(error.message) from error
        if options["out"]:
            options["out"].write_text(json.dumps({"plan": planned.plan()}, indent=1), "utf-8")
        self.stdout.write(json.dumps({**planned.summary(), "plants": plants}, ensure_ascii=False))
