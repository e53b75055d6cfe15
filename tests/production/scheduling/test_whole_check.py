"""Places, ovens, crews, mix rules and maintenance: a plan changed in any one is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from production.scheduling import (
    Job,
    Lane,
    MixRule,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
    violations,
)

OPEN = ((0, 480), (600, 1080))
HEAT = SetUpMatrix(((0, 20), (20, 0)), (20, 20))
SAW, DRILL, OVEN_1, OVEN_2, OVEN_3, ANNA, BEN = range(7)


def oven(number: int) -> Lane:
    return Lane(f"oven/{number}", OPEN, set_up_matrix=0, initial_family=0, place=1, batch=0)


PROBLEM = Problem(
    lanes=(
        Lane("saw", OPEN, blocked=((300, 360),)),
        Lane("drill", OPEN),
        oven(1),
        oven(2),
        oven(3),
        Lane("crew/1", ((0, 200), (240, 480))),
        Lane("crew/2", ((0, 480),), blocked=((100, 130),)),
    ),
    jobs=(Job("A"), Job("B"), Job("C"), Job("D")),
    operations=(
        Operation(0, ((SAW, 50),), second=(ANNA, BEN), name="cut"),
        Operation(1, ((SAW, 50),), second=(ANNA, BEN), name="cut"),
        Operation(2, ((DRILL, 60),), second=(BEN,), name="drill"),
        *(
            Operation(
                job,
                tuple((lane, 40) for lane in (OVEN_1, OVEN_2, OVEN_3)),
                family=0,
                predecessors=(job,),
                name="bake",
            )
            for job in range(3)
        ),
        Operation(3, ((OVEN_1, 40), (OVEN_2, 40)), family=1, name="bake"),
        Operation(3, ((SAW, 30),), name="trim"),
    ),
    set_up_matrices=(HEAT,),
    transfer_min=((0, 15), (15, 0)),
    mix_rules=(MixRule((SAW,), frozenset({0, 1}), 1, 2, "long"),),
)
GOOD = (
    Placement(SAW, 0, 0, 50, ANNA),
    Placement(SAW, 50, 0, 100, BEN),
    Placement(DRILL, 140, 0, 200, BEN),
    Placement(OVEN_1, 120, 0, 160),
    Placement(OVEN_2, 120, 0, 160),
    Placement(OVEN_3, 240, 0, 280),
    Placement(OVEN_1, 280, 20, 340),
    Placement(SAW, 100, 0, 130),
)

AWAY_AND_TAKEN = {"second_window", "second_overlap"}
Change = Callable[[Placement], Placement]


def to(*values: int) -> Change:
    return lambda place: Placement(*values)


def test_the_good_plan_passes() -> None:
    assert violations(PROBLEM, GOOD, mix_breaches=1) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({0: to(SAW, 0, 0, 50)}, {"second_missing"}, id="no crew"),
        pytest.param({0: to(SAW, 0, 0, 50, DRILL)}, {"second_lane"}, id="not of the crew"),
        pytest.param({0: to(SAW, 0, 0, 50, 99)}, {"second_lane"}, id="nobody"),
        pytest.param({7: to(SAW, 100, 0, 130, ANNA)}, {"second_lane"}, id="crew not asked for"),
        pytest.param({2: to(DRILL, 140, 0, 200, ANNA)}, {"second_lane"}, id="without the skill"),
        pytest.param({2: to(DRILL, 70, 0, 130, BEN)}, AWAY_AND_TAKEN, id="ill"),
        pytest.param({2: to(DRILL, 90, 0, 150, BEN)}, AWAY_AND_TAKEN, id="two"),
        pytest.param({2: to(DRILL, 40, 0, 100, BEN)}, {"second_overlap"}, id="at both machines"),
        pytest.param(
            {1: to(SAW, 160, 0, 210, ANNA)}, {"second_window", "precedence"}, id="in their break"
        ),
        pytest.param({3: to(OVEN_1, 60, 0, 100)}, {"transfer"}, id="too short a way"),
        pytest.param({5: to(OVEN_3, 214, 0, 254)}, {"transfer"}, id="a minute short"),
        pytest.param({4: to(OVEN_2, 125, 0, 165)}, {"batch"}, id="later"),
        pytest.param({6: to(OVEN_2, 270, 20, 330)}, {"batch"}, id="two colours"),
        pytest.param({4: to(OVEN_1, 120, 0, 160)}, {"overlap"}, id="one place twice"),
        pytest.param({6: to(OVEN_1, 280, 0, 320)}, {"set_up"}, id="no set-up"),
        pytest.param({6: to(OVEN_1, 60, 20, 120)}, {"set_up"}, id="others need one now"),
        pytest.param({7: to(SAW, 290, 0, 320)}, {"blocked"}, id="in maintenance"),
        pytest.param({7: to(SAW, 470, 0, 500)}, {"window"}, id="over the break"),
        pytest.param({6: to(OVEN_3, 280, 20, 340)}, {"alternative"}, id="not in that place"),
    ],
)
def test_a_changed_plan_is_refused_for_what_was_changed(
    changes: dict[int, Change], codes: set[str]
) -> None:
    changed = [changes.get(n, lambda p: p)(place) for n, place in enumerate(GOOD)]
    assert {violation.code for violation in violations(PROBLEM, changed)} == codes


@pytest.mark.parametrize("claimed", [0, 2])
def test_units_too_many_by_the_mix_rules_are_counted_again(claimed: int) -> None:
    (violation,) = violations(PROBLEM, GOOD, mix_breaches=claimed)
    assert (violation.code, violation.operations) == ("mix_count", (1,))


def test_a_unit_between_two_long_ones_keeps_the_mix() -> None:
    mixed = list(GOOD)
    mixed[7], mixed[1] = Placement(SAW, 50, 0, 80), Placement(SAW, 80, 0, 130, ANNA)
    mixed[4] = Placement(OVEN_3, 145, 0, 185)
    mixed[3] = Placement(OVEN_1, 145, 0, 185)
    assert violations(PROBLEM, mixed, mix_breaches=0) == []


def test_a_unit_may_join_a_pinned_batch_but_not_change_it() -> None:
    pinned = replace(
        PROBLEM.operations[3],
        sequence=SequenceClass.FIXED,
        fixed=Placement(OVEN_1, 120, 0, 160),
    )
    problem = replace(
        PROBLEM, operations=(*PROBLEM.operations[:3], pinned, *PROBLEM.operations[4:])
    )
    assert violations(problem, GOOD) == []
    moved = [*GOOD]
    moved[3] = moved[4] = Placement(OVEN_1, 130, 0, 170)
    moved[4] = replace(moved[4], lane=OVEN_2)
    assert {v.code for v in violations(problem, moved)} == {"fixed_moved"}
