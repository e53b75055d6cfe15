"""A station: lanes side by side and one queue in order of the plan."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from simulator.job import Job, Operation


@dataclass(order=True, slots=True)
class Ticket:
    """A place in a queue; compares by planned start, then arrival."""

    planned_start: int
    arrival: int
    number: int
    job: Job = field(compare=False)
    operation: Operation = field(compare=False)


@dataclass(slots=True)
class Station:
    """``idle`` of ``lanes`` are free; below 0 when lanes were taken away in use."""

    resource: str
    lanes: int
    idle: int = field(init=False)
    queue: list[Ticket] = field(default_factory=list)
    wakes: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.idle = self.lanes

    def resize(self, lanes: int) -> None:
        self.idle += lanes - self.lanes
        self.lanes = lanes

    def enqueue(self, job: Job, operation: Operation) -> None:
        ticket = Ticket(operation.planned_start, job.arrival, operation.number, job, operation)
        insort(self.queue, ticket)

    def leave(self, operation: Operation) -> None:
        self.queue = [one for one in self.queue if one.operation is not operation]
