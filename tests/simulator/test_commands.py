"""Abort, hold, resume, reschedule: what each does, and when it comes too late."""

from typing import Any

import pytest

from simulator.problems import Problem
from tests.simulator.floors import Shop, started, states
from tests.simulator.orders import job_order, moment, operation


def idle_lanes(shop: Shop) -> dict[str, int]:
    return {one.resource: one.idle for one in shop.floor.stations.values()}


def planned(name: str, resource: str, start: int) -> dict[str, Any]:
    one = operation(name, resource, start, 20)
    return {
        part: one[part] for part in ("id", "resource", "planned_start", "planned_end", "set_up_min")
    }


@pytest.mark.parametrize("at", [-1000, -100, -5, 10, 23, 61])
def test_abort_ends_a_job_at_any_moment_and_frees_its_station(at: float) -> None:
    shop = Shop()
    job = shop.take(job_order())
    answer = shop.tell(job, "abort", at=at)
    shop.run()

    assert answer["result"] == "done"
    assert states(job.reports)[-1] == "Aborted"
    assert job.reports[-1]["reason"]["code"] == "aborted_by_order"
    assert job.reports[-1]["plant_time"] == moment(at)
    assert idle_lanes(shop) == {"press-1": 1, "oven-1": 2, "bay-1": 1, "dock-1": 1}
    assert shop.yard.as_json()["finished"] == 0


def test_abort_lets_the_next_unit_have_the_station_at_once() -> None:
    shop = Shop()
    first = shop.take(job_order(1))
    second = shop.take(job_order(2))
    shop.tell(first, "abort", at=7)
    shop.run()

    assert started(second.reports, "cut") == [moment(7)]


def test_a_second_abort_changes_nothing() -> None:
    shop = Shop()
    job = shop.take(job_order())
    shop.tell(job, "abort", at=10)
    answer = shop.tell(job, "abort", at=11)

    assert answer["result"] == "unchanged"
    assert states(job.reports).count("Aborted") == 1


@pytest.mark.parametrize("verb", ["abort", "hold", "resume"])
def test_a_made_unit_takes_no_commands(verb: str) -> None:
    shop = Shop()
    job = shop.take(job_order())
    shop.run()

    with pytest.raises(Problem) as refusal:
        shop.tell(job, verb, at=10_001)

    assert (refusal.value.status, refusal.value.code) == (409, "too_late")
    assert "Ended/Closed" in refusal.value.detail
    assert len(job.reports) == 13


def test_a_running_job_is_held_after_its_operation_and_goes_on_when_resumed() -> None:
    shop = Shop()
    job = shop.take(job_order())
    shop.tell(job, "hold", at=10)
    shop.run(500)
    assert states(job.reports)[-2:] == ["Interrupted/Held", "Interrupted/Held cut ended"]
    assert job.reports[-1]["reason"]["code"] == "held_by_order"

    answer = shop.tell(job, "resume", at=500)
    shop.run()
    assert answer["result"] == "done"
    assert started(job.reports, "bake") == [moment(500)]
    assert states(job.reports)[-1] == "Ended/Closed"


@pytest.mark.parametrize("at", [-1000, -100, -5])
def test_a_job_held_before_its_start_leaves_the_queue(at: float) -> None:
    shop = Shop()
    job = shop.take(job_order(1))
    other = shop.take(job_order(2))
    shop.tell(job, "hold", at=at)
    shop.run(100)
    assert states(job.reports)[-1] == "NotAllowedToStart"
    assert job.reports[-1]["reason"]["code"] == "held_by_order"
    assert started(other.reports, "cut") == [moment(0)]

    shop.tell(job, "resume", at=100)
    shop.run()
    assert started(job.reports, "cut") == [moment(100)]


def test_hold_and_resume_twice_change_nothing_the_second_time() -> None:
    shop = Shop()
    job = shop.take(job_order())
    results = [
        shop.tell(job, verb, at=10)["result"] for verb in ("resume", "hold", "hold", "resume")
    ]

    assert results == ["unchanged", "done", "unchanged", "done"]


def test_reschedule_moves_what_was_not_begun_and_leaves_the_rest() -> None:
    shop = Shop(stations={"press-1": 1, "oven-1": 1, "oven-2": 1, "bay-1": 1, "dock-1": 1})
    job = shop.take(job_order())
    moves = [planned("cut", "press-1", 300), planned("bake", "oven-2", 200)]
    answer = shop.tell(job, "reschedule", at=10, plan=2, operations=moves)
    shop.run()

    assert (answer["result"], answer["applied"]) == ("done", ["bake"])
    assert started(job.reports, "cut") == [moment(0)]
    assert started(job.reports, "bake") == [moment(200)]
    assert next(one for one in job.reports if one["operation"] == "bake")["station"] == "oven-2"


@pytest.mark.parametrize("start", [-600, 2000])
def test_a_job_waiting_for_its_release_is_moved_sooner_or_later(start: int) -> None:
    shop = Shop()
    job = shop.take(job_order())
    moves = [planned("cut", "press-1", start)]
    shop.tell(job, "reschedule", at=-1000, plan=2, operations=moves)
    shop.run()

    assert started(job.reports, "cut") == [moment(start)]
    assert job.reports[1]["plant_time"] == moment(start - 240)


def test_an_older_plan_is_not_taken() -> None:
    shop = Shop()
    job = shop.take(job_order(plan=5))
    moves = [planned("cut", "press-1", 300)]
    answer = shop.tell(job, "reschedule", at=-1000, plan=5, operations=moves)
    shop.run()

    assert (answer["result"], answer["applied"]) == ("unchanged", [])
    assert started(job.reports, "cut") == [moment(0)]


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (planned("paint", "press-1", 300), "unknown_operation"),
        (planned("bake", "oven-9", 300), "unknown_station"),
        (
            {**planned("bake", "oven-1", 1), "planned_start": "2026-02-30T00:00:00Z"},
            "not_the_schema",
        ),
    ],
)
def test_a_wrong_reschedule_is_refused_whole(move: dict[str, Any], code: str) -> None:
    shop = Shop()
    job = shop.take(job_order())
    moves = [planned("cut", "press-1", 300), move]

    with pytest.raises(Problem) as refusal:
        shop.tell(job, "reschedule", at=-1000, plan=2, operations=moves)
    shop.run()

    assert (refusal.value.status, refusal.value.code) == (422, code)
    assert started(job.reports, "cut") == [moment(0)]
