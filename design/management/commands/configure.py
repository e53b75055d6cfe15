"""``manage.py configure PATH --clicks FILE``: a session with the engine, line by line."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError
from design.model_files import LoadedModel, load_model
from design.pricing import PriceBook
from design.pricing.cheapest import CheapestAnswers
from design.rules import Caps, Choices, Clicks, Engine, Session


class Command(BaseCommand):
    help = (
        "Read clicks, one JSON a line, and write for each what can still be chosen and how many "
        "designs are left, or why it is refused. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, help="A product folder, or a .uvl, .dimacs or .cnf file."
        )
        parser.add_argument(
            "--clicks", required=True, metavar="FILE", help="The clicks; - reads standard input."
        )
        parser.add_argument(
            "--json", action="store_true", help="Write JSON lines (there is no other form yet)."
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=20.0,
            help="For compiling a decision diagram; without one there is no count. 0 for none.",
        )

    def handle(self, **options: Any) -> None:
        try:
            loaded = load_model(options["path"])
        except (CatalogueInvalid, DomainError) as error:
            raise CommandError(str(error)) from error
        engine = Engine(loaded.model)
        diagram = engine.compile(Caps(seconds=options["seconds"])) if options["seconds"] else None
        if diagram is not None:
            engine.use(diagram)
        price = price_of_repairs(loaded, engine, options["seconds"])
        clicks = Clicks(Session(engine, price), loaded.uncounted)
        failed = False
        for answer in clicks.answers(_lines(options["clicks"])):
            failed = failed or "error" in answer
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            self.stdout.flush()
        if failed:
            sys.exit(1)


def price_of_repairs(
    loaded: LoadedModel, engine: Engine, seconds: float
) -> Callable[[Choices], Decimal] | None:
    """What the cheapest design costs, by a diagram; where there is none, what the design does that
    the engine completes. None for models without prices."""
    if loaded.document is None:
        return None
    asked = CheapestAnswers(PriceBook.from_document(loaded.document, loaded.model), engine)
    diagram = asked.compile(Caps(seconds=seconds)) if engine.diagram is not None else None
    if diagram is None:
        return asked.completed_price
    asked.use(diagram)

    def cheapest(choices: Choices) -> Decimal:
        found = asked.cheapest(choices)
        return asked.completed_price(choices) if found is None else found.total

    return cheapest


def _lines(name: str) -> Iterable[bytes]:
    """Bytes, so that one line that is no text costs no other its answer."""
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).read_bytes().split(b"\n")
    except OSError as error:
        raise CommandError(f"The clicks in {name} cannot be read: {error}.") from error
