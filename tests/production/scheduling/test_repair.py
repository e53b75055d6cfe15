"""After a standstill only what it hits, and what waits for that, stands elsewhere."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from production.scheduling import (
    Infeasible,
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SetUpMatrix,
    Solution,
    Weights,
    make_plan,
    merge,
    reference,
    violations,
)
from production.scheduling.infeasible import check_fixed
from production.scheduling.repair import Mender

from .problems import factory, random_problem, whole_problem

OPEN = ((0, 100_000),)


def stopped(problem: Problem, lane: int, start: int, minutes: int) -> Problem:
    """The same with one lane (of an oven, all of it) standing still for a while."""
    oven = problem.lanes[lane].batch
    return replace(
        problem,
        lanes=tuple(
            replace(one, blocked=merge([*one.blocked, (start, start + minutes)]))
            if number == lane or (oven >= 0 and one.batch == oven)
            else one
            for number, one in enumerate(problem.lanes)
        ),
    )


def reached(problem: Problem, before: Solution, period: tuple[int, int], lane: int) -> set[int]:
    """Operations in the standstill, and all that come after them in their routing."""
    hit = {
        number
        for number, place in enumerate(before.placements)
        if lane in (place.lane, place.second_lane)
        and place.start < period[1]
        and period[0] < place.end
    }
    for number in problem.topological:
        if hit & set(problem.operations[number].predecessors):
            hit.add(number)
    return hit


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**9), st.booleans(), st.integers(0, 9), st.integers(1, 400))
def test_the_plan_is_sound_and_the_rest_stays(
    seed: int, is_whole: bool, chosen: int, minutes: int
) -> None:
    problem = whole_problem(seed) if is_whole else random_problem(seed, lived=False)
    if not is_whole:  # without set-ups, what is not reached can always stay
        lanes = tuple(replace(one, set_up_matrix=-1) for one in problem.lanes)
        problem = replace(problem, lanes=lanes)
    try:
        before = make_plan(problem)
        lane = chosen % len(problem.lanes)
        start = before.placements[chosen % len(before.placements)].start
        broken = stopped(problem, lane, max(0, start), minutes)
        previous = dict(enumerate(before.placements))
        check_fixed(broken)
        repair = Mender(broken, previous).repair()
        after = Solution(
            broken,
            tuple(
                reference.decode(
                    broken,
                    repair.order,
                    preferred=repair.lanes,
                    patience_min=60,
                    not_before=repair.not_before,
                    steady=repair.steady,
                )
            ),
        )
    except Infeasible:
        return
    assert violations(broken, after.placements, mix_breaches=after.mix_breaches) == []
    if is_whole:
        return
    moved = {move.operation for move in after.moves(previous)}
    assert moved <= reached(problem, before, (max(0, start), max(0, start) + minutes), lane)


def test_one_lane_of_a_full_factory_moves_few() -> None:
    """Compiled: too many operations for the plain twin."""
    problem = factory(120)
    jobs = tuple(replace(job, due=20 * 1440 + number) for number, job in enumerate(problem.jobs))
    problem = replace(problem, jobs=jobs)
    before = make_plan(problem)
    previous = dict(enumerate(before.placements))
    broken = stopped(problem, 0, 360, 480)
    after = make_plan(broken, previous, weights=Weights(tardiness=100, move=10), is_quick=True)
    assert violations(broken, after.placements) == []
    hit = reached(problem, before, (360, 840), 0)
    assert 0 < len(hit) <= len(after.moves(previous)) <= 2 * len(hit)
    assert after.made_by == "repair"
    assert after.weighted_tardiness == 0


def test_work_with_time_to_spare_gives_way_to_what_would_be_late() -> None:
    jobs = (*(Job(f"patient {n}", due=9000) for n in range(8)), Job("urgent", due=200))
    steps = tuple(Operation(n, ((0, 60), (1, 60))) for n in range(9))
    problem = Problem((Lane("one", OPEN), Lane("two", OPEN)), jobs, steps)
    previous = {8: Placement(0, 0, 0, 60)}
    previous |= {n: Placement(n % 2, (n // 2 + 1) * 60, 0, (n // 2 + 2) * 60) for n in range(8)}
    previous[1] = Placement(1, 0, 0, 60)
    broken = stopped(problem, 0, 0, 60)
    after = make_plan(broken, previous, weights=Weights(tardiness=100), is_quick=True)
    assert violations(broken, after.placements) == []
    assert after.weighted_tardiness == 0
    assert len(after.moves(previous)) < 9


def test_a_run_stays_when_what_stood_before_it_is_gone() -> None:
    """Its set-up grows into the time that became free."""
    colours = SetUpMatrix(((0, 20), (20, 0)), (20, 20))
    lanes = (
        Lane("paint", OPEN, blocked=((50, 90),), set_up_matrix=0, initial_family=0),
        Lane("other", OPEN),
    )
    steps = (
        Operation(0, ((0, 40), (1, 40)), family=1),
        Operation(1, ((0, 60),), family=1),
    )
    problem = Problem(lanes, (Job("gone"), Job("stays")), steps, (colours,))
    previous = {0: Placement(0, 30, 20, 90), 1: Placement(0, 110, 0, 170)}
    after = make_plan(problem, previous)
    assert violations(problem, after.placements) == []
    assert after.placements[1] == Placement(0, 90, 20, 170)
    assert [move.operation for move in after.moves(previous)] == [0]
