"""The same key is answered once and for all: on repeats, side by side, and after a kill."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models.signals import post_save, pre_save

from cosmo.lib.clock import real_now
from cosmo.lib.idempotency import KEPT, forget_answers
from cosmo.lib.models import IdempotencyKey
from design.models import Design
from orders.models import Order
from production.models import Booking, Hold
from tests.factories.partners import Api, assert_problem, make_api, order_body

DESIGN = {"product": "stool", "choices": {"size": "large"}}


@contextmanager
def listening(signal: Any, sender: type, receiver: Callable[..., None]) -> Iterator[None]:
    signal.connect(receiver, sender=sender)
    try:
        yield
    finally:
        signal.disconnect(receiver, sender=sender)


def test_the_same_order_again_is_the_same_order(api: Api) -> None:
    body = order_body(api.save_design())
    first = api.post("orders/", body, key="mine")
    again = api.post("orders/", body, key="mine")
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1
    assert Hold.objects.count() == 1
    other = api.post("orders/", body, key="mine-2")
    assert other.json()["id"] != first.json()["id"]
    assert Order.objects.count() == 2


def test_the_key_with_another_body_is_refused_and_changes_nothing(api: Api) -> None:
    design = api.save_design()
    first = api.post("orders/", order_body(design), key="mine")
    other = api.post("orders/", order_body(design, reference="another"), key="mine")
    assert_problem(other, 422, "idempotency_key_reused")
    elsewhere = api.post("designs/", DESIGN, key="mine")
    assert_problem(elsewhere, 422, "idempotency_key_reused")
    assert Order.objects.count() == 1
    assert api.post("orders/", order_body(design), key="mine").json() == first.json()


def test_two_partners_may_use_the_same_key(api: Api) -> None:
    foreign = make_api("other-partner")
    ours = api.post("designs/", DESIGN, key="mine").json()["code"]
    theirs = foreign.post("designs/", DESIGN, key="mine").json()["code"]
    assert ours != theirs


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (order_body("nothing"), 404, "unknown_design"),
        (order_body("x", accepts_terms=False), 422, "invalid"),
        ("{", 400, "malformed"),
    ],
)
def test_a_refusal_is_repeated_like_any_answer(api: Api, body: Any, status: int, code: str) -> None:
    first = api.post("orders/", body, key="mine")
    problem = assert_problem(first, status, code)
    again = api.post("orders/", body, key="mine")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert assert_problem(again, status, code) == problem
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", "with space", "ümlaut", "a" * 256, "tab\t", None])
def test_a_write_without_a_usable_key_does_nothing(api: Api, key: str | None) -> None:
    assert_problem(api.post("designs/", DESIGN, key=key), 400, "idempotency_key_missing")
    assert not Design.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_the_longest_key_is_taken(api: Api) -> None:
    assert api.post("designs/", DESIGN, key="~" * 255).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_key_in_use_is_refused_and_then_replayed(api: Api) -> None:
    is_inside, may_go_on = threading.Event(), threading.Event()

    def wait(**_: Any) -> None:
        is_inside.set()
        assert may_go_on.wait(20)

    def first() -> Any:
        try:
            return Api(token=api.token).post("designs/", DESIGN, key="mine")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, listening(post_save, Design, wait):
        running = pool.submit(first)
        assert is_inside.wait(20)
        assert_problem(api.post("designs/", DESIGN, key="mine"), 409, "idempotency_key_in_use")
        may_go_on.set()
        answered = running.result(20)
    assert answered.status_code == 201
    assert api.post("designs/", DESIGN, key="mine").json() == answered.json()
    assert Design.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_kill_before_the_commit_the_repeated_request_does_the_work(api: Api) -> None:
    body = order_body(api.save_design())

    def lose_connection(instance: IdempotencyKey, **_: Any) -> None:
        if instance.status is not None:  # work and answer are there, the commit is not
            assert Order.objects.count() == 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with listening(pre_save, IdempotencyKey, lose_connection):
        assert_problem(api.post("orders/", body, key="mine"), 500, "internal_server_error")
    assert not Order.objects.exists()
    assert not Booking.objects.exists()
    assert IdempotencyKey.objects.get(key="mine").status is None
    assert api.post("orders/", body, key="mine").status_code == 201
    assert Order.objects.count() == 1


def test_answers_are_forgotten_after_a_day(api: Api) -> None:
    for key in ("old", "young"):
        api.post("designs/", DESIGN, key=key)
    IdempotencyKey.objects.filter(key="old").update(
        created_at=real_now() - KEPT - timedelta(seconds=1)
    )
    assert forget_answers() == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]
    assert "Idempotent-Replayed" not in api.post("designs/", DESIGN, key="old").headers
    assert Design.objects.count() == 3


def test_an_order_repeated_after_its_answer_was_forgotten_is_still_the_same(api: Api) -> None:
    design = api.save_design()
    first = api.post("orders/", order_body(design), key="mine")
    IdempotencyKey.objects.all().delete()
    assert api.post("orders/", order_body(design), key="mine").json() == first.json()
    assert Order.objects.count() == 1
    IdempotencyKey.objects.all().delete()
    other = api.post("orders/", order_body(design, reference="new"), key="mine")
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_in_use_is_not_forgotten(api: Api) -> None:
    api.post("designs/", DESIGN, key="old")
    IdempotencyKey.objects.update(created_at=real_now() - KEPT - timedelta(seconds=1))

    def sweep() -> int:
        try:
            return forget_answers()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            IdempotencyKey.objects.select_for_update().get()
            assert pool.submit(sweep).result(20) == 0
        assert pool.submit(sweep).result(20) == 1
