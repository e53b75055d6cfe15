"""What Python calls of the compiled search, kept on disk between processes.

numba keeps compiled code until the file of the entry itself changes, whatever else it calls; so
the entries carry a sum over all files with compiled code or columns, and are compiled anew when it
is another.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
from collections.abc import Callable
from math import log
from pathlib import Path
from zlib import crc32

from numba import njit

from production.scheduling import tables
from production.scheduling.improve import ground, lists, moves, sequences, timing
from production.scheduling.improve.ground import Ground
from production.scheduling.improve.sequences import Sequences
from production.scheduling.tables import Floats, Ints

TOUCHED = 3
"""Entry of Sequences.counts: how many operations all moves tried so far have given new times."""


def sum_of(*modules: object) -> int:
    """Of the modules' sources."""
    total = 0
    for module in modules:
        total = crc32(Path(str(module.__file__)).read_bytes(), total)  # type: ignore[attr-defined]
    return total


def _anneal(sources: int) -> Callable[..., int]:
    @njit(cache=True, nogil=True)
    def anneal(
        ground: Ground,
        sequences: Sequences,
        weights: Ints,
        random: Ints,
        late: Ints,
        tries: int,
        most: int,
        temperature: float,
    ) -> int:
        """Try so many moves; the change of cost of those kept."""
        total = sources * 0
        for _ in range(tries):
            uniform = (moves.draw(random, 1 << 30) + 1) / (1 << 30)
            allowed = -temperature * log(uniform)
            change = moves.try_one(ground, sequences, weights, random, late, most, allowed)
            sequences.counts[TOUCHED] += sequences.counts[0]
            if change < timing.REFUSED:
                total += change
        return total

    return anneal


def _measure(sources: int) -> Callable[..., int]:
    @njit(cache=True, nogil=True)
    def measure(ground: Ground, sequences: Sequences, weights: Ints, order: Ints) -> int:
        """Time everything in this order and cost it; -1: the calendar ends before."""
        if not timing.time_all(ground, sequences, order):
            return -1
        return timing.cost_of(ground, sequences, weights) + sources * 0

    return measure


def _late(sources: int) -> Callable[..., Ints]:
    @njit(cache=True, nogil=True)
    def late(ground: Ground, sequences: Sequences) -> Ints:
        """The jobs that are late."""
        return moves.late_jobs(ground, sequences)[sources * 0 :]

    return late


SOURCES = sum_of(tables, ground, sequences, timing, moves, lists)
anneal, measure, late_jobs = _anneal(SOURCES), _measure(SOURCES), _late(SOURCES)


def _schedule(sources: int) -> Callable[..., tuple[int, int]]:
    @njit(cache=True, nogil=True)
    def schedule(
        ground: Ground,
        pools: lists.Pools,
        urgency: Floats,
        due: Floats,
        per_slack_min: Floats,
        per_set_up_min: Floats,
        placed: Ints,
        ends: Ints,
    ) -> tuple[int, int]:
        """List scheduling into ``placed`` and ``ends``; weighted tardiness (-1: the calendar ends
        before) and set-up minutes.
        """
        if not lists.list_schedule(
            ground, pools, urgency, due, per_slack_min, per_set_up_min, placed
        ):
            return -1, sources * 0
        return lists.worth(ground, placed, ends)

    return schedule


schedule = _schedule(SOURCES)
