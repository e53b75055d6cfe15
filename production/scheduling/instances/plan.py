"""A plan of a shop, its measures, and an independent check that shares nothing with the search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from production.scheduling.instances.shop import Shop


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one operation stands: ``[set_up_start, start)`` set-up, ``[start, end)`` run."""

    machine: int
    set_up_start: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """A stand for every operation, in the order of their numbers; measures itself."""

    shop: Shop
    stands: tuple[Stand, ...]

    @property
    def makespan(self) -> int:
        return max((stand.end for stand in self.stands), default=0)

    @property
    def weighted_tardiness(self) -> int:
        total, number = 0, -1
        for job, due, weight in zip(self.shop.jobs, self.shop.due, self.shop.weights, strict=True):
            number += len(job)
            total += weight * max(0, self.stands[number].end - due)
        return total

    @property
    def objective(self) -> int:
        """Weighted tardiness where the shop has due dates, else the makespan."""
        return self.weighted_tardiness if self.shop.due else self.makespan


def faults(shop: Shop, stands: Sequence[Stand]) -> list[str]:
    """Every broken rule as a sentence; empty: a plan of that shop."""
    if len(stands) != shop.size:
        return [f"The plan has {len(stands)} operations; the shop has {shop.size}."]
    return [*_own(shop, stands), *_on_machines(shop, stands)]


def _own(shop: Shop, stands: Sequence[Stand]) -> Iterator[str]:
    for number, (job, position, options) in enumerate(shop.operations()):
        stand, name = stands[number], f"Operation {position} of job {job}"
        minutes = dict(options).get(stand.machine)
        if minutes is None:
            yield f"{name} cannot be done on machine {stand.machine}."
        elif stand.end - stand.start != minutes:
            yield f"{name} takes {minutes} min, stands {stand.start}-{stand.end}."
        if not 0 <= stand.set_up_start <= stand.start:
            yield f"{name} is set up from {stand.set_up_start} and starts at {stand.start}."
        if position and stands[number - 1].end > stand.start:
            yield f"{name} starts at {stand.start}, before {stands[number - 1].end}, when it may."


def _on_machines(shop: Shop, stands: Sequence[Stand]) -> Iterator[str]:
    for machine in range(shop.machines):
        on_it = sorted(
            (n for n, stand in enumerate(stands) if stand.machine == machine),
            key=lambda n: (stands[n].start, stands[n].end, n),
        )
        before = -1
        for number in on_it:
            stand, needed = stands[number], 0
            if before >= 0:
                if stands[before].end > stand.set_up_start:
                    yield f"Operations {before} and {number} overlap on machine {machine}."
                if shop.set_ups is not None:
                    needed = int(shop.set_ups[machine, before, number])
            if stand.start - stand.set_up_start != needed:
                had = stand.start - stand.set_up_start
                yield f"Operation {number} has {had} min set-up on {machine}, needs {needed}."
            before = number
