"""Watching one unit: the socket says that something happened, HTTP says what."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

import websockets

from journey.pages import JourneyFailed, Visitor


@dataclass(slots=True)
class Watched:
    """What was seen of a unit, in order, each event once."""

    unit: str
    events: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    told_by_socket: int = 0

    @property
    def stages(self) -> list[str]:
        return [str(event["stage"]) for event in self.events]

    @property
    def is_delivered(self) -> bool:
        return "delivered" in self.stages


def watch_unit(
    visitor: Visitor, address: str, *, say: Callable[[dict[str, Any]], None], limit_s: float
) -> Watched:
    """Follow a unit until it is delivered.

    Raises:
        JourneyFailed: it was not delivered within ``limit_s``.
    """
    watched = Watched(unit=re.findall(r"[0-9a-f-]{36}", address)[-1])
    asyncio.run(_watch(visitor, watched, say, limit_s))
    if not watched.is_delivered:
        last = watched.stages[-1] if watched.stages else "nothing"
        raise JourneyFailed(
            f"Unit {watched.unit} was not delivered within {limit_s:.0f} s; last seen: {last}."
        )
    return watched


async def _watch(
    visitor: Visitor, watched: Watched, say: Callable[[dict[str, Any]], None], limit_s: float
) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + limit_s
    while loop.time() < end and not watched.is_delivered:
        try:
            await _follow_socket(visitor, watched, say, end)
        except (OSError, websockets.exceptions.WebSocketException):
            await asyncio.sleep(0.5)  # the socket went: come again, and ask what was missed
        await _catch_up(visitor, watched, say)


async def _follow_socket(
    visitor: Visitor, watched: Watched, say: Callable[[dict[str, Any]], None], end: float
) -> None:
    loop = asyncio.get_running_loop()
    ticket = await asyncio.to_thread(visitor.json, f"/units/{watched.unit}/ticket")
    async with websockets.connect(
        _socket_address(visitor, watched.unit, ticket), origin=_origin(visitor), proxy=None
    ) as socket:
        await _catch_up(visitor, watched, say)
        while loop.time() < end and not watched.is_delivered:
            try:
                message = await asyncio.wait_for(socket.recv(), timeout=min(10, end - loop.time()))
            except TimeoutError:
                await _catch_up(visitor, watched, say)  # silence is no proof: ask now and then
                continue
            if int(json.loads(message).get("seq", 0)) > watched.seq:
                watched.told_by_socket += 1
                await _catch_up(visitor, watched, say)


async def _catch_up(
    visitor: Visitor, watched: Watched, say: Callable[[dict[str, Any]], None]
) -> None:
    """Everything after the last seq seen; refuses a history that comes twice or out of order."""
    found = await asyncio.to_thread(
        visitor.json, f"/units/{watched.unit}/events?after={watched.seq}"
    )
    events: Any = found["events"]
    for event in events:
        if int(event["seq"]) <= watched.seq:
            raise JourneyFailed(f"Event {event['seq']} came after {watched.seq}.")
        watched.seq = int(event["seq"])
        watched.events.append(event)
        say(event)


def _socket_address(visitor: Visitor, unit: str, ticket: dict[str, object]) -> str:
    if isinstance(ticket.get("url"), str):
        return str(ticket["url"])
    parts = urlparse(visitor.base)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return f"{scheme}://{parts.netloc}/ws/units/{unit}?ticket={ticket['ticket']}"


def _origin(visitor: Visitor) -> Any:
    parts = urlparse(visitor.base)
    return f"{parts.scheme}://{parts.netloc}"
