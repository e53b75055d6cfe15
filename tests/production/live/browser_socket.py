"""A browser's end of a socket, without a server (channels.testing would need daphne)."""

from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from asgiref.testing import ApplicationCommunicator

from cosmo.asgi import application

PATIENCE_S = 5.0


class BrowserSocket:
    """``async with BrowserSocket(path) as socket``; ``is_open`` says whether it was let in."""

    def __init__(self, path: str, *, origin: bytes | None = b"http://127.0.0.1:8000") -> None:
        parts = urlsplit(path)
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [] if origin is None else [(b"origin", origin)],
            "subprotocols": [],
        }
        self._wire = ApplicationCommunicator(application, scope)
        self.is_open = False

    async def __aenter__(self) -> "BrowserSocket":
        await self._wire.send_input({"type": "websocket.connect"})
        answer = await self._wire.receive_output(PATIENCE_S)
        self.is_open = answer["type"] == "websocket.accept"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._wire.wait(PATIENCE_S)

    async def receive(self) -> str:
        message = await self._wire.receive_output(PATIENCE_S)
        assert message["type"] == "websocket.send", message
        return str(message["text"])

    async def send(self, text: str) -> None:
        await self._wire.send_input({"type": "websocket.receive", "text": text})

    async def hears_nothing(self) -> bool:
        return bool(await self._wire.receive_nothing(timeout=0.05))
