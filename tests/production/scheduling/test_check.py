"""A good plan passes; the same plan with any one thing changed is refused, with the right code."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from production.scheduling import (
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
    violations,
)

COLOURS = SetUpMatrix(((0, 20), (30, 0)), (30, 20))
SHIFTS = ((0, 400), (500, 900))

PROBLEM = Problem(
    lanes=(
        Lane("saw", SHIFTS, blocked=((200, 240),)),
        Lane("paint", SHIFTS, set_up_matrix=0, initial_family=0),
        Lane("fast saw", SHIFTS),
    ),
    jobs=(Job("A", due=300), Job("B", release=50), Job("C")),
    operations=(
        Operation(0, ((0, 60), (2, 30)), name="cut"),
        Operation(0, ((1, 40),), family=0, predecessors=(0,), name="paint"),
        Operation(1, ((0, 50), (2, 30)), name="cut"),
        Operation(1, ((1, 40),), family=1, predecessors=(2,), not_before=120, name="paint"),
        Operation(
            2,
            ((1, 40),),
            family=1,
            sequence=SequenceClass.FIXED,
            fixed=Placement(1, 300, 30, 370),
            name="paint",
        ),
        Operation(
            2, ((2, 20),), sequence=SequenceClass.SENT, sent_lane=2, sent_rank=1, name="drill"
        ),
        Operation(
            2, ((2, 20),), sequence=SequenceClass.SENT, sent_lane=2, sent_rank=2, name="ream"
        ),
    ),
    set_up_matrices=(COLOURS,),
)
GOOD = (
    Placement(0, 0, 0, 60),
    Placement(1, 60, 0, 100),
    Placement(0, 60, 0, 110),
    Placement(1, 120, 20, 180),
    Placement(1, 300, 30, 370),
    Placement(2, 0, 0, 20),
    Placement(2, 20, 0, 40),
)

Change = Callable[[Placement], Placement]


def to(*values: int) -> Change:
    return lambda place: Placement(*values)


def test_the_good_plan_passes() -> None:
    assert violations(PROBLEM, GOOD) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({1: to(0, 110, 0, 150)}, {"alternative"}),
        ({0: to(7, 0, 0, 60)}, {"alternative"}),
        ({0: to(0, 0, 0, 59)}, {"duration"}),
        ({0: to(2, 40, 0, 100)}, {"duration", "precedence"}),
        ({1: to(1, 380, 20, 440)}, {"window", "set_up"}),
        ({2: to(0, 380, 0, 430)}, {"window", "precedence"}),
        ({2: to(0, 180, 0, 230)}, {"blocked", "precedence"}),
        ({3: to(1, 120, 0, 160)}, {"set_up"}),
        ({3: to(1, 120, 30, 190)}, {"set_up"}),
        ({1: to(1, 200, 30, 270)}, set()),
        ({1: to(1, 200, 0, 240)}, {"set_up"}),
        ({1: to(1, 50, 0, 90)}, {"precedence"}),
        ({2: to(2, 40, 0, 70)}, {"release"}),
        ({3: to(1, 110, 20, 170)}, {"release"}),
        ({0: to(0, -10, 0, 50)}, {"release", "window"}),
        ({4: to(1, 310, 30, 380)}, {"fixed_moved"}),
        ({2: to(0, 30, 0, 80)}, {"overlap", "release"}),
        ({6: to(2, 10, 0, 30)}, {"overlap"}),
        ({5: to(2, 20, 0, 40), 6: to(2, 0, 0, 20)}, {"sent_order"}),
        ({5: to(0, 110, 0, 130)}, {"alternative", "sent_lane", "sent_order"}),
    ],
)
def test_a_changed_plan_is_refused_for_what_was_changed(
    changes: dict[int, Change], codes: set[str]
) -> None:
    changed = [changes.get(n, lambda p: p)(place) for n, place in enumerate(GOOD)]
    if changes == {}:
        pytest.fail("nothing was changed")
    found = {violation.code for violation in violations(PROBLEM, changed)}
    assert found == codes


def test_a_plan_that_leaves_an_operation_out_is_refused() -> None:
    assert [v.code for v in violations(PROBLEM, GOOD[:-1])] == ["incomplete"]


def test_a_set_up_before_a_fixed_operation_must_fit_what_is_kept_for_it() -> None:
    operations = list(PROBLEM.operations)
    operations[4] = replace(operations[4], fixed=Placement(1, 310, 10, 360))
    problem = replace(PROBLEM, operations=tuple(operations))
    placed = list(GOOD)
    placed[4] = Placement(1, 310, 10, 360)
    assert violations(problem, placed) == []  # after family 1, none is needed
    placed[1], placed[3] = Placement(1, 200, 30, 270), Placement(1, 120, 20, 180)
    assert [v.code for v in violations(problem, placed)] == ["set_up"]


def test_what_has_started_need_not_wait_but_what_is_pinned_must() -> None:
    def problem(start: int) -> Problem:
        return Problem(
            lanes=(Lane("saw", SHIFTS), Lane("paint", SHIFTS)),
            jobs=(Job("A"),),
            operations=(
                Operation(0, ((0, 60),)),
                Operation(
                    0,
                    ((1, 40),),
                    predecessors=(0,),
                    sequence=SequenceClass.FIXED,
                    fixed=Placement(1, start, 0, start + 40),
                ),
            ),
        )

    started = [Placement(0, 0, 0, 60), Placement(1, 0, 0, 40)]
    assert violations(problem(0), started) == []
    pinned = [Placement(0, 0, 0, 60), Placement(1, 10, 0, 50)]
    assert [v.code for v in violations(problem(10), pinned)] == ["precedence"]


def test_a_violation_says_what_is_wrong() -> None:
    changed = [*GOOD]
    changed[1] = Placement(1, 50, 0, 90)
    (violation,) = violations(PROBLEM, changed)
    assert violation.sentence == "paint of A starts at 50, before cut of A ends at 60."
    assert violation.operations == (0, 1)
