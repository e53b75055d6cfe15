"""Live sockets of production."""

from typing import Any

websocket_urlpatterns: list[Any] = []
