"""The floor in plant time: order of operations, lanes, queues, quality, and determinism."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.chances import FASTEST, SLOWEST, Chances
from simulator.clock import read_time
from tests.simulator.floors import NO_LUCK, Shop, started, states
from tests.simulator.orders import job_order, moment, operation, seconds

SCHEMAS = Path(__file__).parents[2] / "production" / "schemas"
REPORT = jsonschema.Draft202012Validator(
    json.loads((SCHEMAS / "jobresponse.schema.json").read_text("utf-8"))
)


def test_a_unit_passes_all_states_in_order() -> None:
    shop = Shop()
    job = shop.take(job_order())
    shop.run()

    assert states(job.reports) == [
        "NotAllowedToStart",
        "AllowedToStart/Ready",
        "AllowedToStart/Loaded",
        "Running cut started",
        "Running cut ended",
        "Running bake started",
        "Running bake ended",
        "Running test started",
        "Running test ended",
        "Running pack started",
        "Running pack ended",
        "Ended/Completed",
        "Ended/Closed",
    ]
    assert [one["seq"] for one in job.reports] == list(range(1, 14))
    assert [one["produced"] for one in job.reports] == [0] * 11 + [1, 1]
    assert job.reports[3]["step"] == {"number": 1, "count": 4}
    assert job.reports[8]["inspection"] == {"result": "pass", "findings": []}
    assert shop.yard.as_json()["finished"] == 1


def test_an_operation_starts_at_its_planned_time_and_takes_about_its_duration() -> None:
    shop = Shop()
    job = shop.take(job_order())
    shop.run()

    assert started(job.reports, "cut") == [moment(0)]
    assert started(job.reports, "bake") == [moment(25)]
    ended = read_time(job.reports[4]["plant_time"])
    assert FASTEST * 20 * 60 <= ended - seconds(0) <= SLOWEST * 20 * 60


def test_a_late_order_starts_at_once_and_waits_for_what_comes_before() -> None:
    shop = Shop()
    job = shop.take(job_order(), at=500)
    shop.run()

    times = [read_time(one["plant_time"]) for one in job.reports]
    assert times == sorted(times)
    assert started(job.reports, "cut") == [moment(500)]
    assert started(job.reports, "bake") == [job.reports[4]["plant_time"]]
    assert started(job.reports, "bake")[0] > moment(518)


def test_one_lane_takes_one_unit_and_the_queue_follows_the_plan() -> None:
    shop = Shop()
    later = shop.take(job_order(1, start=5))
    sooner = shop.take(job_order(2, start=0))
    shop.run()

    cut_end = next(one for one in sooner.reports if one["operation_event"] == "ended")
    assert started(sooner.reports, "cut") == [moment(0)]
    assert started(later.reports, "cut") == [cut_end["plant_time"]]


def test_two_lanes_take_two_units_side_by_side_and_never_three() -> None:
    shop = Shop(stations={"oven-1": 2})
    for number in range(1, 10):
        shop.take(job_order(number, operations=[operation("bake", "oven-1", 0, 30)]))
    shop.run()

    busy, most = 0, 0
    for report in sorted(shop.told, key=lambda one: one["plant_time"]):
        busy += {"started": 1, "ended": -1, "failed": -1}.get(report["operation_event"], 0)
        most = max(most, busy)
    assert most == 2
    assert busy == 0


def test_queue_positions_are_told_as_they_fall() -> None:
    shop = Shop()
    jobs = [shop.take(job_order(number, start=number)) for number in range(1, 5)]
    shop.run()

    positions = [
        one["queue_position"] for one in jobs[3].reports if one["queue_position"] is not None
    ]
    assert positions == [4, 3, 2, 1]
    assert "AllowedToStart/Ready" in states(jobs[3].reports)


def test_a_long_queue_does_not_flood_the_platform() -> None:
    shop = Shop()
    jobs = [shop.take(job_order(number, start=0)) for number in range(1, 201)]
    shop.run(100_000)

    told = [sum(one["queue_position"] is not None for one in job.reports) for job in jobs]
    assert max(told) <= 16
    assert all(job.state == ("Ended", "Closed") for job in jobs)


def test_branches_run_side_by_side_and_join() -> None:
    order = job_order(
        operations=[
            operation("left", "press-1", 0, 30),
            operation("right", "oven-1", 0, 60),
            operation("join", "bay-1", 0, 10, after=["left", "right"]),
        ]
    )
    shop = Shop()
    job = shop.take(order)
    shop.run()

    right_end = next(
        one["plant_time"]
        for one in job.reports
        if one["operation"] == "right" and one["operation_event"] == "ended"
    )
    assert started(job.reports, "left") == started(job.reports, "right") == [moment(0)]
    assert started(job.reports, "join") == [right_end]


def test_set_up_is_part_of_the_time_on_the_station() -> None:
    shop = Shop()
    job = shop.take(job_order(operations=[operation("cut", "press-1", 0, 60, set_up_min=40)]))
    shop.run()

    ended = read_time(job.reports[4]["plant_time"])
    assert ended - seconds(0) >= FASTEST * 100 * 60


def test_a_failed_inspection_repeats_the_named_operations_inside_the_job() -> None:
    chances = Chances(seed=3, scrap=0, rework=0.5, stops=0)
    outcomes = [chances.inspect(f"RF-{n:06}", 0, "test", 0) for n in range(1, 40)]
    number = 1 + outcomes.index("rework")
    shop = Shop(chances)
    job = shop.take(job_order(number))
    shop.run()

    failed = states(job.reports).index("Interrupted/Suspended test failed")
    assert job.reports[failed]["reason"]["code"] == "rework"
    assert job.reports[failed]["inspection"]["result"] == "fail"
    assert len(job.reports[failed]["inspection"]["findings"]) == 1
    assert states(job.reports)[failed + 1] == "Running cut started"
    again = len(started(job.reports, "test"))
    assert again >= 2
    assert len(started(job.reports, "cut")) == len(started(job.reports, "bake")) == again
    assert len(started(job.reports, "pack")) <= 1


def test_an_inspection_that_always_fails_ends_in_scrap_not_in_a_circle() -> None:
    shop = Shop(Chances(seed=1, scrap=0, rework=1, stops=0))
    job = shop.take(job_order())
    shop.run()

    assert len(started(job.reports, "test")) == 3
    assert states(job.reports)[-1] == "Aborted test failed"
    assert job.reports[-1]["reason"]["code"] == "scrap"
    assert (job.reports[-1]["produced"], job.reports[-1]["scrap"]) == (0, 1)
    assert shop.floor.next_at is None


def test_scrap_frees_the_stations_for_the_remake() -> None:
    shop = Shop(Chances(seed=1, scrap=1, rework=0, stops=0))
    lost = shop.take(job_order(1, serial="RF-9"))
    shop.run(5000)
    remake = shop.take(job_order(2, serial="RF-9"), at=5000)
    shop.run()

    assert lost.state == remake.state == ("Aborted", None)
    assert (lost.attempt, remake.attempt) == (0, 1)
    assert {one.resource: one.idle for one in shop.floor.stations.values()} == {
        one.resource: one.lanes for one in shop.floor.stations.values()
    }
    jobs = shop.yard.as_json()["units"][0]["jobs"]
    assert [one["outcome"] for one in jobs] == ["scrapped", "scrapped"]


def test_a_remake_has_luck_of_its_own() -> None:
    chances = Chances(seed=5, scrap=0.5, rework=0)
    first = [chances.inspect("RF-1", attempt, "test", 0) for attempt in range(20)]

    assert set(first) == {"scrap", "pass"}


def test_a_stop_is_told_with_its_reason_and_ends() -> None:
    shop = Shop(Chances(seed=1, scrap=0, rework=0, stops=1))
    job = shop.take(job_order(operations=[operation("cut", "press-1", 0, 60)]))
    shop.run()

    assert states(job.reports)[3:7] == [
        "Running cut started",
        "Interrupted/Held cut",
        "Running cut",
        "Running cut ended",
    ]
    assert job.reports[4]["reason"]["code"] in {"material_missing", "tool_worn", "sensor_fault"}
    assert job.reports[5]["reason"] is None


def test_lanes_added_while_running_are_used_and_lanes_taken_away_are_not_refilled() -> None:
    shop = Shop(stations={"oven-1": 1})
    jobs = [
        shop.take(job_order(n, operations=[operation("bake", "oven-1", 0, 100)])) for n in (1, 2, 3)
    ]
    shop.run(10)
    shop.floor.set_stations({"oven-1": 2})
    shop.run(11)
    assert [job.started for job in jobs] == [True, True, False]

    shop.floor.set_stations({"oven-1": 1})
    shop.run()
    ends = [one["plant_time"] for one in shop.told if one["operation_event"] == "ended"]
    assert len(ends) == 3
    assert started(jobs[2].reports, "bake") == [ends[1]]


BUSY = Chances(seed=11, scrap=0.1, rework=0.25, stops=0.3)


def play(moments: list[int], orders: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Advance at these moments too, which must not matter."""
    shop = Shop(BUSY)
    inputs = sorted([(at, None) for at in moments] + list(orders), key=lambda one: one[0])
    for at, order in inputs:
        if order is None:
            shop.run(at)
        else:
            shop.take(order, at=at)
    shop.run()
    return shop.told


@settings(max_examples=12, deadline=None)
@given(
    moments=st.lists(st.integers(-1000, 3000), max_size=30),
    starts=st.lists(st.integers(-300, 600), min_size=1, max_size=12),
)
def test_when_the_floor_is_looked_at_changes_nothing_and_every_report_is_well_formed(
    moments: list[int], starts: list[int]
) -> None:
    orders = [(start, job_order(n, start=start)) for n, start in enumerate(starts, start=1)]

    told = play([], list(orders))

    assert play(moments, list(orders)) == told
    for report in told:
        REPORT.validate(report)
    assert {one["seq"] for one in told if one["job"] == orders[0][1]["job"]}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_station_is_ever_overfull_and_every_job_ends(seed: int) -> None:
    shop = Shop(Chances(seed=seed, scrap=0.1, rework=0.3, stops=0.3))
    jobs = [shop.take(job_order(n, start=n * 7)) for n in range(1, 21)]
    shop.run(50_000)

    on_station: dict[str, set[str]] = {name: set() for name in shop.floor.stations}
    for one in shop.told:
        if one["operation_event"] == "started":
            on_station[one["station"]].add(one["job"])
            assert len(on_station[one["station"]]) <= shop.floor.stations[one["station"]].lanes
        elif one["operation_event"]:
            on_station[one["station"]].remove(one["job"])
    assert all(job.state in {("Ended", "Closed"), ("Aborted", None)} for job in jobs)
    assert all(one.idle == one.lanes and not one.queue for one in shop.floor.stations.values())


def test_the_same_seed_gives_the_same_history_and_another_seed_another() -> None:
    def history(seed: int) -> list[dict[str, Any]]:
        shop = Shop(Chances(seed=seed, scrap=0.1, rework=0.3, stops=0.3))
        for number in range(1, 11):
            shop.take(job_order(number, start=number * 7))
        shop.run()
        return shop.told

    assert history(1) == history(1)
    assert history(1) != history(2)


@pytest.mark.parametrize("part", [{"scrap": -0.1}, {"rework": 1.1}, {"stops": 2}])
def test_a_share_out_of_range_is_refused(part: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Chances(seed=1, **part)


def test_without_luck_nothing_fails() -> None:
    shop = Shop(NO_LUCK)
    jobs = [shop.take(job_order(n, start=n * 40)) for n in range(1, 30)]
    shop.run(50_000)

    assert {job.state for job in jobs} == {("Ended", "Closed")}
    assert all(one["operation_event"] != "failed" for one in shop.told)
