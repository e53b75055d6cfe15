"""``manage.py check_invariants``: what must always be true, asked of the database."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cosmo.invariants import INVARIANTS, find_breaches


class Command(BaseCommand):
    help = "Check that nothing was lost, doubled or left over. Exit code 1 names every breach."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = find_breaches()
        broken = {breach.invariant for breach in breaches}
        if options["json"]:
            found = [{"invariant": b.invariant, "what": b.what} for b in breaches]
            self.stdout.write(json.dumps({"checked": len(INVARIANTS), "breaches": found}))
        else:
            for invariant in INVARIANTS:
                mark = "BROKEN" if invariant.name in broken else "holds"
                self.stdout.write(f"{mark:<7} {invariant.name:<18} {invariant.sentence}")
            for breach in breaches:
                self.stderr.write(f"{breach.invariant}: {breach.what}")
        if breaches:
            sys.exit(1)
