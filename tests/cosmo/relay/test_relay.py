"""The relay hands on what waits in PostgreSQL, loses nothing, and ends when it is told to."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import redis
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction

from cosmo import relay, relay_topics
from cosmo.embedded.folders import CHECKOUT
from cosmo.lib import hints
from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent, Pulse
from cosmo.lib.outbox import write_event
from cosmo.relay import Relay, hand_on_work_orders, publish_events
from production import tasks
from production.models import UnitEvent, WorkOrder
from tests.factories.production import make_plant
from tests.factories.work_orders import make_due, make_work_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids in the hints that went to the broker."""
    ids: list[int] = []

    def take(args: Sequence[int], **_: Any) -> None:
        ids.extend(args)

    monkeypatch.setattr(
        tasks.dispatch.dispatch_work_order, "apply_async", lambda args, kwargs, **_: take(args)
    )
    return ids


def write(topic: str, **body: Any) -> OutboxEvent:
    with transaction.atomic():
        return write_event(topic=topic, key="key", body=body)


def test_due_work_order_is_hinted_once_per_lease(sent: list[int]) -> None:
    work_order = make_due(make_work_order(make_plant()))
    assert hand_on_work_orders() == 1
    assert hand_on_work_orders() == 0
    assert sent == [work_order.pk]


def test_broker_that_is_away_costs_no_work_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu.exceptions import OperationalError

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(hints, "_quiet_until", 0.0)
    monkeypatch.setattr(tasks.dispatch.dispatch_work_order, "apply_async", fail)
    work_order = make_due(make_work_order(make_plant()))
    assert hand_on_work_orders() == 1
    work_order.refresh_from_db()
    assert work_order.dispatch == "due"
    assert work_order.next_at is not None
    assert work_order.next_at - real_now() < timedelta(seconds=1)
    assert not hints.send_hint(tasks.dispatch.dispatch_work_order, work_order.pk)  # kept quiet


@pytest.fixture
def broker() -> Iterator["redis.Redis"]:
    """The broker of this test process, with nothing waiting in it and no worker."""
    client = redis.Redis.from_url(settings.BROKER_URL)
    client.delete("celery")
    yield client
    client.delete("celery")
    client.close()


def test_hints_end_while_no_worker_takes_them(
    broker: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "ENOUGH_WAITING", 3)
    work_order = make_due(make_work_order(make_plant()))
    for _ in range(10):  # each lease ends unanswered
        hand_on_work_orders()
        WorkOrder.objects.update(next_at=real_now())
    assert (hints.waiting_messages(), broker.llen("celery")) == (3, 3)
    work_order.refresh_from_db()
    assert (work_order.dispatch, work_order.hints) == ("due", 3)
    broker.delete("celery")  # a worker is back and took them
    assert hand_on_work_orders() == 1
    assert broker.llen("celery") == 1


def test_no_work_order_is_claimed_while_the_broker_is_away(
    sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "waiting_messages", lambda: None)
    work_order = make_due(make_work_order(make_plant()))
    assert hand_on_work_orders() == 0
    work_order.refresh_from_db()
    assert (work_order.hints, sent) == (0, [])


def test_history_reaches_the_pages_of_unit_and_plant(runner: asyncio.Runner) -> None:
    work_order = make_work_order(make_plant())
    groups = [f"unit.{work_order.unit.public_id}", "plant.yard"]
    layer: Any = get_channel_layer()

    async def listen() -> list[str]:
        channels = []
        for group in groups:
            channel = await layer.new_channel()
            await layer.group_add(group, channel)
            channels.append(channel)
        return channels

    async def hear(channel: str) -> list[dict[str, Any]]:
        return [await asyncio.wait_for(layer.receive(channel), 5) for _ in range(2)]

    channels = runner.run(listen())
    OutboxEvent.objects.exclude(topic="unit.changed").delete()
    assert publish_events(runner) == 2
    wanted = [{"type": "unit.changed", "seq": event.seq} for event in UnitEvent.objects.all()]
    for channel in channels:
        assert sorted(runner.run(hear(channel)), key=lambda m: m["seq"]) == wanted
    assert OutboxEvent.objects.filter(published_at=None).count() == 0
    assert publish_events(runner) == 0


def test_event_without_audience_counts_as_published(runner: asyncio.Runner) -> None:
    event = write("order.confirmed", order="C-1")
    assert publish_events(runner) == 1
    event.refresh_from_db()
    assert event.published_at is not None
    assert event.next_at is None


def test_mail_is_left_to_its_own_sweep(runner: asyncio.Runner) -> None:
    event = write("mail.shipped")
    assert publish_events(runner) == 0
    event.refresh_from_db()
    assert event.published_at is None


def test_what_cannot_be_published_is_kept_and_tried_later(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(events: Sequence[OutboxEvent]) -> None:
        raise redis.exceptions.ConnectionError("Valkey is away")

    event, other = write("unit.changed", seq=1, plant="yard"), write("order.confirmed")
    waits = []
    with monkeypatch.context() as patch:
        patch.setitem(relay_topics.TOPICS, "unit.changed", away)
        for _ in range(8):
            OutboxEvent.objects.filter(pk=event.pk).update(next_at=real_now())
            publish_events(runner)
            event.refresh_from_db()
            assert event.next_at is not None
            waits.append(round((event.next_at - real_now()).total_seconds(), 1))
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    other.refresh_from_db()
    assert other.published_at is not None  # its own topic was not held up
    OutboxEvent.objects.filter(pk=event.pk).update(next_at=real_now())
    assert publish_events(runner) == 1
    event.refresh_from_db()
    assert (event.published_at is not None, event.attempts) == (True, 8)


def test_every_topic_has_a_publisher_by_its_name() -> None:
    assert relay_topics.publisher_of("unit.changed") is relay_topics.tell_pages
    assert relay_topics.publisher_of("whatever") is relay_topics.tell_nobody


def test_database_that_is_away_ends_a_round_not_the_relay(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away() -> int:
        raise OperationalError("server closed the connection")

    running = Relay(threading.Event())
    with monkeypatch.context() as patch:
        patch.setattr(relay, "hand_on_work_orders", away)
        patch.setattr(connection, "close", lambda: None)  # the test's own connection
        assert running._round(runner) == relay.AWAY_S
    assert running._round(runner) == relay.ROUND_S
    assert Pulse.objects.get(name="relay").seen_at is not None


@pytest.mark.django_db(transaction=True)
def test_process_hands_on_and_ends_on_sigterm() -> None:
    work_order = make_due(make_work_order(make_plant()))
    broker = redis.Redis.from_url(settings.BROKER_URL, socket_timeout=60)
    broker.delete("celery")
    process = subprocess.Popen(
        [sys.executable, CHECKOUT / "manage.py", "runrelay"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": database_url()},
    )
    try:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "dispatch_claimed" in line)
        assert json.loads(told)["job"] == str(work_order.public_id)
        message = broker.blpop(["celery"], timeout=30)
        assert message is not None
        assert "production.dispatch_work_order" in str(message[1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert "relay_stopped" in process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()  # type: ignore[union-attr]
        broker.delete("celery")
        broker.close()
    assert WorkOrder.objects.get().hints >= 1


def database_url() -> str:
    """This test's database, which is not the one of the environment."""
    database = settings.DATABASES["default"]
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@"
        f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
