from collections.abc import Sequence
from dataclasses import replace

import pytest

from production.scheduling import (
    Infeasible,
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
    Weights,
    after_plans,
    after_seconds,
    decode,
    dispatch,
    make_plan,
    violations,
)

from .problems import factory

DAYS = tuple((day * 1440 + 360, day * 1440 + 840) for day in range(10))  # 06:00-14:00
OPEN = ((0, 10_000),)
COLOURS = SetUpMatrix(((0, 20), (20, 0)), (20, 20))


def on(lane: int, start: int, set_up: int, end: int) -> Placement:
    return Placement(lane, start, set_up, end)


def plan(
    lanes: Sequence[Lane], operations: Sequence[Operation], jobs: Sequence[Job] = ()
) -> tuple[Placement, ...]:
    problem = make(lanes, operations, jobs)
    solution = dispatch(problem)
    assert violations(problem, solution.placements) == []
    return solution.placements


def make(
    lanes: Sequence[Lane], operations: Sequence[Operation], jobs: Sequence[Job] = ()
) -> Problem:
    count = 1 + max(own.job for own in operations)
    made = tuple(jobs) or tuple(Job(f"unit {number}") for number in range(count))
    return Problem(tuple(lanes), made, tuple(operations), (COLOURS,))


def fixed(job: int, lane: int, start: int, end: int, **more: object) -> Operation:
    return Operation(
        job,
        ((lane, end - start),),
        sequence=SequenceClass.FIXED,
        fixed=Placement(lane, start, 0, end),
        **more,  # type: ignore[arg-type]
    )


def test_an_operation_never_spans_closed_time() -> None:
    saw = Lane("saw", DAYS)
    assert plan([saw], [Operation(0, ((0, 300),)), Operation(1, ((0, 300),))]) == (
        on(0, 360, 0, 660),
        on(0, 1800, 0, 2100),
    )


def test_a_blocked_period_is_closed_time() -> None:
    saw = Lane("saw", DAYS, blocked=((400, 500),))
    assert plan([saw], [Operation(0, ((0, 60),))]) == (on(0, 500, 0, 560),)


def test_the_faster_alternative_wins_and_then_the_free_one() -> None:
    lanes = [Lane("slow", OPEN), Lane("fast", OPEN)]
    operations = [Operation(job, ((0, 50), (1, 30))) for job in range(3)]
    assert plan(lanes, operations) == (on(1, 0, 0, 30), on(0, 0, 0, 50), on(1, 30, 0, 60))


def test_equal_colours_are_painted_together() -> None:
    paint = Lane("paint", OPEN, set_up_matrix=0, initial_family=0)
    operations = [Operation(job, ((0, 30),), family=job % 2) for job in range(6)]
    solution = dispatch(make([paint], operations))
    assert solution.set_up_min == 20
    assert solution.makespan == 6 * 30 + 20


def test_the_urgent_and_the_important_go_first() -> None:
    saw = [Lane("saw", OPEN)]
    operations = [Operation(job, ((0, 60),)) for job in range(3)]
    jobs = [Job("late", due=5000), Job("soon", due=70), Job("dear", due=70, weight=9)]
    starts = [place.start for place in plan(saw, operations, jobs)]
    assert starts == [120, 60, 0]


def test_a_higher_priority_goes_before_any_due_date() -> None:
    operations = [Operation(job, ((0, 60),)) for job in range(2)]
    jobs = [Job("due", due=60, weight=9), Job("rework", priority=1)]
    assert [place.start for place in plan([Lane("saw", OPEN)], operations, jobs)] == [60, 0]


def test_free_operations_go_around_fixed_ones() -> None:
    operations = [
        fixed(0, 0, 50, 100),
        Operation(1, ((0, 40),)),
        Operation(2, ((0, 60),)),
        Operation(3, ((0, 10),)),
    ]
    assert plan([Lane("saw", OPEN)], operations) == (
        on(0, 50, 0, 100),
        on(0, 10, 0, 50),
        on(0, 100, 0, 160),
        on(0, 0, 0, 10),
    )


def test_a_set_up_grows_and_shrinks_with_what_is_put_in_front() -> None:
    paint = Lane("paint", OPEN, set_up_matrix=0, initial_family=0)
    late = Operation(0, ((0, 30),), family=1, not_before=80)
    problem = make([paint], [late, Operation(1, ((0, 30),), family=1)])
    solution = decode(problem, [0, 1])
    assert solution.placements == (on(0, 100, 0, 130), on(0, 0, 20, 50))
    assert violations(problem, solution.placements) == []


def test_what_must_precede_a_pinned_step_is_placed_before_it() -> None:
    operations = [
        Operation(0, ((0, 60),)),
        fixed(0, 1, 100, 130, predecessors=(0,)),
        *(Operation(job, ((0, 60),)) for job in range(1, 4)),
    ]
    jobs = [Job("pinned"), *(Job(f"urgent {n}", due=60, weight=5) for n in range(3))]
    placed = plan([Lane("saw", OPEN), Lane("paint", OPEN)], operations, jobs)
    assert placed[0] == on(0, 0, 0, 60)


def test_sent_operations_keep_lane_and_order_while_times_flow() -> None:
    def sent(job: int, rank: int, minutes: int) -> Operation:
        return Operation(
            job,
            ((0, minutes), (1, 5)),
            sequence=SequenceClass.SENT,
            sent_lane=0,
            sent_rank=rank,
        )

    operations = [sent(0, 2, 60), sent(1, 1, 60), Operation(2, ((0, 30),)), fixed(3, 0, -10, 25)]
    jobs = [Job("0", due=10, weight=9), Job("1"), Job("2"), Job("3")]
    assert plan([Lane("saw", OPEN), Lane("other", OPEN)], operations, jobs) == (
        on(0, 85, 0, 145),
        on(0, 25, 0, 85),
        on(0, 145, 0, 175),
        on(0, -10, 0, 25),
    )


def refusal(problem: Problem) -> Infeasible:
    with pytest.raises(Infeasible) as refused:
        make_plan(problem)
    return refused.value


def test_too_long_for_every_window_is_said() -> None:
    found = refusal(make([Lane("saw", DAYS)], [Operation(0, ((0, 481),), name="cut")]))
    assert (found.code, found.operation) == ("too_long", 0)
    assert found.message == (
        "cut of unit 0 fits no open window of its lanes within the horizon, even an empty one. "
        "Lengthen a shift or take back a blocked period."
    )


def test_a_full_horizon_is_said() -> None:
    operations = [Operation(job, ((0, 400),), name="cut") for job in range(11)]
    assert refusal(make([Lane("saw", DAYS)], operations)).code == "horizon_full"


def test_a_pin_that_cannot_be_kept_is_said() -> None:
    operations = [Operation(0, ((0, 60),), name="cut"), fixed(0, 1, 50, 80, predecessors=(0,))]
    found = refusal(make([Lane("saw", OPEN), Lane("paint", OPEN)], operations))
    assert (found.code, found.operation) == ("before_fixed", 0)


def test_fixed_operations_on_each_other_are_said() -> None:
    found = refusal(make([Lane("saw", OPEN)], [fixed(0, 0, 0, 50), fixed(1, 0, 49, 60)]))
    assert (found.code, found.operation) == ("fixed_overlap", 1)


def test_an_order_at_the_line_against_the_routing_is_said() -> None:
    operations = [
        Operation(0, ((0, 10),), sequence=SequenceClass.SENT, sent_lane=0, sent_rank=2),
        Operation(
            0,
            ((0, 10),),
            predecessors=(0,),
            sequence=SequenceClass.SENT,
            sent_lane=0,
            sent_rank=1,
        ),
    ]
    assert refusal(make([Lane("saw", OPEN)], operations)).code == "sent_order"


def test_planning_again_without_news_moves_nothing() -> None:
    problem = factory(40)
    first = make_plan(problem)
    previous = dict(enumerate(first.placements))
    again = make_plan(problem, previous)
    assert again.placements == first.placements
    assert again.made_by == "repair"


def test_one_more_order_moves_no_other() -> None:
    problem = factory(30)
    first = make_plan(problem)
    steps = len(problem.operations) // 30
    more = [
        replace(own, job=30, predecessors=tuple(b + 30 * steps for b in own.predecessors))
        for own in problem.operations[:steps]
    ]
    grown = replace(
        problem,
        jobs=(*problem.jobs, Job("one more", due=60 * 1440)),
        operations=(*problem.operations, *more),
    )
    again = make_plan(grown, dict(enumerate(first.placements)))
    assert violations(grown, again.placements) == []
    assert again.moves(dict(enumerate(first.placements))) == ()


def test_an_urgent_order_may_move_others_when_that_is_cheaper() -> None:
    saw = [Lane("saw", OPEN)]
    jobs = [Job(f"unit {n}", due=5000) for n in range(5)]
    problem = make(saw, [Operation(job, ((0, 60),)) for job in range(5)], jobs)
    previous = {number: on(0, number * 60, 0, number * 60 + 60) for number in range(5)}
    grown = replace(
        problem,
        jobs=(*problem.jobs, Job("urgent", due=60, weight=5)),
        operations=(*problem.operations, Operation(5, ((0, 60),))),
    )
    again = make_plan(grown, previous)
    assert again.placements[5] == on(0, 0, 0, 60)
    assert again.weighted_tardiness == 0
    patient = make_plan(grown, previous, weights=Weights(move=2000))
    assert patient.placements[5] == on(0, 300, 0, 360)
    assert patient.weighted_tardiness == 300 * 5


def test_a_breakdown_sends_work_to_the_other_lane() -> None:
    lanes = [Lane("one", OPEN, blocked=((0, 3000),)), Lane("two", OPEN)]
    operations = [Operation(0, ((0, 60), (1, 60)))]
    again = make_plan(make(lanes, operations, [Job("a", due=100)]), {0: on(0, 0, 0, 60)})
    assert again.placements == (on(1, 0, 0, 60),)
    (move,) = again.moves({0: on(0, 0, 0, 60)})
    assert (move.is_other_lane, move.shift_min) == (True, 0)


def test_stopping_early_still_gives_a_plan() -> None:
    problem = factory(20)
    first = dispatch(problem)
    assert make_plan(problem, stop=after_plans(0)).placements == first.placements
    assert make_plan(problem, stop=after_seconds(0)).placements == first.placements
    every = make_plan(problem)
    assert every.cost(Weights(), {}) <= first.cost(Weights(), {})


def test_the_same_problem_gives_the_same_plan() -> None:
    assert make_plan(factory(25)) == make_plan(factory(25))
