"""The best plans so far, shared by the workers: where new ones are bred."""

from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from production.scheduling.search.blending import blend, distance, scatter
from production.scheduling.search.graph import Graph
from production.scheduling.search.walk import Found

NEAR = 0.02
"""Plans that differ in a smaller share of operations count as one."""


@dataclass(slots=True)
class Pool:
    """Plans apart from each other, at most ``room`` of them.

    After ``room`` plans in a row that were no better than what is there, all but the best one
    goes, so that another region is looked at.
    """

    room: int
    kept: list[Found] = field(default_factory=list)
    best: Found | None = None
    asked: int = 0
    idle: int = 0
    lock: Lock = field(default_factory=Lock)

    def breed(self, graph: Graph, random: np.random.Generator) -> None:
        """Enter a plan to improve: drawn while there is room, else between two of the pool."""
        with self.lock:
            self.asked += 1
            is_drawn = len(self.kept) < 2 or self.asked <= self.room
            kept = list(self.kept)
        if is_drawn:
            scatter(graph, random, greed=1.0 if self.asked % 2 else 0.8)
            return
        first, second = random.choice(len(kept), size=2, replace=False)
        share = random.uniform(0.3, 0.7)
        is_near = distance(kept[first], kept[second]) < 0.1
        noise = len(graph.node) * 0.02 if is_near or random.random() < 0.1 else 0.0
        blend(graph, kept[first], kept[second], share, noise, random)

    def enter(self, found: Found) -> bool:
        """Keep a plan where it is worth it; whether it is the best of all."""
        with self.lock:
            is_best = self.best is None or found.cost < self.best.cost
            if is_best:
                self.best = found
            self.idle = 0 if self._keep(found) else self.idle + 1
            if self.idle > 3 * self.room and len(self.kept) == self.room:
                self.kept = [min(self.kept, key=_cost)]
                self.asked, self.idle = 1, 0
            return is_best

    def _keep(self, found: Found) -> bool:
        for index, other in enumerate(self.kept):
            if distance(found, other) < NEAR:
                if found.cost < other.cost:
                    self.kept[index] = found
                    return True
                return False
        if len(self.kept) < self.room:
            self.kept.append(found)
            return True
        worst = max(range(len(self.kept)), key=lambda index: self.kept[index].cost)
        if found.cost < self.kept[worst].cost:
            self.kept[worst] = found
            return True
        return False


def _cost(found: Found) -> int:
    return found.cost
