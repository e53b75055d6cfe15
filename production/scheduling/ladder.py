"""What the rungs of the anytime ladder agree on: the objective, the context, the rung itself.

A rung starts from the best plan so far and yields every better one it finds, until it knows no
more or ``context.stop()`` says so. It may be dropped between two yields without warning.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time

from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never


@dataclass(frozen=True, slots=True)
class Objective:
    """What a plan costs, to be made small: a weighted sum of whole minutes and counts.

    Attributes:
        tardiness: A minute late of a job of weight 1.
        set_up: A minute of set-up.
        move: An operation on another lane, or begun more than ``tolerance_min`` away from where
            the published plan has it.
        makespan: A minute until the last operation ends.
        near_move, near_min, shift_hour, mix: As in ``Weights``.
    """

    tardiness: int = 1
    set_up: int = 0
    move: int = 0
    makespan: int = 0
    tolerance_min: int = 15
    near_move: int = 0
    near_min: int = 1440
    shift_hour: int = 0
    mix: int = 60

    @classmethod
    def of_weights(cls, weights: Weights) -> "Objective":
        return cls(
            tardiness=weights.tardiness,
            set_up=weights.set_up,
            move=weights.move,
            tolerance_min=weights.tolerance_min,
            near_move=weights.near_move,
            near_min=weights.near_min,
            shift_hour=weights.shift_hour,
            mix=weights.mix,
        )

    @property
    def weights(self) -> Weights:
        """The same but for the makespan, as a solution measures it."""
        return Weights(
            tardiness=self.tardiness,
            set_up=self.set_up,
            move=self.move,
            tolerance_min=self.tolerance_min,
            near_move=self.near_move,
            near_min=self.near_min,
            shift_hour=self.shift_hour,
            mix=self.mix,
        )

    @property
    def counts_moves(self) -> bool:
        return bool(self.move or self.near_move or self.shift_hour)

    def of(
        self,
        problem: Problem,
        placements: Sequence[Placement],
        previous: Mapping[int, Placement] | None = None,
    ) -> int:
        """The cost of a plan; O(operations)."""
        solution = Solution(problem, tuple(placements))
        total = solution.cost(self.weights, previous or {})
        return total + self.makespan * solution.makespan if self.makespan else total


MAKESPAN = Objective(tardiness=0, makespan=1)
WEIGHTED_TARDINESS = Objective()

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

    objective: Objective = WEIGHTED_TARDINESS
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
