"""Who may call, what is understood, and what is answered: docs/line-protocol.md."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from production.models import Line, LineReport, Plant, WorkOrder
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.calling import EVENT, EVENTS, call, event, fingerprint, signed
from tests.production.fake_line import EPOCH, schema
from tests.production.reporting import Reporter

pytestmark = pytest.mark.django_db

HELLO = {"epoch": EPOCH, "address": "http://127.0.0.1:9", "version": "test 1"}
STATUS = {"epoch": EPOCH, "seq": 1, "state": "idle", "queue": 0, "running": 0, "unsent": 0}
OTHER_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


@pytest.fixture
def known(plant: Plant) -> Line:
    """The plant's line, known by its hello."""
    line = plant.lines.get()
    assert call(line, "hello", HELLO).status_code == 200
    line.refresh_from_db()
    return line


@pytest.fixture
def reporter(known: Line, plant: Plant) -> Reporter:
    return Reporter(make_accepted(make_work_order(plant), epoch=EPOCH))


def code(response: Any) -> tuple[int, str]:
    body = json.loads(response.content)
    assert response.headers["content-type"] == "application/problem+json"
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:cosmo:problem:{body['code']}"
    return response.status_code, body["code"]


def test_hello_is_welcomed_with_clock_and_stations(plant: Plant) -> None:
    line = plant.lines.get()
    assert line.epoch == ""
    answer = call(line, "hello", HELLO).json()
    schema("welcome").validate(answer)
    assert (answer["line"], answer["plant"]) == ("line-1", "yard")
    assert answer["clock"]["factor"] == plant.clock_factor
    assert answer["clock"]["origin_plant"] == "2027-03-01T04:59:30Z"
    assert answer["stations"][:3] == [
        {"resource": "saw-1", "work_centre": "saws", "lanes": 1, "speed_percent": 100},
        {"resource": "saw-2", "work_centre": "saws", "lanes": 1, "speed_percent": 80},
        {"resource": "booth", "work_centre": "paint", "lanes": 2, "speed_percent": 100},
    ]
    line.refresh_from_db()
    assert (line.epoch, line.address) == (EPOCH, "http://127.0.0.1:9")
    assert line.seen_at is not None


def test_status_is_answered_like_hello_and_notes_life(known: Line) -> None:
    Line.objects.update(seen_at=None)
    answer = call(known, "status", STATUS)
    schema("welcome").validate(answer.json())
    known.refresh_from_db()
    assert known.seen_at is not None
    assert known.status == {"version": "test 1", **STATUS}


def test_status_of_an_unknown_memory_is_told_to_say_hello(known: Line) -> None:
    Line.objects.update(seen_at=None)
    assert code(call(known, "status", {**STATUS, "epoch": "epoch-two"})) == (409, "unknown_epoch")
    known.refresh_from_db()
    assert known.seen_at is None


def test_reports_are_stored_once_single_or_in_a_batch(reporter: Reporter, known: Line) -> None:
    first, second = reporter.say("NotAllowedToStart"), reporter.say("AllowedToStart/Loaded")
    answer = call(known, "reports", event(first), media=EVENT)
    assert (answer.status_code, answer.json()) == (202, {"stored": 1, "duplicate": 0})
    answer = call(known, "reports", [event(first), event(second)], media=EVENTS)
    assert (answer.status_code, answer.json()) == (202, {"stored": 1, "duplicate": 1})
    assert LineReport.objects.count() == 2
    assert LineReport.objects.get(seq=1).body == first


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (lambda key, body: {}, "unknown_key"),
        (lambda key, body: {"cosmo-key": fingerprint(key)}, "signature_missing"),
        (lambda key, body: signed(OTHER_KEY, body), "unknown_key"),
        (
            lambda key, body: {**signed(OTHER_KEY, body), "cosmo-key": fingerprint(key)},
            "signature_wrong",
        ),
        (lambda key, body: signed(key, body + b" "), "signature_wrong"),
        (lambda key, body: {**signed(key, body), "webhook-id": "msg_2"}, "signature_wrong"),
        (lambda key, body: {**signed(key, body), "webhook-signature": "v1,"}, "signature_wrong"),
        (lambda key, body: {**signed(key, body), "webhook-signature": "é"}, "signature_wrong"),
        (lambda key, body: signed(key, body, ago=timedelta(seconds=302)), "timestamp_off"),
        (lambda key, body: signed(key, body, ago=-timedelta(seconds=302)), "timestamp_off"),
        (lambda key, body: {**signed(key, body), "webhook-timestamp": "soon"}, "timestamp_off"),
    ],
)
@pytest.mark.parametrize("name", ["hello", "status", "reports"])
def test_wrongly_signed_call_is_refused_and_changes_nothing(
    reporter: Reporter, known: Line, headers: Any, wanted: str, name: str
) -> None:
    content: Any = {"hello": {**HELLO, "address": "http://evil"}, "status": STATUS}.get(
        name, event(reporter.say("Running"))
    )
    body = json.dumps(content).encode()
    media = EVENT if name == "reports" else "application/json"
    answer = call(known, name, body, media=media, headers=headers(known.key, body))
    assert code(answer) == (401, wanted)
    known.refresh_from_db()
    assert known.address == HELLO["address"]
    assert LineReport.objects.count() == 0


def test_old_signature_within_the_tolerance_and_a_second_one_pass(known: Line) -> None:
    body = json.dumps(STATUS).encode()
    headers = signed(known.key, body, ago=timedelta(seconds=290))
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert call(known, "status", body, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("content", "media", "wanted"),
    [
        (b"{", EVENT, (400, "not_json")),
        (b'{"a": NaN}', EVENT, (400, "not_json")),
        (b"[" * 100_000, EVENT, (400, "not_json")),
        (b"{}", "application/json", (415, "wrong_media_type")),
        (b"{}", EVENT, (422, "not_an_event")),
        (b"[]", EVENT, (422, "not_an_event")),
        (b"[]", EVENTS, (422, "not_an_event")),
        (b'[{"specversion": "1.0"}]', EVENTS, (422, "not_an_event")),
        (json.dumps([{}] * 101).encode(), EVENTS, (422, "not_an_event")),
        (b" " * 1_100_000, EVENT, (413, "too_large")),
        (
            json.dumps(event({"job": "x", "epoch": EPOCH, "seq": 1})).encode(),
            EVENT,
            (422, "not_the_schema"),
        ),
    ],
)
def test_what_cannot_be_read_is_refused_whole(
    known: Line, content: bytes, media: str, wanted: tuple[int, str]
) -> None:
    assert code(call(known, "reports", content, media=media)) == wanted
    assert LineReport.objects.count() == 0


def test_batch_is_stored_whole_or_not_at_all(reporter: Reporter, known: Line) -> None:
    good = event(reporter.say("NotAllowedToStart"))
    bad = event({**reporter.say("Running"), "seq": 0})
    assert code(call(known, "reports", [good, bad], media=EVENTS)) == (422, "not_the_schema")
    assert LineReport.objects.count() == 0


def test_character_that_cannot_be_stored_is_refused(reporter: Reporter, known: Line) -> None:
    told = event({**reporter.say("Running"), "station": "a\u0000b"})
    assert code(call(known, "reports", told, media=EVENT)) == (422, "not_the_schema")


def test_odd_report_is_stored_all_the_same(reporter: Reporter, known: Line) -> None:
    odd = {**reporter.say("Running"), "state": "Dreaming"}
    assert call(known, "reports", event(odd), media=EVENT).status_code == 202
    assert LineReport.objects.get().body["state"] == "Dreaming"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hello", {**HELLO, "address": "javascript:alert(1)"}),
        ("hello", {**HELLO, "epoch": "x"}),
        ("hello", {**HELLO, "more": 1}),
        ("hello", []),
        ("status", {**STATUS, "state": "happy"}),
    ],
)
def test_form_that_is_none_is_refused_with_its_place(known: Line, name: str, content: Any) -> None:
    answer = call(known, name, content)
    assert code(answer) == (422, "not_the_schema")
    assert "At $" in answer.json()["detail"]


def test_every_form_is_published_and_no_other(db: None) -> None:
    names = ("hello", "welcome", "status", "joborder", "joback", "jobcommand", "jobrecord")
    for name in (*names, "jobresponse"):
        answer = Client().get(f"/schemas/line/v1/{name}.schema.json")
        assert answer.status_code == 200
        assert answer.json()["$id"].endswith(f":{name}")
    assert Client().get("/schemas/line/v1/plant.schema.json").status_code == 404
    assert Client().get("/api/line/v1/hello").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_is_acknowledged_is_committed_and_followed(plant: Plant) -> None:
    """From the signed call to the customer's history, by the task that the hint names."""
    from production import tasks

    line = plant.lines.get()
    call(line, "hello", HELLO)
    work_order = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    life = Reporter(work_order).life()
    answer = call(line, "reports", [event(one) for one in life], media=EVENTS)
    assert answer.status_code == 202
    tasks.reports.apply_reports(str(work_order.public_id))
    assert WorkOrder.objects.get().status == "closed"
