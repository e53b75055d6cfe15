"""``manage.py bench_studio``: how fast the studio answers a click while others click too."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosmo.measuring.shop import demo_shop
from cosmo.measuring.shoppers import Times, Walk, click_all, costs, walk_of
from design.models import Product
from design.selectors.catalogue import published_products
from production.measuring.measures import percentile

MOST_P95_MS = 150.0
MOST_STATEMENTS = 6


class Command(BaseCommand):
    help = (
        "Measure clicks in the studio over HTTP with the demo's products and the demo's web "
        "servers: all shoppers at once, one alone (the baseline), and a page without an engine "
        "(the floor). Everything happens in a database of its own, dropped at the end. "
        "Ends with 1 where a limit is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shoppers", type=int, default=8)
        parser.add_argument("--clicks", type=int, default=40, help="Of each shopper, a product.")
        parser.add_argument(
            "--think", type=float, default=1.0, help="Seconds between answer and click, on average."
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="One line of JSON, nothing else.")

    def handle(self, **options: Any) -> None:
        with demo_shop() as url:
            found = [self._measured(url, product, options) for product in published_products()]
        if options["json"]:
            self.stdout.write(json.dumps({"limit_p95_ms": MOST_P95_MS, "products": found}))
        else:
            for one in found:
                self.stdout.write("  ".join(f"{name} {value}" for name, value in one.items()))
        slow = [one["product"] for one in found if one["p95_ms"] > MOST_P95_MS]
        wordy = [one["product"] for one in found if one["statements_most"] > MOST_STATEMENTS]
        if slow or wordy:
            raise CommandError(
                f"Slower than {MOST_P95_MS:.0f} ms: {', '.join(slow) or 'none'};"
                f" more than {MOST_STATEMENTS} statements a click: {', '.join(wordy) or 'none'}."
            )

    def _measured(self, url: str, product: Product, options: dict[str, Any]) -> dict[str, Any]:
        if not options["json"]:
            sys.stderr.write(f"{product.slug}: {options['shoppers']} shoppers\n")
        shoppers, clicks, seed = options["shoppers"], options["clicks"], options["seed"]
        walks = [walk_of(product, clicks, seed * 100 + number) for number in range(shoppers)]
        first = click_all(url, walks[:1], think_s=0.0)[0].ms[:1]
        alone = click_all(url, [walk_of(product, clicks, seed * 100 + 99)], think_s=0.0)
        floor = click_all(
            url, [Walk("/healthz", [""] * clicks)] * shoppers, think_s=options["think"] / 4
        )
        together = click_all(url, walks, think_s=options["think"])
        asked, cpu_ms = costs(walk_of(product, min(clicks, 20), seed * 100 + 98))
        return {
            "product": product.slug,
            "shoppers": shoppers,
            "clicks": sum(len(one.ms) for one in together),
            "p50_ms": percentile(_all(together), 0.5),
            "p95_ms": percentile(_all(together)),
            "worst_ms": percentile(_all(together), 1.0),
            "alone_p50_ms": percentile(_all(alone), 0.5),
            "alone_p95_ms": percentile(_all(alone)),
            "first_click_ms": round(first[0], 1),
            "floor_p95_ms": percentile(_all(floor)),
            "failures": sum(len(one.failures) for one in (*together, *alone)),
            "cpu_p50_ms": percentile(cpu_ms, 0.5),
            "cpu_p95_ms": percentile(cpu_ms),
            "statements_p50": percentile(asked, 0.5),
            "statements_most": max(asked),
        }


def _all(times: list[Times]) -> list[float]:
    return [ms for one in times for ms in one.ms]
