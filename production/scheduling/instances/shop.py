"""A shop of the literature: jobs in a line, always-open machines, one operation at a time each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from production.scheduling.problem import Job, Lane, Operation, Problem

Ints = npt.NDArray[np.int64]

SHARES = ((2, 4), (8, 2), (10, 1))
"""Weights of Singer and Pinedo: up to which tenth of the jobs which weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Shop:
    """One instance.

    Attributes:
        name: Of the file.
        jobs: By job, by operation, ``(machine, minutes)`` of each alternative; machines from 0.
        machines: How many there are.
        first_machine: What the file calls machine 0.
        set_ups: ``[machine, before, after]`` in minutes, operations numbered through all jobs;
            None: no set-ups. The first operation of a machine needs none, and a set-up may run
            while the job is still elsewhere.
        due, weights: By job; empty: the makespan counts, not tardiness.
    """

    name: str
    jobs: tuple[tuple[tuple[tuple[int, int], ...], ...], ...]
    machines: int
    first_machine: int = 0
    set_ups: Ints | None = None
    due: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Operations of all jobs."""
        return sum(len(job) for job in self.jobs)

    @property
    def is_flexible(self) -> bool:
        return any(len(options) > 1 for _, _, options in self.operations())

    def operations(self) -> Iterator[tuple[int, int, tuple[tuple[int, int], ...]]]:
        """``(job, position in it, alternatives)`` in the order of their numbers."""
        for number, job in enumerate(self.jobs):
            for position, options in enumerate(job):
                yield number, position, options

    def with_due_dates(self) -> "Shop":
        """The same shop for weighted tardiness (Singer and Pinedo 1998).

        Due is 1.3 times the sum of a job's durations, rounded down, each operation on its fastest
        machine; weights are 4 for the first fifth of the jobs, 1 for the last, 2 between.
        """
        due = tuple(
            13 * sum(min(minutes for _, minutes in options) for options in job) // 10
            for job in self.jobs
        )
        return replace(self, due=due, weights=tuple(_weights(len(self.jobs))))

    def as_problem(self) -> Problem | None:
        """For the engine's general rungs and its checker; None with set-ups, which the engine
        counts differently (with the job at the machine), and with runs of no minutes.
        """
        shortest = min((minutes for _, _, o in self.operations() for _, minutes in o), default=1)
        if self.set_ups is not None or shortest < 1:
            return None
        horizon = sum(max(minutes for _, minutes in o) for _, _, o in self.operations())
        lanes = tuple(Lane(f"{m}", ((0, horizon),)) for m in range(self.machines))
        jobs = tuple(
            Job(f"{number}", due=self.due[number], weight=self.weights[number])
            if self.due
            else Job(f"{number}")
            for number in range(len(self.jobs))
        )
        operations = tuple(
            Operation(job, options, predecessors=(number - 1,) if position else ())
            for number, (job, position, options) in enumerate(self.operations())
        )
        return Problem(lanes, jobs, operations)


def _weights(count: int) -> Iterator[int]:
    for number in range(count):
        yield next(weight for tenths, weight in SHARES if number < count * tenths // 10)
