"""Make a plan of a shop as good as the processor time allows, on several threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread

import numpy as np

from production.scheduling.instances.plan import Stand
from production.scheduling.instances.shop import Shop
from production.scheduling.search.blending import scatter
from production.scheduling.search.bounds import lower_bound
from production.scheduling.search.graph import graph_of
from production.scheduling.search.pool import Pool
from production.scheduling.search.walk import Found, Walk
from production.scheduling.stop import Stop, never


@dataclass(frozen=True, slots=True)
class Manner:
    """How plans are bred and improved.

    Attributes:
        patience: Iterations without a better plan after which a walk ends.
        room: Plans the pool keeps.
        width: Moves reckoned to the end in each iteration, beyond their estimate.
    """

    patience: int
    room: int
    width: int


MAKESPAN = Manner(patience=12_500, room=12, width=1)
"""As Peng, Lue and Cheng (2015), with a smaller pool for shorter times."""
TARDINESS = Manner(patience=300, room=6, width=6)
"""Estimates are rough where several targets count and iterations dear, so that breeding gains more
than walking on: on la11 in 10 s 12,687 beside 13,515 with patience 1,000 and 21,849 with 12,500.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best plan and what is known about it."""

    stands: tuple[Stand, ...]
    objective: int
    lower_bound: int
    walks: int


class Search:
    """Workers that breed, improve and share plans until it is enough.

    ``best`` may be read at any moment, also while it runs or after an interruption.
    """

    def __init__(self, shop: Shop, *, seed: int = 1, workers: int = 1) -> None:
        self.shop = shop
        self.bound = lower_bound(shop)
        self.seed = seed
        self.workers = workers
        self.manner = TARDINESS if shop.due else MAKESPAN
        self.pool = Pool(self.manner.room)
        self.walks = 0
        self.failure: BaseException | None = None
        self._ended = Event()
        graph = graph_of(shop)
        scatter(graph, np.random.default_rng(seed), greed=1.0)
        walk = Walk(graph, seed=seed, tenure=1)
        walk.begin()
        self.pool.enter(walk.found())

    @property
    def is_proven(self) -> bool:
        return self.best.cost <= self.bound

    @property
    def best(self) -> Found:
        """The best plan so far."""
        assert self.pool.best is not None  # noqa: S101  the first one is there from the beginning
        return self.pool.best

    def outcome(self) -> Outcome:
        graph = graph_of(self.shop)
        found = self.best
        graph.node[:], graph.first[:] = found.node, found.first
        return Outcome(graph.stands(), found.cost, min(self.bound, found.cost), self.walks)

    def learn(self, *, bound: int, stands: Sequence[Stand] | None) -> None:
        """Take over what another method found."""
        self.bound = max(self.bound, bound)
        if stands is None:
            return
        graph = graph_of(self.shop)
        size = range(len(stands))
        sequence = sorted(size, key=lambda n: (stands[n].start, stands[n].end, n))
        machine = np.array([stand.machine for stand in stands], dtype=np.int64)
        graph.enter(np.array(sequence, dtype=np.int64), machine)
        walk = Walk(graph, seed=self.seed, tenure=1)
        walk.begin()
        self.pool.enter(walk.found())

    def run(self, stop: Stop = never, heard: Callable[[int], None] = lambda cost: None) -> None:
        """Until ``stop`` or until nothing is left to gain; may be called again to go on.

        Args:
            stop: Asked by every worker about every 30 ms.
            heard: Told the cost of every better plan.
        """
        self._ended.clear()
        turns = [
            Thread(target=self._work, args=(number, stop, heard), daemon=True)
            for number in range(self.workers)
        ]
        for turn in turns:
            turn.start()
        try:
            for turn in turns:
                while turn.is_alive():
                    turn.join(0.2)  # an interruption is heard between two waits
        finally:
            self._ended.set()
            for turn in turns:
                turn.join()
        if self.failure is not None:
            raise self.failure

    def _work(self, number: int, stop: Stop, heard: Callable[[int], None]) -> None:
        try:
            self._walk_on(number, stop, heard)
        except BaseException as failure:  # noqa: BLE001  raised again where run() is
            self.failure = failure
            self._ended.set()

    def _walk_on(self, number: int, stop: Stop, heard: Callable[[int], None]) -> None:
        seed = self.seed * 1000 + number + self.walks * 7919
        random = np.random.default_rng(seed)
        graph = graph_of(self.shop)
        walk = Walk(graph, seed=seed, tenure=tenure_of(self.shop), width=self.manner.width)

        def is_enough(cost: int) -> bool:
            if stop() or cost <= self.bound:
                self._ended.set()
            return self._ended.is_set()

        while not is_enough(self.best.cost):
            self.pool.breed(graph, random)
            walk.begin()
            found = walk.improve(patience=self.manner.patience, is_enough=is_enough)
            self.walks += 1
            if self.pool.enter(found):
                heard(found.cost)


def tenure_of(shop: Shop) -> int:
    """Iterations a move back is forbidden, at least (Zhang et al. 2007)."""
    return 10 + len(shop.jobs) // max(1, shop.machines)
