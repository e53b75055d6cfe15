"""The line's doors over a real socket: orders, answers, refusals, hostile bodies."""

import base64
import hashlib
import hmac
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.clock import read_time
from tests.simulator.calling import Caller
from tests.simulator.fake_platform import FORMS, KEY, FakePlatform
from tests.simulator.orders import job_id, job_order, moment, operation, seconds


def later(platform: FakePlatform, hours: float) -> int:
    """Minutes after dawn, so many plant hours from now."""
    return int(platform.factor * (time.time() - platform.origin_real) / 60 + hours * 60)


def test_an_order_is_made_and_every_report_arrives_once(
    platform: FakePlatform, caller: Caller
) -> None:
    answer = caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert answer.status_code == 201
    FORMS["joback"].validate(answer.json())
    assert answer.json()["ack"] == "accepted"
    assert answer.json()["epoch"] == platform.hellos[0]["epoch"]
    reports = platform.reports(job_id(1))
    assert [one["seq"] for one in reports] == list(range(1, len(reports) + 1))
    assert len(platform.arrivals) == len(set(platform.arrivals)) == len(reports)
    assert reports[-1]["produced"] == 1


def test_the_same_order_twice_is_a_duplicate_and_made_once(
    platform: FakePlatform, caller: Caller
) -> None:
    answers = [caller.order(job_order()) for _ in range(3)]
    platform.wait(lambda: platform.has_ended(job_id(1)))
    answers.append(caller.order(job_order()))

    assert [(one.status_code, one.json()["ack"]) for one in answers] == [
        (201, "accepted"),
        (200, "duplicate"),
        (200, "duplicate"),
        (200, "duplicate"),
    ]
    made = caller.get("/made").json()
    assert (made["finished"], made["made_twice"]) == (1, [])
    assert answers[-1].json()["last_seq"] == len(platform.reports(job_id(1)))


def test_other_content_under_the_same_id_is_refused_and_changes_nothing(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.order(job_order())
    answer = caller.order(job_order(serial="RF-other"))
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "job_order_differs"
    assert [one["serial"] for one in caller.get("/made").json()["units"]] == ["RF-000001"]


def test_the_same_order_with_a_newer_plan_takes_the_new_times(
    platform: FakePlatform, caller: Caller
) -> None:
    far, near = later(platform, 10_000), later(platform, 1)
    caller.order(job_order(start=far))
    again = caller.order(job_order(start=near, plan=2))
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert again.json()["ack"] == "duplicate"
    begun = [one for one in platform.reports(job_id(1)) if one["operation"] == "cut"]
    assert begun[0]["plant_time"] < moment(far)


def test_the_same_serial_under_two_ids_shows_as_made_twice(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.order(job_order(1, serial="RF-7"))
    caller.order(job_order(2, serial="RF-7"))
    platform.wait(lambda: platform.has_ended(job_id(1), job_id(2)))

    assert caller.get("/made").json()["made_twice"] == ["RF-7"]


def test_a_job_can_be_asked_for_whole_and_in_part(platform: FakePlatform, caller: Caller) -> None:
    caller.order(job_order())
    platform.wait(lambda: platform.has_ended(job_id(1)))
    whole = caller.get(f"/joborders/{job_id(1)}").json()
    rest = caller.get(f"/joborders/{job_id(1)}?after=11").json()

    FORMS["jobrecord"].validate(whole)
    assert whole["reports"] == platform.reports(job_id(1))
    assert rest["reports"] == whole["reports"][11:]
    assert (whole["state"], whole["sub_state"]) == ("Ended", "Closed")
    jobs = caller.get("/joborders").json()["jobs"]
    assert [(one["job"], one["serial"]) for one in jobs] == [(job_id(1), "RF-000001")]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (job_order(line="line-2"), "wrong_line"),
        (job_order(operations=[operation("a", "laser-1", 0, 5)]), "unknown_station"),
    ],
)
def test_an_order_for_another_line_is_rejected_with_a_reason(
    refusing: Caller, order: dict[str, Any], code: str
) -> None:
    answer = refusing.order(order)

    assert answer.status_code == 200
    FORMS["joback"].validate(answer.json())
    assert (answer.json()["ack"], answer.json()["reason"]["code"]) == ("rejected", code)
    assert refusing.get("/joborders").json()["jobs"] == []


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "not_json"),
        ("{", 400, "not_json"),
        (DEEP, 400, "not_json"),
        ('{"plan": NaN}', 400, "not_json"),
        ('{"plan": ' + "9" * 5000 + "}", 400, "not_json"),
        ("[]", 422, "not_the_schema"),
        ("null", 422, "not_the_schema"),
        ('"\\ud800"', 400, "not_json"),
        (job_order(serial="RF-\ud800"), 400, "not_json"),
        (job_order(job="../../etc/passwd"), 422, "not_the_schema"),
        (job_order(job="0195F2D0-6A53-7C1E-9A0F-3F6F0F1B7A11"), 422, "not_the_schema"),
        (job_order(plan=-1), 422, "not_the_schema"),
        (job_order(plan="1"), 422, "not_the_schema"),
        (job_order(operations=[]), 422, "not_the_schema"),
        (job_order(surprise=1), 422, "not_the_schema"),
        (job_order(chain="x" * 101), 422, "not_the_schema"),
        (job_order(operations=[operation("a", "press-1", 0, 0)]), 422, "not_the_schema"),
        (job_order(operations=[operation("a", "press-1", 0, 10**9)]), 422, "not_the_schema"),
        (
            job_order(bom=[{"component": "A", "quantity": "1e9", "unit": "m"}]),
            422,
            "not_the_schema",
        ),
        (
            job_order(operations=[operation("a", "press-1", 0, 5, planned_start="yesterday")]),
            422,
            "not_the_schema",
        ),
        (
            job_order(
                operations=[operation("a", "press-1", 0, 5, planned_start="2026-13-01T00:00:00Z")]
            ),
            422,
            "not_the_schema",
        ),
        (
            job_order(operations=[operation("a", "press-1", 0, 5, after=["a"])]),
            422,
            "operations_wrong",
        ),
    ],
)
def test_a_hostile_body_is_answered_with_a_problem_and_changes_nothing(
    refusing: Caller, body: Any, status: int, code: str
) -> None:
    answer = refusing.post("/joborders", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) < 500
    assert refusing.get("/joborders").json()["jobs"] == []


def test_an_order_with_odd_texts_is_still_told(platform: FakePlatform, caller: Caller) -> None:
    order = job_order(serial="RF-\t-冰箱", chain="\u2028")
    assert caller.order(order).status_code == 201
    platform.wait(lambda: platform.has_ended(job_id(1)))


def test_bytes_that_are_no_text_are_refused(refusing: Caller) -> None:
    answer = refusing.client.post("/joborders", content=b"\xff\xfe")
    assert answer.status_code == 401

    raw = refusing.client.post("/joborders", content=b"\xff", headers=sign_bytes(b"\xff"))
    assert (raw.status_code, raw.json()["code"]) == (400, "not_json")


def sign_bytes(body: bytes) -> dict[str, str]:
    """The independent package signs text only; this is its formula on bytes."""
    stamp = str(int(time.time()))
    secret = base64.b64decode(KEY.removeprefix("whsec_"))
    digest = hmac.new(secret, f"raw.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": "raw",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        "content-type": "application/json",
    }


def test_unsigned_and_wrongly_signed_calls_are_refused(refusing: Caller) -> None:
    order = job_order()
    unsigned = refusing.client.post("/joborders", json=order)
    stale = refusing.post("/joborders", order, **{"webhook-timestamp": str(int(time.time()) - 400)})
    changed = refusing.client.post("/joborders", json=order, headers=refusing.headers("{}"))
    asked = refusing.client.get("/made")

    assert [one.json()["code"] for one in (unsigned, stale, changed, asked)] == [
        "signature_missing",
        "timestamp_off",
        "signature_wrong",
        "signature_missing",
    ]
    assert {one.status_code for one in (unsigned, stale, changed, asked)} == {401}
    assert refusing.get("/joborders").json()["jobs"] == []


def test_a_key_of_idempotency_that_is_not_the_job_is_refused(refusing: Caller) -> None:
    answer = refusing.post("/joborders", job_order(), **{"idempotency-key": job_id(2)})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_differs")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/joborders/a/b", 404, "not_found"),
        ("DELETE", "/joborders", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
        ("GET", f"/joborders/{job_id(9)}", 404, "unknown_job"),
        ("GET", f"/joborders/{job_id(9)}?after=-1", 400, "bad_request"),
    ],
)
def test_a_wrong_address_is_said(
    refusing: Caller, method: str, path: str, status: int, code: str
) -> None:
    answer = refusing.client.request(method, path, headers=refusing.headers(""))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_form_is_not_taken_for_json(refusing: Caller) -> None:
    answer = refusing.post("/joborders", "a=b", **{"content-type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_media_type")


def test_a_body_without_end_is_cut_off(refusing: Caller) -> None:
    answer = refusing.post("/joborders", " " * (1024 * 1024 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_what_is_no_http_is_answered_and_closed(refusing: Caller) -> None:
    place = urlsplit(str(refusing.client.base_url))
    with socket.create_connection((place.hostname, place.port), timeout=5) as wire:
        wire.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        heard = b""
        while chunk := wire.recv(4096):
            heard += chunk

    assert heard.startswith(b"HTTP/1.1 400 ")
    assert b"bad_request" in heard


def test_health_is_open_and_says_little(refusing: Caller) -> None:
    answer = refusing.client.get("/health")

    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "epoch"}


def test_a_command_works_once_however_often_it_is_sent(
    platform: FakePlatform, caller: Caller
) -> None:
    caller.order(job_order(start=later(platform, 100_000)))
    path = f"/joborders/{job_id(1)}/commands"
    hold = {"job": job_id(1), "verb": "hold"}
    first = caller.post(path, hold, message_id="cmd-1")
    resumed = caller.post(path, {"job": job_id(1), "verb": "resume"})
    replayed = caller.post(path, hold, message_id="cmd-1")
    record = caller.get(f"/joborders/{job_id(1)}").json()

    assert first.json() == replayed.json()
    assert [one.json()["result"] for one in (first, resumed)] == ["done", "done"]
    assert record["reports"][-1]["reason"] is None


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [
        ({"job": job_id(2), "verb": "hold"}, 400, "job_differs"),
        ({"job": job_id(1), "verb": "explode"}, 422, "not_the_schema"),
        ({"job": job_id(1), "verb": "reschedule"}, 422, "not_the_schema"),
        ({"job": job_id(1), "verb": "hold"}, 404, "unknown_job"),
    ],
)
def test_a_wrong_command_is_refused(
    refusing: Caller, command: dict[str, Any], status: int, code: str
) -> None:
    answer = refusing.post(f"/joborders/{job_id(1)}/commands", command)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_aborted_job_is_not_made(platform: FakePlatform, caller: Caller) -> None:
    caller.order(job_order(start=later(platform, 100_000)))
    answer = caller.post(f"/joborders/{job_id(1)}/commands", {"job": job_id(1), "verb": "abort"})
    platform.wait(lambda: platform.has_ended(job_id(1)))

    assert answer.json()["result"] == "done"
    assert platform.reports(job_id(1))[-1]["reason"]["code"] == "aborted_by_order"
    assert caller.get("/made").json()["units"] == []


def test_plant_times_follow_the_platforms_clock(platform: FakePlatform, caller: Caller) -> None:
    before = platform.factor * (time.time() - platform.origin_real)
    caller.order(job_order())
    after = platform.factor * (time.time() - platform.origin_real)
    platform.wait(lambda: platform.has_ended(job_id(1)))

    told = read_time(platform.reports(job_id(1))[0]["plant_time"]) - seconds(0)
    assert before - 1 <= told <= after
