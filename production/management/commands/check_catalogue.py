"""``manage.py check_catalogue DIR``: what a product folder says about itself. Needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.lib.documents import CatalogueInvalid, in_order
from cosmo.lib.errors import DomainError
from design.drafting.told import Told, told_findings, told_problems
from design.drafting.void import why_void_in
from design.rules import Model
from design.rules.findings import findings
from production.folder import look_at_product_folder
from production.services.catalogue import product_folders


class Command(BaseCommand):
    help = (
        "Check a product folder, or every product folder in a folder: documents, words in every "
        "language, the offer's own tests, contradictions, options nobody can choose, rules "
        "without effect. Ends with 1 when there are faults. Needs no database."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", type=Path, metavar="DIR", nargs="+")
        parser.add_argument("--json", action="store_true", help="One JSON line for each finding.")
        parser.add_argument(
            "--allow-dead",
            action="append",
            default=[],
            metavar="FEATURE=OPTION",
            help="An option that is meant to be impossible; may be given several times.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        allowed = frozenset(options["allow_dead"])
        faults = warnings = count = 0
        for folder in self._folders(options["paths"]):
            count += 1
            for told in findings_in(folder, allowed):
                faults += told.severity == "fault"
                warnings += told.severity == "warning"
                self.stdout.write(_line(folder, told, as_json=options["json"]))
        if not options["json"]:
            self.stdout.write(f"{count} products, {faults} faults, {warnings} warnings")
        if faults:
            raise SystemExit(1)

    def _folders(self, paths: list[Path]) -> Iterator[Path]:
        try:
            for path in paths:
                yield from product_folders(path)
        except DomainError as error:
            raise CommandError(error.message) from error


def findings_in(folder: Path, allowed: frozenset[str] = frozenset()) -> Iterator[Told]:
    """Everything there is to say about one product folder; files are named as they were given."""
    look = look_at_product_folder(folder)
    yield from told_problems(in_order(look.problems))
    if look.folder is None:
        if (folder / "offer.yaml").is_file():
            yield from _why_void(folder)
        return
    offer = look.folder.offer
    model = Model.from_document(offer.content)
    for told in told_findings(offer, model, findings(model)):
        if told.code != "dead_option" or not _is_allowed(told, allowed):
            yield told


def _why_void(folder: Path) -> Iterator[Told]:
    try:
        yield from why_void_in(folder)
    except CatalogueInvalid:
        return  # told already


def _is_allowed(told: Told, allowed: frozenset[str]) -> bool:
    return all(f"{told.feature}={option}" in allowed for option in told.options)


def _line(folder: Path, told: Told, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"folder": str(folder), **told.as_json()}, ensure_ascii=False)
    return str(told)
