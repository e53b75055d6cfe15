"""Every event that leaves goes through here, inside the transaction that makes it true."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from cosmo.lib.chain import current_chain_id
from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent


def write_event(*, topic: str, key: str, body: dict[str, Any]) -> OutboxEvent:
    """Record that ``topic`` happened to ``key``. The relay publishes it after the commit.

    Raises:
        RuntimeError: called outside a transaction, where the event could outlive its cause.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{topic} of {key} was written outside a transaction.")
    return OutboxEvent.objects.create(
        topic=topic, key=key, body=body, chain_id=current_chain_id(), next_at=real_now()
    )


def write_events(
    *, topic: str, bodies: Sequence[tuple[str, dict[str, Any], str]]
) -> list[OutboxEvent]:
    """The same for several at once, as (key, body, chain id), in one statement.

    Raises:
        RuntimeError: called outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{topic} of {len(bodies)} was written outside a transaction.")
    now = real_now()
    return OutboxEvent.objects.bulk_create(
        OutboxEvent(topic=topic, key=key, body=body, chain_id=chain_id, next_at=now)
        for key, body, chain_id in bodies
    )


# One row for each acknowledged order, for as long as there are orders: `check_invariants` counts.
KEPT_FOR_GOOD = ("order.confirmed",)
AT_ONCE = 5_000  # rows of one statement


def forget_published(*, before: datetime, at_once: int = AT_ONCE) -> int:
    """Delete what was published before then; how many. What still has to leave is never touched."""
    old = OutboxEvent.objects.filter(published_at__lt=before).exclude(topic__in=KEPT_FOR_GOOD)
    gone = 0
    while ids := list(old.order_by("id").values_list("pk", flat=True)[:at_once]):
        gone += OutboxEvent.objects.filter(pk__in=ids, published_at__isnull=False).delete()[0]
    return gone
