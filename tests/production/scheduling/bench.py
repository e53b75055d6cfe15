"""How fast the engines are; asserts nothing: ``python -m tests.production.scheduling.bench``."""

import random
import sys
from collections.abc import Callable
from time import process_time, thread_time

from production.scheduling import (
    Booked,
    Candidate,
    GapIndex,
    LaneGaps,
    UnitOperation,
    dispatch,
    make_plan,
    violations,
    warm,
)

from .problems import factory

CENTRES, LANES = 8, 6


def booked_plant(bookings: int) -> GapIndex:
    """Two shifts; every lane about nine tenths full with runs of 20 to 90 minutes."""
    rng = random.Random(1)
    per_lane = bookings // (CENTRES * LANES)
    days = per_lane * 60 // 900 + 60
    windows = tuple((d * 1440 + 360, d * 1440 + 1320) for d in range(days))
    lanes = {}
    for lane in range(CENTRES * LANES):
        booked: list[Booked] = []
        minute = 360
        while len(booked) < per_lane:
            length = rng.randint(20, 90)
            if minute % 1440 + length > 1320:
                minute = (minute // 1440 + 1) * 1440 + 360
            booked.append(Booked(minute, minute + length, 10))
            minute += length + rng.choice((0, 0, 0, 5, 10, 40))
        lanes[lane] = LaneGaps(windows, booked)
    return GapIndex(lanes)


def unit(rng: random.Random) -> list[UnitOperation]:
    return [
        UnitOperation(
            f"step {centre}",
            tuple(
                Candidate(centre * LANES + lane, 10, rng.randint(20, 70)) for lane in range(LANES)
            ),
            (centre - 1,) if centre else (),
        )
        for centre in range(CENTRES)
    ]


def percentile_ms(calls: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(calls):
        start = thread_time()
        work()
        times.append(thread_time() - start)
    return sorted(times)[int(calls * 0.95)] * 1000


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> None:
    for bookings in (10_000, 100_000):
        index, rng = booked_plant(bookings), random.Random(2)
        p95 = percentile_ms(300, lambda: index.earliest_unit(unit(rng), not_before=0))  # noqa: B023
        say(
            f"inquiry among {bookings} bookings, {CENTRES} steps of {LANES} lanes: p95 {p95:.2f} ms"
        )
    warm()
    for jobs, resources in ((160, 3), (830, 3), (3300, 8)):
        problem = factory(jobs, resources=resources)
        start = process_time()
        solution = dispatch(problem)
        once = process_time() - start
        start = process_time()
        faults = violations(problem, solution.placements)
        checked = process_time() - start
        start = process_time()
        make_plan(problem, dict(enumerate(solution.placements)))
        again = process_time() - start
        say(
            f"{len(problem.operations)} operations: dispatch {once:.3f} s, check {checked:.3f} s "
            f"({len(faults)} faults), plan again with 9 tries {again:.2f} s of CPU"
        )


if __name__ == "__main__":
    main()
