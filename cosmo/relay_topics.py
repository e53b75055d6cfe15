"""What becomes of an outbox event: by the first words of its topic.

A room that wants its events delivered elsewhere adds a line here. A topic without a line has no
audience yet and counts as published.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from channels.layers import get_channel_layer

from cosmo.lib.models import OutboxEvent

Publish = Callable[[Sequence[OutboxEvent]], Awaitable[None]]
# Sweeps of their own take these (orders.send_waiting_mail, cosmo.send_waiting_letters): they mark
# them when the mail is out.
TAKEN_ELSEWHERE = ("mail.", "letter.")


async def tell_pages(events: Sequence[OutboxEvent]) -> None:
    """Ids and seq to the open pages of the unit and of its plant."""
    layer: Any = get_channel_layer()
    await asyncio.gather(
        *(
            layer.group_send(group, {"type": "unit.changed", "seq": event.body["seq"]})
            for event in events
            for group in (f"unit.{event.key}", f"plant.{event.body['plant']}")
        )
    )


async def tell_planners(events: Sequence[OutboxEvent]) -> None:
    """That a plant has a new plan, to its open boards."""
    layer: Any = get_channel_layer()
    await asyncio.gather(
        *(
            layer.group_send(
                f"plant.{event.key}", {"type": "plan.published", "seq": event.body["seq"]}
            )
            for event in events
        )
    )


async def tell_nobody(events: Sequence[OutboxEvent]) -> None:
    """No audience yet."""


TOPICS: dict[str, Publish] = {"unit.changed": tell_pages, "plan.published": tell_planners}


def publisher_of(topic: str) -> Publish:
    return TOPICS.get(topic, tell_nobody)
