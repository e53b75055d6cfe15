"""Compile and cache the search, so that the first one does not wait (``make setup``)."""

from production.scheduling.instances.reading import parse_shop
from production.scheduling.search.solve import Search
from production.scheduling.stop import after_plans


def warm() -> None:
    shop = parse_shop("2 2\n0 1 1 2\n1 2 0 1\n", "jsp").with_due_dates()
    Search(shop).run(after_plans(2))
