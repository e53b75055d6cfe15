"""``manage.py schedule FILE``: a plan of an instance of the literature. Needs no database."""

import json
import os
import resource
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import process_time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.errors import DomainError
from production.management.arguments import (
    check_writable,
    seconds_of,
    seed_of,
    unwritable,
    workers_of,
)
from production.scheduling.check import violations
from production.scheduling.instances import FORMATS, Shop, Stand, faults, read_shop
from production.scheduling.problem import Placement
from production.scheduling.search import Outcome, Search, plan_shop

ENDING_SECONDS = 0.1
"""Of processor time: checking and writing the plan, and the end of the interpreter."""


class Command(BaseCommand):
    help = (
        "Read an instance of a job shop (jsp), a flexible one (fjsp) or one with set-ups (sdst) "
        "and write the best plan found within the processor time. Ctrl-C writes the best so far. "
        "Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="The instance.")
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument(
            "--objective", choices=["makespan", "weighted_tardiness"], default="makespan"
        )
        parser.add_argument(
            "--cpu-seconds",
            type=seconds_of,
            default=20.0,
            help="Of all threads together, from the start of the command.",
        )
        parser.add_argument("--workers", type=workers_of, default=os.cpu_count() or 1)
        parser.add_argument("--seed", type=seed_of, default=1)
        parser.add_argument("--out", type=Path, required=True, metavar="PLAN.json")

    def handle(self, **options: Any) -> None:
        out: Path = options["out"]
        check_writable(out)
        try:
            shop = read_shop(options["file"], options["format"])
            if options["objective"] == "weighted_tardiness":
                shop = shop.with_due_dates()
            outcome = self._search(shop, options)
        except DomainError as error:
            raise CommandError(error.message) from error
        _verify(shop, outcome.stands)
        try:
            out.write_text(json.dumps(_document(shop, outcome)) + "\n", encoding="ascii")
        except OSError as error:
            raise CommandError(unwritable(out, error.strerror or "")) from error

    def _search(self, shop: Shop, options: dict[str, Any]) -> Outcome:
        limit = options["cpu_seconds"] - ENDING_SECONDS
        interrupted = _interruption()

        def heard(cost: int) -> None:
            if options["verbosity"]:
                self.stderr.write(f"{used_seconds():8.2f} CPU-s  {cost}")

        search = Search(shop, seed=options["seed"], workers=options["workers"])
        return plan_shop(search, cpu_seconds=limit - used_seconds(), stop=interrupted, heard=heard)


def used_seconds() -> float:
    """Processor time of all threads and ended children since the program began."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def _interruption() -> Callable[[], bool]:
    """Whether Ctrl-C or an end was asked for since now."""
    asked = Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    return asked.is_set


def _document(shop: Shop, outcome: Outcome) -> dict[str, Any]:
    return {
        "objective": outcome.objective,
        "lower_bound": outcome.lower_bound,
        "cpu_seconds": round(used_seconds(), 2),
        "operations": [
            {
                "job": job,
                "operation": position,
                "machine": stand.machine + shop.first_machine,
                "setup_start": stand.set_up_start,
                "start": stand.start,
                "end": stand.end,
            }
            for (job, position, _), stand in zip(shop.operations(), outcome.stands, strict=True)
        ],
    }


def _verify(shop: Shop, stands: tuple[Stand, ...]) -> None:
    """Refuse to write what is no plan: by the shop's own checker and by the engine's."""
    found = faults(shop, stands)
    problem = shop.as_problem()
    if problem is not None:
        placements = [Placement(s.machine, s.set_up_start, 0, s.end) for s in stands]
        found += [violation.sentence for violation in violations(problem, placements)]
    if found:
        raise CommandError(
            f"The plan found breaks {len(found)} rules and is not written; the first: {found[0]} "
            "Please report this with the instance and the seed."
        )
