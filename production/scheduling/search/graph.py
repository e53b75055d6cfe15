"""The disjunctive graph as tables, the shape the compiled search takes.

A row an operation, one column a fact; -1 is none. ``HEAD`` is the earliest start, a tail the
longest way from the end of an operation to the end of a target. A target is what the objective
counts: the whole shop for the makespan, each job for weighted tardiness. Few plain tables, because
numba counts references whenever a tuple of arrays is handed on; 32 bits, because a row is then one
line of the processor's cache.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cosmo.lib.errors import Invalid
from production.scheduling.instances.plan import Stand
from production.scheduling.instances.shop import Ints, Shop

Table = npt.NDArray[np.int32]

# Columns of node: given ...
(JOB_BEFORE, JOB_AFTER, OPTION_AT, OPTION_END, TARGET) = range(5)
# ... the plan ...
(MACHINE, MINUTES, BEFORE, AFTER) = range(5, 9)
# ... and what follows from it. ORDER lists the operations topologically.
(HEAD, MISSING, ORDER) = range(9, 12)
SEEN = 12
NODE_COLUMNS = 16

# Columns of target.
(DUE, WEIGHT, END, THROUGH, IS_TOUCHED) = range(5)
TARGET_COLUMNS = 5

LONGEST = 1 << 29
"""Minutes; no way through the graph may be as long."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A shop with one plan of it.

    Attributes:
        node: ``[operation, column]``.
        first: First operation of each machine.
        tail: ``[operation, target]``.
        target: ``[target, column]``.
        option: ``machine, minutes`` of all alternatives, operation by operation.
        set_up: ``[machine, before, after]``, empty without set-ups.
    """

    node: Table
    first: Table
    tail: Table
    target: Table
    option: Table
    set_up: Table

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As the compiled functions take them."""
        return self.node, self.first, self.tail, self.target, self.option, self.set_up

    def keep(self) -> tuple[Table, Table]:
        """A copy of what the search may change of the plan."""
        return self.node.copy(), self.first.copy()

    def enter(self, sequence: Ints, machine: Ints) -> None:
        """Put operations on their machines in the order of ``sequence``; heads are not renewed."""
        last = [-1] * len(self.first)
        self.first[:] = -1
        for number in sequence.tolist():
            on, row = int(machine[number]), self.node[number]
            options = self.option[row[OPTION_AT] : row[OPTION_END]]
            minutes = int(options[options[:, 0] == on][0, 1])
            row[MACHINE : AFTER + 1] = (on, minutes, last[on], -1)
            if last[on] < 0:
                self.first[on] = number
            else:
                self.node[last[on], AFTER] = number
            last[on] = number

    def stands(self) -> tuple[Stand, ...]:
        """Every operation as early as it can be; heads must be up to date."""
        return tuple(self._stand(number, row) for number, row in enumerate(self.node.tolist()))

    def _stand(self, number: int, row: list[int]) -> Stand:
        needed = 0
        if row[BEFORE] >= 0 and self.set_up.size:
            needed = int(self.set_up[row[MACHINE], row[BEFORE], number])
        start = row[HEAD]
        return Stand(row[MACHINE], start - needed, start, start + row[MINUTES])


def graph_of(shop: Shop) -> Graph:
    """Nothing on the machines yet.

    Raises:
        Invalid: its times are too long to be reckoned with (``instance_too_long``).
    """
    rows = list(shop.operations())
    _check_length(shop)
    node = np.full((len(rows), NODE_COLUMNS), -1, dtype=np.int32)
    node[:, SEEN] = 0
    at = 0
    for number, (job, position, options) in enumerate(rows):
        is_last = position == len(shop.jobs[job]) - 1
        node[number, : TARGET + 1] = (
            number - 1 if position else -1,
            -1 if is_last else number + 1,
            at,
            at + len(options),
            -1 if not is_last else job if shop.due else 0,
        )
        at += len(options)
    target = np.zeros((max(1, len(shop.due)), TARGET_COLUMNS), dtype=np.int32)
    target[:, WEIGHT] = 1
    if shop.due:
        target[:, DUE], target[:, WEIGHT] = shop.due, shop.weights
    set_up = np.zeros((0, 0, 0)) if shop.set_ups is None else shop.set_ups
    return Graph(
        node=node,
        first=np.full(shop.machines, -1, dtype=np.int32),
        tail=np.zeros((len(rows), len(target)), dtype=np.int32),
        target=target,
        option=np.array([pair for _, _, o in rows for pair in o], dtype=np.int32),
        set_up=np.ascontiguousarray(set_up, dtype=np.int32),
    )


def _check_length(shop: Shop) -> None:
    longest = sum(max(minutes for _, minutes in options) for _, _, options in shop.operations())
    if shop.set_ups is not None:
        longest += int(shop.set_ups.max(initial=0)) * shop.size
    if longest >= LONGEST:
        raise Invalid(
            "instance_too_long",
            f"{shop.name} could take {longest} minutes; at most {LONGEST} can be reckoned with. "
            "Use a coarser unit of time.",
        )
