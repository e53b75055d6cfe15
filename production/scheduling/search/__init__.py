"""Anytime search for shops of the literature.

::

    search = Search(shop, seed=1, workers=2)
    search.run(stop=after_cpu_seconds(20))
    search.outcome().stands            # verify with instances.faults
"""

from production.scheduling.search.solve import Outcome, Search

__all__ = ["Outcome", "Search"]
