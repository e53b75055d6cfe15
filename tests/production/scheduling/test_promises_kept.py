"""Promise and plan together: what was promised between bookings is kept by the plans after it."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from production.scheduling import (
    Booked,
    Candidate,
    GapIndex,
    Infeasible,
    Job,
    Lane,
    LaneGaps,
    NoRoom,
    Operation,
    Placement,
    Problem,
    SetUpMatrix,
    UnitOperation,
    UnitPlacement,
    Weights,
    make_plan,
    subtract,
    violations,
    warm,
)

from .problems import random_problem

WINDOWS = tuple((day * 1440 + 360, day * 1440 + 1320) for day in range(60))
COLOURS = SetUpMatrix(
    tuple(tuple(0 if a == b else 10 + 5 * b for b in range(4)) for a in range(4)), (25,) * 4
)
BUFFER_MIN = 240
LANES = tuple(
    Lane(f"lane-{number}", WINDOWS, set_up_matrix=0 if number in (2, 3) else -1)
    for number in range(6)
)
STEPS = ((0, 1), (2, 3), (4, 5))


def setup_module() -> None:
    warm()


class Factory:
    """Takes orders by the gaps between its bookings and plans again after every few."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.jobs: list[Job] = []
        self.operations: list[Operation] = []
        self.booked: dict[int, Placement] = {}

    def problem(self, lanes: tuple[Lane, ...] = LANES) -> Problem:
        return Problem(lanes, tuple(self.jobs), tuple(self.operations), (COLOURS,))

    def index(self) -> GapIndex:
        """As the promise sees the bookings: each keeps room for its set-up to grow."""
        booked: dict[int, list[Booked]] = {number: [] for number in range(len(LANES))}
        for number, place in self.booked.items():
            worst = COLOURS.worst_into(self.operations[number].family)
            booked[place.lane].append(Booked(place.start, place.end, worst - place.set_up))
        return GapIndex(
            {
                number: LaneGaps(subtract(lane.windows, lane.blocked), booked[number])
                for number, lane in enumerate(LANES)
            }
        )

    def take_order(self) -> None:
        family = self.rng.randrange(4)
        first, job = len(self.operations), len(self.jobs)
        for step, lanes in enumerate(STEPS):
            minutes = self.rng.randint(20, 90)
            self.operations.append(
                Operation(
                    job,
                    tuple((lane, minutes + 5 * (lane % 2)) for lane in lanes),
                    family if step == 1 else -1,
                    (first + step - 1,) if step else (),
                )
            )
        unit = [
            UnitOperation(
                str(number),
                tuple(
                    Candidate(lane, COLOURS.worst_into(own.family), minutes)
                    for lane, minutes in own.alternatives
                ),
                tuple(before - first for before in own.predecessors),
            )
            for number, own in enumerate(self.operations[first:], first)
        ]
        place = self.index().earliest_unit(unit, not_before=0)
        assert isinstance(place, UnitPlacement)
        self.jobs.append(Job(f"unit {job}", due=place.end + BUFFER_MIN))
        for one in place.operations:
            self.booked[int(one.name)] = Placement(one.lane, one.start, one.set_up_min, one.end)

    def plan(self) -> None:
        problem = self.problem()
        solution = make_plan(problem, self.booked, weights=Weights(tardiness=100))
        assert violations(problem, solution.placements) == []
        assert solution.late_jobs == ()
        self.booked = dict(enumerate(solution.placements))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_no_promise_is_missed_over_twelve_plans_with_orders_between(seed: int) -> None:
    factory = Factory(seed)
    for _ in range(12):
        for _ in range(5):
            factory.take_order()
        factory.plan()
    assert len(factory.jobs) == 60


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_plan_made_again_for_a_changed_plant_is_sound(seed: int, other: int) -> None:
    """The plan before may even belong to another problem: it is advice, never trusted."""
    before, problem = random_problem(seed), random_problem(other)
    try:
        previous = make_plan(before).placements
        lanes = len(problem.lanes)
        advice = {n: place for n, place in enumerate(previous) if place.lane < lanes}
        solution = make_plan(problem, advice)
    except Infeasible:
        return
    assert violations(problem, solution.placements) == []


def test_a_promise_beyond_the_horizon_is_refused() -> None:
    index = GapIndex({0: LaneGaps(((0, 100),))})
    found = index.earliest_unit([UnitOperation("a", (Candidate(0, 0, 60),))], not_before=50)
    assert isinstance(found, NoRoom)
