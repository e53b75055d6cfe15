"""``manage.py bench_planning``: how long it takes until what was ordered is planned."""

import json
import random
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cosmo.lib.hints import send_no_more
from production.management.arguments import count_of, seed_of
from production.measuring import ground, plans
from production.measuring.measures import break_down, double_bookings


class Command(BaseCommand):
    help = (
        "Measure the planning of a full plant and the way of one large order from the cart into "
        "the plan, with the SQL statements of each. Everything happens in a database of its own "
        "on the same server, which is dropped at the end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--units",
            type=count_of("number of units", 1),
            default=1_000,
            help="Work orders in the plant.",
        )
        parser.add_argument(
            "--lines", type=count_of("number of lines", 1), default=20, help="Of the large order."
        )
        parser.add_argument(
            "--resources",
            type=count_of("number of resources", 1),
            default=6,
            help="Of each work centre.",
        )
        parser.add_argument("--seed", type=seed_of, default=1)
        parser.add_argument("--json", action="store_true", help="One line of JSON, nothing else.")

    def handle(self, **options: Any) -> None:
        self.says_steps = not options["json"]
        send_no_more()
        with ground.own_database():
            found = self._measured(options)
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, value in found.items():
            self.stdout.write(f"{name:18} {value}")

    def _measured(self, options: dict[str, Any]) -> dict[str, Any]:
        rng = random.Random(options["seed"])  # noqa: S311 - the same every time
        plant, offer = ground.make_plant("bench", resources=options["resources"])
        self._step(f"selling {options['units']} units")
        plans.fill_plant(offer, options["units"], rng)
        self._step("planning them")
        first = plans.planned(plant, trigger="bench")
        self._step(f"ordering {options['lines']} lines more")
        order = plans.order_to_plan(plant, offer, options["lines"], rng)
        self._step("planning round a breakdown")
        break_down(plant)
        again = plans.planned(plant, trigger="breakdown")
        return {
            "units": options["units"],
            "bookings": plans.bookings(),
            "first_plan": first,
            "order_to_plan": order,
            "breakdown_plan": again,
            "double_bookings": double_bookings(),
        }

    def _step(self, sentence: str) -> None:
        if self.says_steps:
            self.stderr.write(sentence)
