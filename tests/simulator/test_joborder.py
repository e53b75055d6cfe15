"""What a job order must say beyond its schema, and which parts are the same order."""

from typing import Any

import pytest

from simulator.joborder import content_of, read_job
from simulator.problems import Problem
from tests.simulator.orders import job_order, operation


@pytest.mark.parametrize(
    "operations",
    [
        [operation("a", "press-1", 0, 5, after=["a"])],
        [
            operation("a", "press-1", 0, 5, after=["b"]),
            operation("b", "press-1", 9, 5, after=["a"]),
        ],
        [operation("a", "press-1", 0, 5, after=["nothing"])],
        [operation("a", "press-1", 0, 5), operation("a", "press-1", 9, 5)],
        [operation("a", "press-1", 0, 5, kind="inspect", rework=["a"])],
        [
            operation("a", "press-1", 0, 5, kind="inspect", rework=["b"]),
            operation("b", "press-1", 9, 5, after=["a"]),
        ],
    ],
    ids=["self", "circle", "missing", "twice", "rework self", "rework later"],
)
def test_operations_nobody_could_follow_are_refused(operations: list[dict[str, Any]]) -> None:
    with pytest.raises(Problem) as refusal:
        read_job(job_order(operations=operations), epoch="e")

    assert (refusal.value.status, refusal.value.code) == (422, "operations_wrong")


def test_an_inspection_repeats_what_it_is_after_when_nothing_is_named() -> None:
    order = job_order(
        operations=[
            operation("a", "press-1", 0, 5),
            operation("b", "bay-1", 9, 5, after=["a"], kind="inspect"),
        ]
    )

    assert read_job(order, epoch="e").operations["b"].rework == ("a",)


@pytest.mark.parametrize("time", ["2026-02-30T00:00:00Z", "2026-03-03T25:00:00Z"])
def test_a_day_that_does_not_exist_is_refused(time: str) -> None:
    order = job_order(operations=[operation("a", "press-1", 0, 5, planned_end=time)])

    with pytest.raises(Problem, match="no time"):
        read_job(order, epoch="e")


def test_a_replan_is_the_same_order_and_other_work_is_not() -> None:
    order = job_order()
    replanned = job_order(start=77, plan=9, chain="other")
    other_serial = job_order(serial="RF-other")
    fewer = job_order(operations=order["operations"][:-1])
    other_bom = job_order(bom=[])

    assert content_of(order) == content_of(replanned)
    assert len({content_of(one) for one in (order, other_serial, fewer, other_bom)}) == 4
