"""Every refusal is a problem document; hostile bodies and addresses never break anything."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db.models.signals import pre_save
from django.test import Client

from cosmo.lib.rest.throttle import PartnerThrottle
from design.models import Design
from tests.factories.partners import DELIVER_TO, Api, assert_problem, make_api, order_body
from tests.rest.test_idempotency import DESIGN, listening

DEEP = "[" * 100_000
HOSTILE_BODIES = {
    "deep lists": DEEP + "]" * 100_000,
    "deep and open": DEEP,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "nested in choices": '{"product": "stool", "choices": {"size": ' + "[" * 50 + "]" * 50 + "}}",
    "NaN": '{"product": "stool", "choices": {"size": NaN}}',
    "Infinity": '{"product": "stool", "choices": {"size": -Infinity}}',
    "infinite exponent": '{"product": "stool", "choices": {"size": 1e999}}',
    "huge integer": '{"product": "stool", "choices": {"size": ' + "9" * 10_000 + "}}",
    "large integer": '{"product": "stool", "choices": {"size": 99999999999999999999999}}',
    "lone surrogate": '{"product": "stool", "choices": {"engraving": "\\ud800"}}',
    "lone surrogate as name": '{"product": "stool", "choices": {"\\udfff": "x"}}',
    "NUL": '{"product": "stool", "name": "a\\u0000b"}',
    "NUL in choices": '{"product": "stool", "choices": {"engraving": "\\u0000"}}',
    "raw NUL": b'{"product": "st\x00ool"}',
    "no UTF-8": b'{"product": "\xff\xfe"}',
    "UTF-16": '{"product": "stool"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "empty": "",
    "null": "null",
    "list": "[]",
    "text": '"stool"',
    "number": "1",
    "member twice": '{"product": "stool", "product": "stool"}',
    "unknown member": '{"product": "stool", "choises": {}}',
    "choices null": '{"product": "stool", "choices": null}',
    "choices list": '{"product": "stool", "choices": ["size"]}',
    "boolean answer": '{"product": "stool", "choices": {"size": true}}',
    "object answer": '{"product": "stool", "choices": {"size": {}}}',
    "text not printable": '{"product": "stool", "choices": {"engraving": "\\u202e"}}',
    "text too long": '{"product": "stool", "choices": {"engraving": "' + "x" * 5000 + '"}}',
    "unknown feature": '{"product": "stool", "choices": {"__class__": "x"}}',
}
PLACES = ("designs/", "orders/", "offers/stool/configure/")
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("place", PLACES)
def test_hostile_bodies_are_refused_and_change_nothing(api: Api, place: str) -> None:
    for what, body in HOSTILE_BODIES.items():
        answer = api.post(place, body)
        if place.endswith("configure/") and what == "empty":
            assert answer.status_code == 200  # nothing chosen
            continue
        assert answer.status_code in (400, 422), what
        assert_problem(answer, answer.status_code, answer.json()["code"])
        assert not Design.objects.exists(), what


@pytest.mark.parametrize("place", PLACES)
def test_a_body_beyond_the_limit_is_refused(api: Api, place: str) -> None:
    text = json.dumps({"name": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert_problem(api.post(place, text), 413, "too_large")


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data", "x"])
def test_other_media_are_refused(api: Api, media: str) -> None:
    headers = {"Authorization": f"Bearer {api.token}", "Idempotency-Key": f"key-{media}"}
    for place in PLACES:
        answer = api.client.post(f"/api/v1/{place}", "{}", content_type=media, headers=headers)
        if answer.status_code == 422:  # the key came with another address
            answer = api.client.post(
                f"/api/v1/{place}",
                "{}",
                content_type=media,
                headers={**headers, "Idempotency-Key": f"key-{media}-{place}"},
            )
        assert_problem(answer, 415, "unsupported_media_type")


def test_what_is_wrong_is_named_by_its_path(api: Api) -> None:
    body = order_body("x", lines=[{"design": "x", "quantity": 0, "colour": "red"}])
    problem = assert_problem(api.post("orders/", body), 422, "invalid")
    assert problem["errors"] == [
        {"path": "lines.0.colour", "detail": "There is no such member."},
    ]
    body = order_body(
        "x",
        lines=[{"design": "x", "quantity": 0}],
        deliver_to={**DELIVER_TO, "country": "\U0001f600"},
    )
    problem = assert_problem(api.post("orders/", body), 422, "invalid")
    assert [error["path"] for error in problem["errors"]] == [
        "lines.0.quantity",
        "deliver_to.country",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "offers/none/",
        "offers/none/configure/",
        "designs/none/",
        f"orders/{NOBODY}/",
        f"orders/{NOBODY}/cancel/",
        f"units/{NOBODY}/",
        f"units/{NOBODY}/events/",
    ],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    is_write = path.endswith(("cancel/", "configure/"))
    answer = api.post(path) if is_write else api.get(path)
    assert answer.status_code == 404
    code = answer.json()["code"]
    assert code.startswith("unknown_")
    assert_problem(answer, 404, code)


@pytest.mark.parametrize(
    "path", ["nothing/", "orders/1/", "offers/%00/", "units/x/events/", "designs/%F0%9F%98%80/", ""]
)
def test_addresses_that_do_not_exist_are_problems_too(api: Api, path: str) -> None:
    assert_problem(api.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=9223372036854775808", "after=%00", "after=1e3"],
)
def test_a_seq_that_is_none_is_refused(api: Api, query: str) -> None:
    unit = api.order().json()["lines"][0]["units"][0]["id"]
    answer = api.client.get(
        f"/api/v1/units/{unit}/events/?{query}", headers={"Authorization": f"Bearer {api.token}"}
    )
    assert_problem(answer, 422, "invalid")


@pytest.mark.parametrize("query", ["a=%zz", "a=<>", "a=%00", "%ff=%ff", "language=%00", "a=b;c=%"])
def test_hostile_queries_break_nothing(api: Api, query: str) -> None:
    for path in ("offers/stool/", "orders/", "units/"):
        answer = api.client.get(
            f"/api/v1/{path}?{query}", headers={"Authorization": f"Bearer {api.token}"}
        )
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert_problem(answer, 400, answer.json()["code"])


def test_too_many_calls_are_told_when_to_come_again(api: Api) -> None:
    other = make_api("other-partner")
    limit, _ = PartnerThrottle().parse_rate("3/min")
    assert limit == 3
    before = PartnerThrottle.THROTTLE_RATES
    PartnerThrottle.THROTTLE_RATES = {"partner": "3/min"}
    try:
        for _ in range(3):
            assert api.get("units/").status_code == 200
        answer = api.get("units/")
        assert other.get("units/").status_code == 200  # each program has its own count
    finally:
        PartnerThrottle.THROTTLE_RATES = before
    assert_problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_what_breaks_inside_is_a_problem_without_a_word_of_it(api: Api) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the secret inside")

    with listening(pre_save, Design, fail):
        answer = api.post("designs/", DESIGN, key="mine")
    assert_problem(answer, 500, "internal_server_error")
    assert "secret inside" not in answer.content.decode()
    assert api.post("designs/", DESIGN, key="mine").status_code == 201


def test_the_callers_chain_id_is_kept(api: Api) -> None:
    client = Client(headers={"Authorization": f"Bearer {api.token}", "X-Chain-Id": "my-chain-0001"})
    answer = client.get("/api/v1/designs/none/")
    assert answer.json()["chain_id"] == answer.headers["X-Chain-Id"] == "my-chain-0001"
