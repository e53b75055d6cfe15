"""Each fault switch, seen from the platform; and the platform's own faults, seen from the line."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulator.clock import read_time
from simulator.faults import Faults
from simulator.problems import Problem
from tests.simulator.calling import Caller
from tests.simulator.fake_platform import FORMS, PATIENCE_S, FakePlatform, listening
from tests.simulator.orders import job_id, job_order
from tests.simulator.running import line_in_thread


def test_offline_breaks_off_every_call_sends_nothing_and_goes_on_making(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.order(job_order(1))
    caller.faults(offline=True)
    for attempt in (lambda: caller.order(job_order(2)), lambda: caller.client.get("/health")):
        with pytest.raises(httpx.TransportError):
            attempt()
    caller.log.wait("job_ended", sub_state="Closed")
    assert not platform.has_ended(job_id(1))
    told_before = len(platform.statuses)

    caller.faults(offline=False)
    platform.wait(lambda: platform.has_ended(job_id(1)) and len(platform.statuses) > told_before)
    assert [one["job"] for one in caller.get("/joborders").json()["jobs"]] == [job_id(1)]


def test_a_line_that_forgot_while_offline_says_hello_when_it_comes_back(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.faults(offline=True)
    epoch = caller.faults(forget=True)["epoch"]
    assert platform.hellos[-1]["epoch"] != epoch
    caller.faults(offline=False)
    platform.wait(lambda: platform.hellos[-1]["epoch"] == epoch)


def test_an_answer_to_a_memory_that_is_gone_is_not_taken_as_a_welcome(
    platform: FakePlatform, caller: Caller
) -> None:
    """The status was sent by the old memory, its answer comes to the new one."""
    asked, forgotten = threading.Event(), threading.Event()

    def answer_late(name: str, _body: Any) -> int:
        if name == "status":
            asked.set()
            assert forgotten.wait(PATIENCE_S)
        return 200

    platform.sound = answer_late
    assert asked.wait(PATIENCE_S)
    epoch = caller.faults(forget=True)["epoch"]
    forgotten.set()
    platform.wait(lambda: platform.hellos[-1]["epoch"] == epoch)


def test_a_slow_line_has_accepted_before_it_answers(caller: Caller) -> None:
    caller.faults(slow_ms=400)
    with pytest.raises(httpx.ReadTimeout):
        caller.client.post(
            "/joborders",
            json=job_order(),
            headers=caller.headers(
                httpx.Request("POST", "http://x", json=job_order()).read().decode()
            ),
            timeout=0.1,
        )
    begun = time.monotonic()
    again = caller.order(job_order())

    assert time.monotonic() - begun >= 0.4
    assert again.json()["ack"] == "duplicate"
    assert len(caller.log.told("job_accepted")) == 1


def test_a_dropped_answer_means_accepted_and_the_next_says_duplicate(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.faults(drop_answer=1.0)
    with pytest.raises(httpx.TransportError):
        caller.order(job_order())
    accepted = caller.log.wait("job_accepted", job=job_id(1))
    dropped = caller.log.wait("answer_dropped", job=job_id(1), ack="accepted")
    caller.faults(drop_answer=0.0)
    again = caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert accepted["at"] <= dropped["at"]
    assert again.json()["ack"] == "duplicate"
    assert caller.get("/made").json()["finished"] == 1


def test_duplicated_reports_are_the_same_reports(platform: FakePlatform, caller: Caller) -> None:
    caller.faults(duplicate=1.0)
    caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))
    count = len(platform.reports(job_id(1)))
    platform.wait(lambda: len(platform.arrivals) == 2 * count)

    assert all(platform.arrivals.count(one) == 2 for one in set(platform.arrivals))


def test_shuffled_reports_arrive_out_of_order_and_all_of_them(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.faults(shuffle=True)
    jobs = [job_id(number) for number in range(1, 6)]
    for number in range(1, 6):
        caller.order(job_order(number))
    platform.wait(lambda: platform.has_ended(*jobs))

    seqs = {job: [arrival for arrival in platform.arrivals if job in arrival] for job in jobs}
    orders = {job: [int(one.rsplit(":", 1)[1]) for one in arrived] for job, arrived in seqs.items()}
    assert any(order != sorted(order) for order in orders.values())
    assert all(sorted(order) == list(range(1, len(order) + 1)) for order in orders.values())


def test_a_line_that_forgets_says_hello_with_a_new_epoch_and_the_yard_remembers(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.order(job_order(1))
    caller.log.wait("operation_started", job=job_id(1), operation="cut")
    old = platform.hellos[-1]["epoch"]
    answer = caller.faults(forget=True)
    platform.wait(lambda: platform.hellos[-1]["epoch"] != old)
    platform.wait(lambda: platform.statuses[-1]["epoch"] == answer["epoch"])

    assert platform.hellos[-1]["epoch"] == answer["epoch"]
    assert caller.get(f"/joborders/{job_id(1)}").json()["code"] == "unknown_job"
    unit = caller.get("/made").json()["units"][0]
    assert unit["jobs"] == [{"job": job_id(1), "epoch": old, "outcome": "abandoned"}]
    assert caller.order(job_order(1)).json()["ack"] == "accepted"
    platform.wait(lambda: platform.inbox.get((answer["epoch"], job_id(1), 12)))
    assert caller.get("/made").json()["units"][0]["finished"] == 1


def test_a_rejected_order_may_be_accepted_later(platform: FakePlatform, caller: Caller) -> None:
    caller.faults(reject=1.0)
    rejected = caller.order(job_order()).json()
    caller.faults(reject=0.0)
    accepted = caller.order(job_order()).json()

    assert (rejected["ack"], rejected["reason"]["code"]) == ("rejected", "line_refuses")
    FORMS["joback"].validate(rejected)
    assert accepted["ack"] == "accepted"


@pytest.mark.parametrize("skew_min", [600, -600])
def test_a_wrong_clock_shifts_every_reported_time(caller: Caller, skew_min: int) -> None:
    caller.order(job_order())
    caller.log.wait("job_ended", sub_state="Closed")
    right = caller.get(f"/joborders/{job_id(1)}").json()["reports"]
    caller.faults(clock_skew_min=skew_min)
    wrong = caller.get(f"/joborders/{job_id(1)}").json()["reports"]

    shifts = {
        read_time(one["plant_time"]) - read_time(other["plant_time"])
        for one, other in zip(wrong, right, strict=True)
    }
    assert shifts == {skew_min * 60}


def test_a_wrong_clock_is_seen_in_what_is_sent(platform: FakePlatform, caller: Caller) -> None:
    caller.faults(clock_skew_min=100_000)
    caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))

    events = [read_time(one["plant_time"]) for one in platform.reports(job_id(1))]
    now = read_time(platform.welcome()["clock"]["origin_plant"]) + platform.factor * (
        time.time() - platform.origin_real
    )
    assert min(events) > now + 50_000 * 60


@pytest.mark.parametrize(
    "switches",
    [
        {"offlin": True},
        {"offline": 1},
        {"slow_ms": -1},
        {"slow_ms": 0.5},
        {"slow_ms": True},
        {"drop_answer": 1.5},
        {"duplicate": "0.3"},
        {"reject": float("inf")},
        {"clock_skew_min": 10**9},
        {"shuffle": None},
    ],
)
def test_a_switch_that_does_not_fit_is_refused_and_none_is_turned(switches: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refusal:
        Faults().changed({"shuffle": True, **switches})

    assert (refusal.value.status, refusal.value.code) == (422, "not_the_schema")


def test_switches_are_shown_and_only_by_signed_calls(caller: Caller) -> None:
    caller.faults(shuffle=True, reject=0.25)
    unsigned = caller.client.post("/faults", json={"forget": True})
    wrong = caller.post("/faults", {"forget": "yes"})
    shown = caller.get("/faults").json()

    assert unsigned.status_code == 401
    assert wrong.status_code == 422
    assert (shown["shuffle"], shown["reject"], shown["offline"]) == (True, 0.25, False)


def test_a_replayed_forget_forgets_once(platform: FakePlatform, caller: Caller) -> None:
    first = caller.post("/faults", {"forget": True}, message_id="f1").json()
    again = caller.post("/faults", {"forget": True}, message_id="f1").json()

    assert first["epoch"] == again["epoch"]
    assert len(caller.log.told("memory_lost")) == 1


# The platform's own faults


def test_reports_wait_for_the_platform_and_arrive_once_each(
    platform: FakePlatform, caller: Caller
) -> None:
    platform.sound = lambda name, _body: 503 if name == "reports" else 200
    caller.order(job_order())
    caller.log.wait("job_ended", sub_state="Closed")
    assert platform.inbox == {}
    unsent = len(caller.get(f"/joborders/{job_id(1)}").json()["reports"])
    platform.wait(lambda: platform.statuses[-1]["unsent"] == unsent)

    platform.sound = lambda _name, _body: 202
    platform.wait(lambda: platform.has_ended(job_id(1)))
    assert len(platform.arrivals) == len(set(platform.arrivals)) == unsent


def test_an_answer_lost_after_storing_brings_the_same_message_again(
    platform: FakePlatform, caller: Caller
) -> None:
    """The platform stored the first batch, but its answer is no 2xx."""
    lost: list[Any] = []

    def lose_first(name: str, body: Any) -> int:
        if name == "reports" and not lost:
            lost.append(body)
            platform.hear_reports(body, {"content-type": form_of(body), "webhook-id": "lost"})
            return 500
        return 202

    platform.sound = lose_first
    caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))

    first = lost[0] if isinstance(lost[0], dict) else lost[0][0]
    assert platform.arrivals.count(first["id"]) == 2
    assert len(platform.reports(job_id(1))) == len(set(platform.arrivals))


def form_of(body: Any) -> str:
    return f"application/cloudevents{'' if isinstance(body, dict) else '-batch'}+json"


def test_one_refused_report_holds_up_its_own_job_only(
    platform: FakePlatform, caller: Caller
) -> None:
    def refuse_first_job(name: str, body: Any) -> int:
        events = body if isinstance(body, list) else [body]
        about_first = name == "reports" and any(one["subject"] == job_id(1) for one in events)
        return 422 if about_first else 202

    platform.sound = refuse_first_job
    for number in (1, 2, 3):
        caller.order(job_order(number))
    platform.wait(lambda: platform.has_ended(job_id(2), job_id(3)))
    assert platform.reports(job_id(1)) == []

    platform.sound = lambda _name, _body: 202
    platform.wait(lambda: platform.has_ended(job_id(1)))


def test_an_epoch_unknown_to_the_platform_is_said_hello_with_again(
    platform: FakePlatform, caller: Caller
) -> None:
    hellos = len(platform.hellos)
    platform.sound = lambda name, _: (
        409 if name == "status" and len(platform.hellos) == hellos else 200
    )
    platform.wait(lambda: len(platform.hellos) > hellos)

    assert platform.hellos[-1] == platform.hellos[0]


def test_a_clock_anchored_anew_is_followed(platform: FakePlatform, caller: Caller) -> None:
    caller.order(job_order(start=1_000_000))
    platform.origin_real -= 1_100_000 * 60 / platform.factor
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert caller.get("/made").json()["finished"] == 1


def test_a_platform_that_is_not_ready_yet_is_waited_for() -> None:
    with listening(FakePlatform(missing_schemas=3)) as platform:
        platform.sound = lambda name, _: 503 if name == "hello" and refusals.pop() else 200
        refusals = [False, True, True]
        with line_in_thread(platform) as caller:
            assert caller.order(job_order()).status_code == 201
            platform.wait(lambda: platform.has_ended(job_id(1)))
        assert platform.missing_schemas == 0
        assert refusals == []


@pytest.fixture
def unlucky(platform: FakePlatform) -> Iterator[Caller]:
    """A line with luck, on which everything goes wrong at once."""
    luck = ("--scrap", "0.1", "--rework", "0.2", "--stops", "0.2")
    faults = ("--drop-answer", "0.2", "--duplicate", "0.3", "--shuffle")
    with line_in_thread(platform, *luck, *faults) as one:
        yield one


def test_under_all_faults_together_nothing_is_lost_or_made_twice(
    platform: FakePlatform, unlucky: Caller
) -> None:
    calls = iter(range(1_000_000))
    platform.sound = lambda name, _: 500 if name == "reports" and next(calls) % 5 == 0 else 202
    jobs = [job_id(number) for number in range(1, 41)]
    for number in range(1, 41):
        submit_until_answered(unlucky, job_order(number))
    platform.wait(lambda: platform.has_ended(*jobs))
    unlucky.faults(shuffle=False, drop_answer=0)

    made = unlucky.get("/made").json()
    assert made["made_twice"] == []
    scrapped = sum(platform.reports(job)[-1]["scrap"] for job in jobs)
    assert 0 < scrapped < 20
    assert made["finished"] == 40 - scrapped
    for job in jobs:
        assert unlucky.get(f"/joborders/{job}").json()["reports"] == platform.reports(job)
    assert len(platform.arrivals) > len(set(platform.arrivals))
    assert len(unlucky.log.told("job_accepted")) == 40


def submit_until_answered(caller: Caller, order: dict[str, Any]) -> None:
    for _ in range(50):
        try:
            answer = caller.order(order)
        except httpx.TransportError:
            continue
        assert answer.json()["ack"] in {"accepted", "duplicate"}
        return
    raise AssertionError(f"job {order['job']} was never answered")
