"""``manage.py bench_schedule --set NAME``: how good plans are at a processor time."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.errors import DomainError
from production.management.arguments import seconds_of, seed_of, workers_of
from production.scheduling.bench.sets import SETS, BenchOptions

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "scheduling"
"""Beside the checkout."""


class Command(BaseCommand):
    help = (
        "Plan every instance of a set within a processor time and print a line for each: the plan "
        "beside the best known one and beside raw CP-SAT at the same processor time; then the "
        "totals. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--set", choices=sorted(SETS), required=True, dest="name")
        parser.add_argument("--cpu-seconds", type=seconds_of, default=20.0, help="An instance.")
        parser.add_argument("--workers", type=workers_of, default=os.cpu_count() or 1)
        parser.add_argument("--seed", type=seed_of, default=1)
        parser.add_argument("--data", type=Path, default=DATA, help="Folder of the instances.")
        parser.add_argument("--only", nargs="*", default=[], metavar="INSTANCE")
        parser.add_argument(
            "--no-baseline",
            action="store_false",
            dest="baseline",
            help="Without raw CP-SAT: half the time.",
        )
        parser.add_argument("--json", action="store_true", help="JSON lines, not a table.")

    def handle(self, **options: Any) -> None:
        asked = BenchOptions(
            cpu_seconds=options["cpu_seconds"],
            workers=options["workers"],
            seed=options["seed"],
            folder=options["data"],
            only=tuple(options["only"]),
            baseline=options["baseline"],
        )
        try:
            for line in SETS[options["name"]](asked):
                said = {"set": options["name"], **line}
                self.stdout.write(json.dumps(said) if options["json"] else _row(said))
                self.stdout.flush()
        except DomainError as error:
            raise CommandError(error.message) from error


def _row(line: dict[str, object]) -> str:
    return "  ".join(f"{key}={value}" for key, value in line.items() if value is not None)
