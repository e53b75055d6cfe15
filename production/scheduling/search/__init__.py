"""Anytime search for shops of the literature.

::

    outcome = plan_shop(Search(shop, seed=1, workers=2), cpu_seconds=20)
    outcome.stands                     # verify with instances.faults
"""

from production.scheduling.search.plan import plan_shop
from production.scheduling.search.solve import Outcome, Search

__all__ = ["Outcome", "Search", "plan_shop"]
