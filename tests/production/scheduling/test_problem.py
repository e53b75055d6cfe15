"""A problem that makes no sense is refused where it is written down."""

from collections.abc import Callable

import pytest

from cosmo.lib.errors import Invalid
from production.scheduling import (
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
)

LANE = Lane("saw", ((0, 100),))
MATRIX = SetUpMatrix(((0, 1), (1, 0)), (1, 1))
ONE = Operation(0, ((0, 10),))


def problem(*operations: Operation, lane: Lane = LANE) -> Problem:
    return Problem((lane,), (Job("unit"),), operations, (MATRIX,))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Lane("saw", ((10, 10),)), "bad_windows"),
        (lambda: Lane("saw", ((0, 10), (10, 20))), "bad_windows"),
        (lambda: Lane("saw", ((20, 30), (0, 10))), "bad_windows"),
        (lambda: Lane("saw", (), work_centre=-1), "bad_lane"),
        (lambda: Job("unit", weight=0), "bad_job"),
        (lambda: SetUpMatrix(((0, 1),), (1, 1)), "bad_set_up_matrix"),
        (lambda: SetUpMatrix(((0, -1), (1, 0)), (1, 1)), "bad_set_up_matrix"),
        (lambda: Operation(0, ()), "bad_operation"),
        (lambda: Operation(0, ((0, 0),)), "bad_operation"),
        (lambda: Operation(0, ((0, 5), (0, 6))), "bad_operation"),
        (lambda: Operation(0, ((0, 5),), sequence=SequenceClass.FIXED), "bad_operation"),
        (lambda: Operation(0, ((0, 5),), fixed=Placement(0, 0, 0, 5)), "bad_operation"),
        (lambda: Operation(0, ((0, 5),), sequence=SequenceClass.SENT), "bad_operation"),
        (
            lambda: Operation(0, ((0, 5),), sequence=SequenceClass.SENT, sent_lane=1),
            "bad_operation",
        ),
        (
            lambda: Operation(0, (), sequence=SequenceClass.FIXED, fixed=Placement(0, 0, 5, 5)),
            "bad_operation",
        ),
        (lambda: problem(Operation(1, ((0, 5),))), "bad_operation"),
        (lambda: problem(Operation(0, ((1, 5),))), "bad_operation"),
        (lambda: problem(Operation(0, ((0, 5),), predecessors=(1,))), "bad_operation"),
        (
            lambda: problem(Operation(0, ((0, 5),), family=2), lane=Lane("p", (), set_up_matrix=0)),
            "bad_operation",
        ),
        (lambda: problem(ONE, lane=Lane("p", (), set_up_matrix=1)), "bad_lane"),
        (
            lambda: problem(ONE, lane=Lane("p", (), set_up_matrix=0, initial_family=2)),
            "bad_lane",
        ),
        (
            lambda: problem(
                Operation(0, ((0, 5),), predecessors=(1,)),
                Operation(0, ((0, 5),), predecessors=(0,)),
            ),
            "precedence_cycle",
        ),
    ],
)
def test_nonsense_is_refused(make: Callable[[], object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        make()
    assert refused.value.code == code


def test_set_ups_out_of_the_unknown_and_of_no_family() -> None:
    matrix = SetUpMatrix(((1, 20), (30, 2)), (25, 15))
    assert [matrix.between(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)] == [
        0, 25, 15, 0, 1, 20, 0, 30, 2,
    ]  # fmt: skip
    assert [matrix.worst_into(family) for family in (-1, 0, 1)] == [0, 30, 20]
