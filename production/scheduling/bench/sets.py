"""The sets that ``manage.py bench_schedule`` knows: a name and who measures it.

A set yields one JSON-able line an instance, then its totals with ``"instance": "total"``. Who
brings a set adds it to ``SETS``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from production.scheduling.bench.classic import CLASSIC_SETS, Classic, measure
from production.scheduling.bench.factories import measure_factory
from production.scheduling.factories import FACTORIES


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What the command was asked.

    Attributes:
        cpu_seconds: For each instance, and again as many for what it is compared with.
        folder: Where the instances of the literature lie.
        only: Instances to measure; empty: all of the set.
        baseline: Whether raw CP-SAT runs beside.
    """

    cpu_seconds: float
    workers: int
    seed: int
    folder: Path
    only: tuple[str, ...] = ()
    baseline: bool = True


Line = Mapping[str, object]
BenchSet = Callable[[BenchOptions], Iterator[Line]]


def _classic(chosen: Classic) -> BenchSet:
    def run(options: BenchOptions) -> Iterator[Line]:
        yield from measure(
            chosen,
            folder=options.folder,
            cpu_seconds=options.cpu_seconds,
            workers=options.workers,
            seed=options.seed,
            only=options.only,
            baseline=options.baseline,
        )

    return run


def _factory(name: str) -> BenchSet:
    def run(options: BenchOptions) -> Iterator[Line]:
        yield from measure_factory(
            name,
            cpu_seconds=options.cpu_seconds,
            workers=options.workers,
            seed=options.seed,
            baseline=options.baseline,
        )

    return run


SETS: dict[str, BenchSet] = {name: _classic(chosen) for name, chosen in CLASSIC_SETS.items()}
SETS |= {name: _factory(name) for name in FACTORIES}
