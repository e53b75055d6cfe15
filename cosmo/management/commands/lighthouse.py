"""``manage.py lighthouse``: the pages everybody meets, as on a phone (``make lighthouse``)."""

import os
import subprocess
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, reverse

from cosmo.measuring.shop import demo_shop
from design.selectors.catalogue import published_products
from design.services.designs import save_design

FOLDER = Path(settings.BASE_DIR) / ".ci" / "lighthouse"
LISTS = (
    "design:gallery",
    "design:ideas",
    "orders:campaigns",
)  # measured where there are such pages
LEAST = 95


class Command(BaseCommand):
    help = (
        "Measure home, products, studios, lists and a saved design with Lighthouse (mobile, "
        "simulated throttling, medians) in a shop of its own. Ends with 1 below the least score. "
        "Needs the packages of .ci/lighthouse: `make lighthouse` brings them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--runs", type=int, default=3, help="Of each page; the median counts.")
        parser.add_argument("--least", type=int, default=LEAST)
        parser.add_argument("--only", default="", help="Pages whose address contains this.")

    def handle(self, **options: Any) -> None:
        if not (FOLDER / "node_modules" / "lighthouse").is_dir():
            raise CommandError("Lighthouse is not installed. Run `make lighthouse`.")
        with demo_shop() as url:
            pages = [path for path in _pages() if options["only"] in path]
            asked = [f"--runs={options['runs']}", f"--least={options['least']}"]
            ended = subprocess.run(  # noqa: S603 - our own addresses, no shell
                ["node", "run.mjs", url, *pages, *asked],  # noqa: S607 - the developer's own node
                cwd=FOLDER,
                env=os.environ,
                check=False,
            )
        if ended.returncode:
            raise CommandError("Lighthouse is not content.")


def _pages() -> Iterator[str]:
    yield reverse("home")
    products = list(published_products())
    for product in products:
        yield reverse("design:product", args=[product.slug])
        yield reverse("design:studio", args=[product.slug])
    offer = products[0].published_offer
    if offer is not None:
        revision = save_design(offer=offer, choices={})
        yield reverse("design:open", args=[revision.design.code])
    for name in LISTS:
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue
