"""The order of things when a shop is planned within a processor time."""

from collections.abc import Callable
from time import process_time

from production.scheduling.instances.shop import Shop
from production.scheduling.search.solve import Outcome, Search
from production.scheduling.stop import Stop, never

FIRST_SHARE, PROOF_SHARE = 0.3, 0.15
"""Of the processor time: the first search, then CP-SAT, which may prove that nothing is left to
gain or find what is; the search has the rest.
"""
FIRST_SECONDS = 0.02
"""For each operation, at most: small shops are proven soon, however much time there is."""
PROOF_WORKERS = 8
MOST_OPERATIONS = 1000
MOST_ARCS = 200_000
"""Beyond, CP-SAT would not even have read the model within its share."""


def plan_shop(
    search: Search,
    *,
    cpu_seconds: float,
    stop: Stop = never,
    heard: Callable[[int], None] = lambda cost: None,
) -> Outcome:
    """The best plan found within the processor time of all threads, or until ``stop``."""
    began = process_time()

    def stop_after(seconds: float) -> Stop:
        return lambda: stop() or process_time() >= began + seconds

    if _is_small(search.shop):
        first = min(FIRST_SHARE * cpu_seconds, FIRST_SECONDS * search.shop.size)
        search.run(stop_after(first), heard)
        if not search.is_proven and not stop():
            _prove(search, stop_after(first + PROOF_SHARE * cpu_seconds), heard)
    search.run(stop_after(cpu_seconds), heard)
    return search.outcome()


def _prove(search: Search, stop: Stop, heard: Callable[[int], None]) -> None:
    from production.scheduling.windows.raw import raw_cp_sat  # loads for half a second

    def better(cost: int) -> None:
        if cost < search.best.cost:
            heard(cost)

    answer = raw_cp_sat(
        search.shop,
        workers=PROOF_WORKERS,
        seed=search.seed,
        stop=stop,
        hint=search.outcome().stands,
        heard=better,
    )
    search.learn(bound=answer.bound, stands=answer.stands)


def _is_small(shop: Shop) -> bool:
    if shop.size > MOST_OPERATIONS:
        return False
    return shop.set_ups is None or shop.machines * shop.size**2 <= MOST_ARCS
