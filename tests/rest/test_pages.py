"""Lists by cursor: complete, in order, in few statements whatever their length."""

import base64
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.partners import Api, assert_problem

LISTS = ("offers/", "designs/", "orders/", "units/")


def follow(api: Api, path: str, size: int) -> list[list[Any]]:
    pages = []
    answer = api.get(path, page_size=size)
    while True:
        found = answer.json()
        pages.append(found["results"])
        if found["next"] is None:
            return pages
        answer = api.get(found["next"].removeprefix("http://testserver"))


def test_pages_hold_everything_once_while_rows_are_added(api: Api) -> None:
    codes = [api.save_design() for _ in range(5)]
    first = api.get("designs/", page_size=2).json()
    api.save_design()
    seen = [design["code"] for design in first["results"]]
    answer = api.get(first["next"].removeprefix("http://testserver")).json()
    seen += [design["code"] for design in answer["results"]]
    back = api.get(answer["previous"].removeprefix("http://testserver")).json()
    assert [design["code"] for design in back["results"]] == seen[:2]
    assert seen == codes[::-1][:4]
    sizes = [len(page) for page in follow(api, "designs/", 4)]
    assert sizes == [4, 2]


CURSORS_FROM_ELSEWHERE = [
    "x",
    "\x00",
    "ümlaut",
    *(
        base64.b64encode(text).decode()
        for text in (
            b"p=abc",
            b"p=1'--",
            b"p=%00",
            "p=²".encode(),
            b"o=x&p=1",
            b"\xff\xfe",
        )
    ),
]


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_from_elsewhere_is_refused(api: Api, path: str) -> None:
    for cursor in CURSORS_FROM_ELSEWHERE:
        assert_problem(api.get(path, cursor=cursor), 422, "bad_cursor")


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_beyond_everything_is_an_end(api: Api, path: str) -> None:
    for position in ("0", "9" * 30):
        cursor = base64.b64encode(urlencode({"p": position}).encode()).decode()
        assert api.get(path, cursor=cursor).status_code == 200


def test_a_page_size_beyond_the_limits_is_refused(api: Api) -> None:
    for size in ("0", "-1", "201", "x", "1.5", "9" * 50, "٣"):
        assert_problem(api.get("orders/", page_size=size), 422, "bad_page_size")


@pytest.mark.parametrize(("path", "statements"), [("designs/", 2), ("orders/", 4), ("units/", 3)])
def test_a_list_takes_as_many_statements_for_many_as_for_one(
    api: Api, path: str, statements: int
) -> None:
    counted = []
    for _ in range(2):
        for _ in range(3):
            assert api.order().status_code == 201
        api.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api.get(path).status_code == 200
        counted.append(len(captured))
    assert counted == [statements, statements]


def test_one_unit_and_its_events_take_few_statements(api: Api) -> None:
    unit = api.order().json()["lines"][0]["units"][0]["id"]
    counted = []
    for path in (f"units/{unit}/", f"units/{unit}/events/"):
        with CaptureQueriesContext(connection) as captured:
            api.get(path)
        counted.append(len(captured))
    assert counted == [3, 3]
