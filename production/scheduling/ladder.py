"""What the rungs of the anytime ladder agree on: the context and the rung itself.

A rung starts from the best plan so far and yields every better one it finds, until it knows no
more or ``context.stop()`` says so. It may be dropped between two yields without warning.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time

from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Weights
from production.scheduling.stop import Stop, never

WEIGHTED_TARDINESS = Weights(set_up=0, move=0)
"""Nothing else counts."""

Report = Callable[[float, int], None]
"""Called with the share of the rung's time that is over, 0 to 1, and the best objective so far."""


def unheard(_progress: float, _best: int) -> None:
    """For who does not want to know."""


@dataclass(frozen=True, slots=True)
class RungContext:
    """What a rung works for and within.

    Attributes:
        objective: What to make small.
        previous: The published plan, for the moves; empty: there is none.
        stop: Ask it at least every tenth of a second; True: yield nothing more and return.
        report: Tell it now and then how far the rung is.
        seed: The same seed, the same workers and a stop that counts plans give the same plan.
        workers: Threads the rung may use.
        cpu_seconds: What it may use of all threads together; ``stop`` watches it too, a rung that
            plans ahead (windows, grids) sizes its steps by it.
        over: The share of its time that is over, 0 to 1; 0 throughout where nobody counts.
    """

    objective: Weights = WEIGHTED_TARDINESS
    previous: Mapping[int, Placement] = field(default_factory=dict)
    stop: Stop = never
    report: Report = unheard
    seed: int = 1
    workers: int = 1
    cpu_seconds: float = float("inf")
    over: Callable[[], float] = lambda: 0.0


Rung = Callable[[Problem, Sequence[Placement], RungContext], Iterator[list[Placement]]]
"""Yields only plans that cost less than the one given and than the one yielded before."""


def after_cpu_seconds(seconds: float) -> Stop:
    """From now, by the processor time of all threads of this process."""
    limit = process_time() + seconds
    return lambda: process_time() >= limit
