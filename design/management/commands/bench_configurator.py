"""``manage.py bench_configurator PATH...``: how fast the engine answers a click."""

import json
import random
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError
from design.model_files import LoadedModel, load_model
from design.pricing import PriceBook
from design.pricing.cheapest import CheapestAnswers
from design.pricing.costs import Costs
from design.rules import Caps, Choices, Engine, Model
from design.rules.bench import Clicked, click_through

STATM = Path("/proc/self/statm")
PAGE = 4096
SEARCHES, SEARCH_SECONDS = 5, 1.0
DEAREST = 1_000_000  # ten-thousandths


class Command(BaseCommand):
    help = (
        "Click through models at random and print one JSON line each: time of all domains after a "
        "click, of conflicts, repairs and cheapest designs, beside a plain SAT solver. Needs no "
        "database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH",
            help="A product folder, or a .uvl, .dimacs or .cnf file.",
        )  # fmt: skip
        parser.add_argument("--sessions", type=int, default=5)
        parser.add_argument("--clicks", type=int, default=30, help="In each session.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--seconds", type=float, default=20.0, help="For compiling a diagram.")
        parser.add_argument(
            "--json", action="store_true", help="Print JSON lines (there is no other form yet)."
        )

    def handle(self, **options: Any) -> None:
        for path in options["paths"]:
            try:
                loaded = load_model(path)
            except (CatalogueInvalid, DomainError) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(json.dumps(_measured(loaded, options)))
            self.stdout.flush()


def _measured(loaded: LoadedModel, options: Mapping[str, Any]) -> dict[str, Any]:
    before = _resident()
    began = time.perf_counter()
    engine = Engine(loaded.model)
    encoded = time.perf_counter() - began
    diagram = engine.compile(Caps(seconds=options["seconds"]))
    if diagram is not None:
        engine.use(diagram)
        engine.count({})  # loads the compiled loops, which is not a click's business
    compiled = time.perf_counter() - began
    cheapest = _cheapest(loaded, engine, options)
    clicked = click_through(
        engine,
        cheapest,
        sessions=options["sessions"],
        clicks=options["clicks"],
        seed=options["seed"],
    )
    return {
        "model": loaded.name,
        "variables": engine.encoding.width,
        "values": sum(len(feature.domain) for feature in loaded.model.features),
        "rules": len(loaded.model.rules),
        "engine": "diagram" if diagram is not None else "sat",
        "nodes": diagram.nodes if diagram is not None else None,
        "encode_seconds": round(encoded, 3),
        "compile_seconds": round(compiled, 3),
        # What an earlier model of the same run gave back may be taken again: never below nothing.
        "memory_mb": max(round((_resident() - before) / 1e6, 1), 0.0),
        **_times(clicked, "cp-sat" if isinstance(cheapest, _Searched) else "diagram"),
    }


def _times(clicked: Clicked, by: str) -> dict[str, Any]:
    summary = clicked.domains.summary()
    return {
        "clicks": summary.pop("asked"),
        **summary,
        "conflict": clicked.conflict.summary(),
        "repair": clicked.repair.summary(),
        "cheapest": {"by": by, **clicked.cheapest.summary()},
        "plain_sat": clicked.plain.summary(),
        "ratio_to_plain_sat": clicked.ratio_to_plain,
    }


def _cheapest(loaded: LoadedModel, engine: Engine, options: Mapping[str, Any]) -> Any:
    """Asks for the cheapest design: by the offer's prices, else by prices drawn at random."""
    if loaded.document is None:
        book = PriceBook("EUR", Decimal(0), Decimal(0), ())
        asked = CheapestAnswers(book, engine, _drawn_costs(loaded.model, options["seed"]))
    else:
        book = PriceBook.from_document(loaded.document, loaded.model)
        asked = CheapestAnswers(book, engine)
    diagram = None
    if engine.diagram is not None:
        diagram = asked.compile(Caps(seconds=options["seconds"]))
    if diagram is None:
        return _Searched(asked)
    asked.use(diagram)
    asked.cheapest({})
    return asked.cheapest


class _Searched:
    """CP-SAT, asked a few times only: it takes as long as it is given."""

    def __init__(self, asked: CheapestAnswers) -> None:
        self.asked = asked
        self.left = SEARCHES

    def __call__(self, choices: Choices) -> object:
        self.left -= 1
        return self.asked.cheapest(choices, SEARCH_SECONDS)

    @property
    def is_over(self) -> bool:
        return self.left <= 0


def _drawn_costs(model: Model, seed: int) -> Costs:
    rng = random.Random(seed)  # noqa: S311 - the same prices every time
    drawn = {f.id: tuple(rng.randint(0, DEAREST) for _ in f.domain) for f in model.features}
    return Costs(0, {}, (), (), drawn)


def _resident() -> int:
    """Memory this process holds, in bytes; 0 where the system does not say."""
    return int(STATM.read_text().split()[1]) * PAGE if STATM.exists() else 0
