"""What has done its work is deleted after a while; what has not is never touched."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from cosmo.celery import app
from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from cosmo.lib.outbox import forget_published, write_event
from cosmo.tasks import forget_events, forget_tokens
from tests.factories.orders import pay, place
from tests.factories.production import make_offer, make_plant

pytestmark = pytest.mark.django_db


def topics() -> list[str]:
    return sorted(OutboxEvent.objects.values_list("topic", flat=True))


def test_events_that_left_long_ago_are_deleted_and_no_other() -> None:
    order = pay(place(make_offer(make_plant())))
    confirmed = "order.confirmed"
    assert confirmed in topics()
    assert "mail.order_confirmed" in topics()
    long_ago = real_now() - settings.COSMO_KEPT - timedelta(hours=1)
    OutboxEvent.objects.update(published_at=long_ago, next_at=None, created_at=long_ago)
    with transaction.atomic():
        waiting = write_event(topic="mail.shipped", key=str(order.public_id), body={})
        fresh = write_event(topic="unit.changed", key="key", body={})
    OutboxEvent.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    OutboxEvent.objects.filter(pk=fresh.pk).update(published_at=real_now())
    forget_events()
    assert topics() == ["mail.shipped", confirmed, "unit.changed"]
    assert find_breaches() == []


def test_a_long_queue_is_deleted_in_several_statements() -> None:
    with transaction.atomic():
        for number in range(7):
            write_event(topic="unit.changed", key=str(number), body={})
    now = real_now()
    OutboxEvent.objects.update(published_at=now)
    assert forget_published(before=now, at_once=3) == 0
    assert forget_published(before=now + timedelta(seconds=1), at_once=3) == 7


def test_sessions_nobody_can_come_back_to_are_deleted() -> None:
    ended, open_one = SessionStore(), SessionStore()
    for session in (ended, open_one):
        session["cart"] = "x"
        session.save()
    Session.objects.filter(pk=ended.session_key).update(expire_date=real_now())
    forget_tokens()
    assert [one.pk for one in Session.objects.all()] == [open_one.session_key]


def test_each_deletion_runs_every_day() -> None:
    daily: dict[str, Any] = {
        entry["task"]: entry["schedule"]
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
        if name in ("forget-events", "forget-tokens", "forget-reports")
    }
    assert set(daily) == {"cosmo.forget_events", "cosmo.forget_tokens", "production.forget_reports"}
    assert {(tuple(s.hour), s.day_of_month == set(range(1, 32))) for s in daily.values()} == {
        ((2,), True)
    }


def test_every_sweep_that_is_scheduled_exists() -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted <= set(app.tasks)
