"""The relay: what waits in PostgreSQL is handed on. One loop, any number of them at once.

Rows are claimed with SKIP LOCKED. What fails stays in its row and is tried again later: nothing
is kept in this process, so it may be killed at any moment.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from redis.exceptions import RedisError

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from cosmo.lib.hints import send_hint, waiting_messages
from cosmo.lib.models import OutboxEvent
from cosmo.lib.pulse import beat
from cosmo.relay_topics import TAKEN_ELSEWHERE, publisher_of
from production.services.clock import touch_clocks
from production.services.dispatch import claim_due_work_orders
from production.tasks.dispatch import dispatch_work_order

log = structlog.get_logger(__name__)
ROUND_S = 0.3
PULSE_S = 2.0
AWAY_S = 1.0  # between two tries while PostgreSQL is away
BATCH = 200
# So many messages wait only where no worker takes any: more hints would help nobody.
ENOUGH_WAITING = 1_000
PUBLISH_S = 5.0
LONGEST_WAIT_S = 30.0
# What a channel layer that is away may raise; the events stay and are told later.
LAYER_AWAY = (RedisError, OSError, TimeoutError)


class Relay:
    """Runs until ``stop`` is set; survives restarts of PostgreSQL and Valkey."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._pulse_at = 0.0

    def run(self) -> None:
        log.info("relay_started")
        with asyncio.Runner() as runner:
            while not self._stop.is_set():
                self._stop.wait(self._round(runner))
        connection.close()
        log.info("relay_stopped")

    def _round(self, runner: asyncio.Runner) -> float:
        """One turn; how long to wait before the next."""
        try:
            handed_on = hand_on_work_orders() + publish_events(runner)
            if monotonic() >= self._pulse_at:
                self._pulse_at = monotonic() + PULSE_S
                beat("relay")
                touch_clocks()
        except (DatabaseError, InterfaceError) as error:
            log.warning("database_away", error=str(error).strip())
            connection.close()
            return AWAY_S
        return 0.0 if handed_on >= BATCH else ROUND_S


def hand_on_work_orders() -> int:
    """A hint for each due work order; how many. A hint that is lost is sent when its lease ends.

    Rows stay as they are while the broker is away or nobody takes its messages.
    """
    waiting = waiting_messages()
    if waiting is None or waiting >= ENOUGH_WAITING:
        return 0
    claims = claim_due_work_orders(limit=min(BATCH, ENOUGH_WAITING - waiting))
    for claim in claims:
        with chain(claim.chain_id):
            if not send_hint(dispatch_work_order, claim.work_order_id):
                break  # the broker is away for all of them
    return len(claims)


@transaction.atomic
def publish_events(runner: asyncio.Runner) -> int:
    """Hand on a batch of outbox events; how many were looked at."""
    due = OutboxEvent.objects.select_for_update(skip_locked=True).filter(
        published_at=None, next_at__lte=real_now()
    )
    for prefix in TAKEN_ELSEWHERE:
        due = due.exclude(topic__startswith=prefix)
    events = list(due.order_by("id")[:BATCH])
    by_topic: dict[str, list[OutboxEvent]] = defaultdict(list)
    for event in events:
        by_topic[event.topic].append(event)
    for topic, batch in by_topic.items():
        _publish(runner, topic, batch)
    OutboxEvent.objects.bulk_update(events, ["published_at", "next_at", "attempts"])
    return len(events)


def _publish(runner: asyncio.Runner, topic: str, events: Sequence[OutboxEvent]) -> None:
    now = real_now()
    try:
        runner.run(asyncio.wait_for(publisher_of(topic)(events), PUBLISH_S))
    except LAYER_AWAY as error:
        log.warning("publishing_failed", topic=topic, count=len(events), error=str(error))
        for event in events:
            wait_s = min(LONGEST_WAIT_S, 0.5 * 2.0 ** min(event.attempts, 16))
            event.attempts += 1
            event.next_at = now + timedelta(seconds=wait_s)
    else:
        for event in events:
            event.published_at, event.next_at = now, None
