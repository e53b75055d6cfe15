"""Random small plants, with everything in them that the engine must respect."""

import random
from dataclasses import replace

from hypothesis import strategies as st

from production.scheduling import (
    Job,
    Lane,
    MixRule,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
    merge,
)

DAY = 300


def random_problem(seed: int, *, jobs: int = 6, days: int = 12, lived: bool = True) -> Problem:
    """``lived``: some operations have started, are pinned or were sent."""
    rng = random.Random(seed)
    matrices = tuple(_matrix(rng) for _ in range(2))
    lanes = tuple(_lane(rng, number, days) for number in range(rng.randint(2, 5)))
    made_jobs = tuple(_job(rng, number) for number in range(rng.randint(1, jobs)))
    operations: list[Operation] = []
    for job in range(len(made_jobs)):
        operations.extend(_routing(rng, job, len(operations), len(lanes)))
    if lived:
        operations = _live(rng, operations, lanes)
    return Problem(lanes, made_jobs, tuple(operations), matrices)


problems = st.integers(0, 10**9).map(random_problem)


def factory(jobs: int, steps: int = 6, resources: int = 3, seed: int = 1) -> Problem:
    """A synthetic factory: two shifts, alternatives, colours in one work centre, due dates."""
    rng = random.Random(seed)
    days = 5 + jobs * 60 // (resources * 900)
    windows = tuple((d * 1440 + 360, d * 1440 + 1320) for d in range(2 * days) if d % 7 < 5)
    colours = SetUpMatrix(
        tuple(tuple(0 if a == b else 25 for b in range(6)) for a in range(6)), (25,) * 6
    )
    lanes = tuple(
        Lane(f"{step}-{number}", windows, set_up_matrix=0 if step == 2 else -1, work_centre=step)
        for step in range(steps)
        for number in range(resources)
    )
    made_jobs: list[Job] = []
    operations: list[Operation] = []
    for job in range(jobs):
        made_jobs.append(Job(f"unit {job}", due=rng.randint(1440, days * 1440), weight=1))
        for step in range(steps):
            minutes = rng.randint(20, 70)
            operations.append(
                Operation(
                    job,
                    tuple((step * resources + n, minutes) for n in range(resources)),
                    family=rng.randrange(6) if step == 2 else -1,
                    predecessors=(len(operations) - 1,) if step else (),
                )
            )
    return Problem(lanes, tuple(made_jobs), tuple(operations), (colours,))


def _matrix(rng: random.Random) -> SetUpMatrix:
    minutes = tuple(
        tuple(rng.choice((0, 2)) if a == b else rng.randint(3, 15) for b in range(3))
        for a in range(3)
    )
    return SetUpMatrix(minutes, tuple(rng.randint(5, 20) for _ in range(3)))


def _lane(rng: random.Random, number: int, days: int) -> Lane:
    windows = merge((d * DAY, d * DAY + rng.choice((120, 200, DAY))) for d in range(days))
    start = rng.randrange(days * DAY)
    return Lane(
        f"lane-{number}",
        windows,
        blocked=((start, start + rng.randint(1, 150)),) if rng.random() < 0.4 else (),
        set_up_matrix=rng.choice((-1, 0, 1)),
        initial_family=-1,
        work_centre=number % 2,
    )


def _job(rng: random.Random, number: int) -> Job:
    return Job(
        f"unit-{number}",
        release=rng.choice((0, 0, rng.randint(0, 200))),
        due=rng.choice((None, rng.randint(50, 900))),
        weight=rng.randint(1, 5),
        priority=rng.choice((0, 0, 0, 1)),
    )


def _routing(rng: random.Random, job: int, first: int, lanes: int) -> list[Operation]:
    operations: list[Operation] = []
    for step in range(rng.randint(1, 5)):
        able = rng.sample(range(lanes), rng.randint(1, min(3, lanes)))
        before = rng.sample(range(first, first + step), min(step, rng.choice((1, 1, 1, 2, 0))))
        operations.append(
            Operation(
                job,
                tuple((lane, rng.randint(1, 60)) for lane in able),
                family=rng.randint(-1, 2),
                predecessors=tuple(before),
                not_before=rng.choice((0, 0, rng.randint(0, 100))),
                name=f"step-{step}",
            )
        )
    return operations


def _live(
    rng: random.Random, operations: list[Operation], lanes: tuple[Lane, ...]
) -> list[Operation]:
    """Start, pin and send some of them, on lanes where fixed ones do not meet."""
    taken: dict[int, int] = {}
    lived: list[Operation] = []
    for number, own in enumerate(operations):
        lane, minutes = own.alternatives[0]
        fate = rng.random()
        has_free_before = any(lived[b].sequence != SequenceClass.FIXED for b in own.predecessors)
        if fate < 0.12 and not has_free_before:
            start = max(taken.get(lane, -30), rng.randint(-30, 0))
            place = Placement(lane, start, 0, start + minutes)
            taken[lane] = place.end
            own = _changed(own, SequenceClass.FIXED, fixed=place)
        elif fate < 0.2:
            start = max(taken.get(lane, 0), rng.randint(400, 1500))
            set_up = rng.choice((0, 10, 20))
            place = Placement(lane, start, set_up, start + set_up + minutes)
            taken[lane] = place.end
            own = _changed(own, SequenceClass.FIXED, fixed=place)
        elif fate < 0.4:
            own = _changed(own, SequenceClass.SENT, sent_lane=lane, sent_rank=number)
        lived.append(own)
    return lived


def _changed(
    own: Operation,
    sequence: SequenceClass,
    *,
    fixed: Placement | None = None,
    sent_lane: int = -1,
    sent_rank: int = 0,
) -> Operation:
    return Operation(
        own.job,
        own.alternatives,
        own.family,
        own.predecessors,
        own.not_before,
        sequence,
        fixed,
        sent_lane,
        sent_rank,
        own.name,
    )


def whole_problem(seed: int, *, lived: bool = True) -> Problem:
    """Like ``random_problem``, with places, an oven, crews and mix rules as well."""
    rng = random.Random(seed)
    days, places = 12, rng.randint(1, 3)
    matrices = tuple(_matrix(rng) for _ in range(2))
    lanes = [
        replace(_lane(rng, number, days), place=rng.randrange(places))
        for number in range(rng.randint(2, 4))
    ]
    machines = len(lanes)
    for group in range(rng.choice((1, 1, 2))):
        oven = replace(_lane(rng, 10 + group, days), batch=group, place=rng.randrange(places))
        lanes += [replace(oven, name=f"oven-{group}/{n}") for n in range(rng.randint(1, 4))]
    working = len(lanes)
    lanes += [
        replace(_lane(rng, 20 + number, days), set_up_matrix=-1, name=f"crew/{number}")
        for number in range(rng.randint(1, 3))
    ]
    crew = list(range(working, len(lanes)))
    jobs = tuple(_job(rng, number) for number in range(rng.randint(1, 7)))
    operations: list[Operation] = []
    for job in range(len(jobs)):
        for own in _routing(rng, job, len(operations), machines):
            if rng.random() < 0.35:
                own = _baked(rng, own, lanes)
            if rng.random() < 0.4:
                own = replace(own, second=tuple(rng.sample(crew, rng.randint(1, len(crew)))))
            operations.append(own)
    if lived:
        operations = [_with_crew(rng, own) for own in _live(rng, operations, tuple(lanes))]
    return Problem(
        tuple(lanes),
        jobs,
        tuple(operations),
        matrices,
        transfer_min=tuple(
            tuple(0 if a == b else rng.randint(0, 40) for b in range(places)) for a in range(places)
        ),
        mix_rules=tuple(
            _mix_rule(rng, machines, len(operations)) for _ in range(rng.randint(0, 2))
        ),
    )


whole_problems = st.integers(0, 10**9).map(whole_problem)


def _baked(rng: random.Random, own: Operation, lanes: list[Lane]) -> Operation:
    """In an oven, on all or some of its places; few durations, so that units meet."""
    group = rng.choice([lane.batch for lane in lanes if lane.batch >= 0])
    able = [number for number, lane in enumerate(lanes) if lane.batch == group]
    minutes = rng.choice((30, 30, 45))
    some = rng.sample(able, rng.randint(1, len(able))) if rng.random() < 0.3 else able
    family = rng.choice((0, 0, 1))
    return replace(own, alternatives=tuple((lane, minutes) for lane in some), family=family)


def _with_crew(rng: random.Random, own: Operation) -> Operation:
    """A fixed operation may or may not be known to have somebody."""
    if own.fixed is None or not own.second or rng.random() < 0.5:
        return own
    return replace(own, fixed=replace(own.fixed, second_lane=rng.choice(own.second)))


def _mix_rule(rng: random.Random, machines: int, operations: int) -> MixRule:
    of = rng.randint(2, 5)
    return MixRule(
        lanes=tuple(rng.sample(range(machines), rng.randint(1, machines))),
        members=frozenset(n for n in range(operations) if rng.random() < 0.4),
        at_most=rng.randint(0, of - 1),
        of=of,
        name="option",
    )
