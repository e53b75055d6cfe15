"""``manage.py import_designs FILE.csv --product P``: designs drawn elsewhere, each row once."""

import csv
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError
from design.compile import compiled_offer
from design.import_folder import read_mapping
from design.importing import ColumnMapping, FileRefused, Kind, outcome_to_json, read_table
from design.models import Product
from design.rules import Model
from design.services.importing import ImportedRow, import_designs, product_to_import

KINDS: tuple[Kind, ...] = ("accepted", "repaired", "refused")
BAR = 40


class Command(BaseCommand):
    help = "Make designs of the rows of a CSV file; the same row again makes none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--product", required=True, metavar="SLUG")
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE.yaml",
            help="Which column answers which feature; the only one in catalogue/SLUG/imports "
            "unless said.",
        )
        parser.add_argument(
            "--json", action="store_true", help="A line for every row, then the totals."
        )
        parser.add_argument(
            "--compare",
            type=Path,
            metavar="FILE.csv",
            help="Another file with the same rows: print how the outcome goes with one column.",
        )
        parser.add_argument("--compare-column", default="valid", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        # Files first: they cost nothing, and a name mistyped is told before rules are compiled.
        content = _content(options["file"])
        compared = _content(options["compare"]) if options["compare"] else None
        try:
            product = product_to_import(options["product"])
            offer = product.published_offer
            model = compiled_offer(offer).model  # type: ignore[arg-type]  # published: just asked
            mapping = read_mapping(options["mapping"] or _only_mapping(product), model)
            known = _known_marks(options["compare"], compared, mapping, options["compare_column"])
            table = read_table(content, mapping)
            rows = import_designs(
                product=product, mapping=mapping, table=table, progress=self._show_progress
            )
        except FileRefused as error:
            message = f"{options['file']}:{error.line}: {error.sentence} Nothing was imported."
            raise CommandError(message) from error
        except CatalogueInvalid as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        except DomainError as error:
            raise CommandError(error.message) from error
        except ProgrammingError as error:  # PostgreSQL: a table or column is not there
            raise CommandError(
                "The database does not have the tables of this version; run manage.py migrate "
                f"first ({str(error).splitlines()[0]})."
            ) from error
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer ({str(error).splitlines()[0]})."
            ) from error
        self._tell(rows, model, as_lines=options["json"])
        if known is not None:
            column = options["compare_column"]
            self._note(_cross_table(rows, known, column))

    def _show_progress(self, done: int, count: int) -> None:
        """A bar that redraws itself about a hundred times."""
        if done < count and done % max(count // 100, 1):
            return
        bar = ("#" * (BAR * done // count)).ljust(BAR, ".")
        self._note(f"\r[{bar}] {done:,} of {count:,}" + ("\n" if done == count else ""))

    def _note(self, text: str) -> None:
        """To stderr without the colour of errors."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def _tell(self, rows: Sequence[ImportedRow], model: Model, *, as_lines: bool) -> None:
        totals = Counter(one.outcome.kind for one in rows)
        if as_lines:
            for one in rows:
                self.stdout.write(_line(one, model))
        created = sum(one.is_new for one in rows)
        self._note(f"{created} designs are new.\n")
        counts = {kind: totals[kind] for kind in KINDS}
        self.stdout.write(json.dumps({"rows": len(rows), **counts}))


def _line(one: ImportedRow, model: Model) -> str:
    told = outcome_to_json(one.outcome, model)
    found = {"design": one.code} if one.code else {}
    said = {"row": one.row.line, "name": one.row.name, **told, **found}
    return json.dumps(said, ensure_ascii=False)


def _only_mapping(product: Product) -> Path:
    folder = Path(settings.BASE_DIR) / "catalogue" / product.slug / "imports"
    found = sorted(folder.glob("*.yaml"))
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise CommandError(
            f"{folder} holds {names}; say with --mapping which mapping reads this file."
        )
    return found[0]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror}).") from error


def _known_marks(
    file: Path, content: bytes | None, mapping: ColumnMapping, column: str
) -> dict[str, str] | None:
    """What another file says of each row, by the row's name."""
    if content is None:
        return None
    if mapping.name_column is None:
        raise CommandError("Rows without names cannot be compared; the mapping has no name_column.")
    rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
    missing = {mapping.name_column, column} - set(rows.fieldnames or ())
    if missing:
        listed = ", ".join(f"'{name}'" for name in sorted(missing))
        raise CommandError(f"{file} has no column {listed}.")
    return {row[mapping.name_column]: row[column] for row in rows}


def _cross_table(rows: Sequence[ImportedRow], known: dict[str, str], column: str) -> str:
    counts = Counter((known.get(one.row.name, "-"), one.outcome.kind) for one in rows)
    marks = sorted({mark for mark, _ in counts})
    lines = [(column, *KINDS), *((mark, *(counts[mark, kind] for kind in KINDS)) for mark in marks)]
    return "".join(
        f"{name:>12}" + "".join(f"{cell:>10}" for cell in cells) + "\n" for name, *cells in lines
    )
