"""Live sockets: they say that something changed, with its seq. What changed is asked over HTTP."""

import json
from typing import Any
from urllib.parse import parse_qs

import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from redis.exceptions import RedisError

from production.tickets import group_of, plant_group, unit_group

log = structlog.get_logger(__name__)
NO_TICKET = 4401
TRY_LATER = 1013


class LiveConsumer(AsyncWebsocketConsumer):
    """Forwards ``{type, seq}`` of one group to a page with a ticket for it. Hears nothing."""

    group: str = ""

    def wanted_group(self) -> str:
        raise NotImplementedError

    async def connect(self) -> None:
        wanted, ticket = self.wanted_group(), _ticket(self.scope["query_string"])
        if group_of(ticket) != wanted:
            log.info("socket_refused", group=wanted)
            await self.close(code=NO_TICKET)
            return
        try:
            await self.channel_layer.group_add(wanted, self.channel_name)
        except (RedisError, OSError):
            await self.close(code=TRY_LATER)
            return
        self.group = wanted
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is taken from a page this way."""

    async def unit_changed(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"type": message["type"], "seq": message["seq"]}))

    plan_published = unit_changed


class UnitConsumer(LiveConsumer):
    """One unit's page."""

    def wanted_group(self) -> str:
        return unit_group(self.scope["url_route"]["kwargs"]["public_id"])


class PlantConsumer(LiveConsumer):
    """The planner's board: every unit of a plant."""

    def wanted_group(self) -> str:
        return plant_group(self.scope["url_route"]["kwargs"]["code"])


def _ticket(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("ticket", [""])[0]
