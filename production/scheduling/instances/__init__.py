"""Instances of the literature: reading, due dates, checking.

``read_shop(path, "fjsp")`` reads; ``faults(shop, stands)`` checks; ``Shop.as_problem()`` gives the
engine's own form.
"""

from production.scheduling.instances.plan import ShopPlan, Stand, faults
from production.scheduling.instances.reading import FORMATS, parse_shop, read_shop
from production.scheduling.instances.shop import Shop

__all__ = ["FORMATS", "Shop", "ShopPlan", "Stand", "faults", "parse_shop", "read_shop"]
