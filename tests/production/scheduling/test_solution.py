from production.scheduling import (
    Job,
    Lane,
    Load,
    Move,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    Solution,
    Weights,
)

FIXED = Placement(1, -20, 5, 30)
PROBLEM = Problem(
    lanes=(
        Lane("a", ((0, 100), (200, 300)), blocked=((50, 70), (90, 210))),
        Lane("b", ((0, 100),), work_centre=1),
    ),
    jobs=(Job("late", due=80, weight=3), Job("in time", due=200), Job("no due"), Job("empty")),
    operations=(
        Operation(0, ((0, 20),)),
        Operation(0, ((1, 40),), predecessors=(0,)),
        Operation(1, ((0, 20),)),
        Operation(2, ((1, 45),), sequence=SequenceClass.FIXED, fixed=FIXED),
    ),
)
SOLUTION = Solution(
    PROBLEM, (Placement(0, 0, 10, 30), Placement(1, 45, 5, 90), Placement(0, 70, 0, 90), FIXED)
)


def test_tardiness_counts_the_last_operation_of_jobs_with_a_due_date() -> None:
    assert SOLUTION.ends() == (90, 90, 30, None)
    assert SOLUTION.tardiness() == (10, 0, 0, 0)
    assert SOLUTION.weighted_tardiness == 30
    assert SOLUTION.late_jobs == (0,)


def test_set_ups_of_fixed_operations_do_not_count() -> None:
    assert SOLUTION.set_up_min == 15
    assert SOLUTION.makespan == 90


def test_load_is_taken_of_open_time_within_the_span() -> None:
    assert SOLUTION.load(until=100) == {
        0: Load(open_min=70, run_min=40, set_up_min=10),
        1: Load(open_min=100, run_min=70, set_up_min=5),
    }
    assert SOLUTION.load(since=80, until=300)[0] == Load(10 + 90, 10, 0)
    assert SOLUTION.load(until=100)[0].percent == 71
    assert Load(0, 0, 0).percent == 0


def test_moves_are_lanes_or_beginnings_of_the_run() -> None:
    previous = {
        0: Placement(0, 10, 0, 30),  # only its set-up changed
        1: Placement(1, 30, 5, 75),
        2: Placement(1, 70, 0, 90),
    }
    lane_change, shift = SOLUTION.moves(previous, 15)[-1], SOLUTION.moves(previous)[0]
    assert lane_change == Move(2, previous[2], SOLUTION.placements[2])
    assert (shift.operation, shift.shift_min, shift.is_other_lane) == (1, 15, False)
    assert [move.operation for move in SOLUTION.moves(previous)] == [1, 2]
    assert [move.operation for move in SOLUTION.moves(previous, 15)] == [2]


def test_cost_adds_tardiness_set_ups_and_moves() -> None:
    previous = {2: Placement(1, 70, 0, 90)}
    weights = Weights(tardiness=2, set_up=3, move=7)
    assert SOLUTION.cost(weights, previous) == 2 * 30 + 3 * 15 + 7
    assert SOLUTION.cost(Weights(), {}) == 30 + 15
