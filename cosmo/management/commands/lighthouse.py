"""``manage.py lighthouse``: the pages everybody meets, as on a phone (``make lighthouse``)."""

import os
import subprocess
import tempfile
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from cosmo.demo_accounts import make_accounts
from cosmo.demo_together import seed_together
from cosmo.measuring.shop import demo_shop
from design.models import Design, GalleryEntry, Idea
from design.selectors.catalogue import published_products
from orders.models import Campaign
from production.services.catalogue import factory_organisation

FOLDER = Path(settings.BASE_DIR) / ".ci" / "lighthouse"
LEAST = 95
AT_ONCE = 8  # requests of one page before it is measured, so that no web worker meets it cold


class Command(BaseCommand):
    help = (
        "Measure home, products, studios, lists, what people made and a saved design with "
        "Lighthouse (mobile, simulated throttling, medians) in a shop of its own, seeded as the "
        "demo's. Ends with 1 below the least score. A saved design asks search engines to stay "
        "away, for its link is private; that audit alone is left out for it. "
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
            _seed()
            private = reverse("design:open", args=[Design.objects.latest("pk").code])
            pages = [path for path in (*_pages(), private) if options["only"] in path]
            _warm(url, pages)
            asked = [f"--runs={options['runs']}", f"--least={options['least']}"]
            ended = subprocess.run(  # noqa: S603 - our own addresses, no shell
                ["node", "run.mjs", url, *pages, *asked, f"--unlisted={private}"],  # noqa: S607 - the developer's own node
                cwd=FOLDER,
                env=os.environ,
                check=False,
            )
        if ended.returncode:
            raise CommandError("Lighthouse is not content.")


def _seed() -> None:
    """The gallery, the ideas and the campaign of the demo; its passwords are kept nowhere."""
    with tempfile.TemporaryDirectory(prefix="cosmo-accounts-") as folder:
        make_accounts(file=Path(folder) / "accounts.json", factory=factory_organisation(""))
    seed_together()


def _pages() -> Iterator[str]:
    """What may be found by everybody: the pages of every product, the lists, one of each list."""
    yield reverse("home")
    for product in published_products():
        yield reverse("design:product", args=[product.slug])
        yield reverse("design:studio", args=[product.slug])
    yield reverse("design:gallery")
    yield reverse("design:gallery-entry", args=[GalleryEntry.objects.earliest("pk").design.code])
    yield reverse("design:ideas")
    yield reverse("design:idea", args=[Idea.objects.earliest("pk").public_id])
    yield reverse("orders:campaigns")
    yield reverse("orders:campaign", args=[Campaign.objects.earliest("pk").public_id])


def _warm(url: str, pages: Sequence[str]) -> None:
    """Ask for every page several times at once: the front hands them to all web workers."""
    with ThreadPoolExecutor(AT_ONCE) as hands:
        for page in pages:
            list(hands.map(_read, [f"{url}{page}"] * AT_ONCE))


def _read(address: str) -> int:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own http address
        return len(answer.read())
