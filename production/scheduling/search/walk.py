"""One walk of the tabu search: its memory, and running it in pieces until it is enough."""

# The compiled search takes more tables than its decorator tells mypy.
# mypy: disable-error-code="call-arg"
from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time

import numpy as np

from production.scheduling.instances.shop import Ints
from production.scheduling.search import tabu
from production.scheduling.search.graph import MACHINE, SEEN, Graph, Table
from production.scheduling.search.moves import SEED

PIECE_SECONDS = 0.03
"""Of processor time, between two questions whether it is enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A plan by what fixes it, with heads and order as ``tabu.evaluate`` left them."""

    cost: int
    node: Table
    first: Table


class Walk:
    """Rooms are kept from plan to plan, for they are larger than a plan.

    Args:
        width: How many of the moves estimated best are reckoned to the end in each iteration.
    """

    def __init__(self, graph: Graph, *, seed: int, tenure: int, width: int = 1) -> None:
        size, targets = graph.tail.shape
        self.graph = graph
        self.tenure = tenure
        self.numbers: Ints = np.zeros(tabu.NUMBERS, dtype=np.int64)
        self.numbers[SEED] = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & 0x3FFFFFFFFFFFFFFF | 1
        self.memory = (
            self.numbers,
            np.zeros((size, size, 2), dtype=np.int32),
            np.zeros((size, len(graph.first)), dtype=np.int32),
            np.zeros((width + 1, tabu.CHOICE_COLUMNS), dtype=np.int64),
            np.zeros((size + 2, 3), dtype=np.int32),
            np.zeros((size + 2, targets), dtype=np.int32),
        )
        self.piece = 100

    def enter(self, found: Found) -> None:
        """Stand on that plan, everything forbidden before forgotten."""
        self.graph.node[:, MACHINE:SEEN] = found.node[:, MACHINE:SEEN]
        self.graph.first[:] = found.first
        self.begin()

    def begin(self) -> None:
        """Evaluate the plan in the graph and start from it."""
        cost = tabu.evaluate(*self.graph.arrays)
        for table in self.memory[1:3]:
            table[:] = 0
        self.graph.node[:, SEEN] = 0
        self.numbers[[tabu.ITERATION, tabu.STALL]] = 0
        self.numbers[[tabu.COST, tabu.BEST]] = cost

    def improve(self, *, patience: int, is_enough: Callable[[int], bool]) -> Found:
        """Walk until nothing better came for ``patience`` iterations; the best plan met.

        Args:
            is_enough: Asked about every 30 ms with the best cost.
        """
        node, first = self.graph.keep()
        while True:
            began = thread_time()
            made = tabu.search(
                *self.graph.arrays, *self.memory, node, first, self.piece, patience, self.tenure
            )
            taken = thread_time() - began
            if made < self.piece or is_enough(int(self.numbers[tabu.BEST])):
                break
            if taken < PIECE_SECONDS / 2:
                self.piece *= 2
            elif taken > PIECE_SECONDS * 2:
                self.piece = max(1, self.piece // 2)
        self.graph.node[:], self.graph.first[:] = node, first
        return self.found()

    def found(self) -> Found:
        """The plan in the graph."""
        cost = tabu.evaluate(*self.graph.arrays)
        return Found(cost, *self.graph.keep())
