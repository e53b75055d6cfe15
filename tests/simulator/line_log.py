"""Listens to the log of a line of this process."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

from tests.simulator.fake_platform import PATIENCE_S


class LineLog(io.TextIOBase):
    """Collects what a line of this process logs, and lets a test wait for it."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self._text = ""

    def write(self, text: str) -> int:
        with self.changed:
            *whole, self._text = (self._text + text).split("\n")
            self.lines += [json.loads(line) for line in whole]
            self.changed.notify_all()
        return len(text)

    def told(self, event: str, **facts: Any) -> list[dict[str, Any]]:
        """Lines with this event and these facts, so far."""
        return [one for one in self.lines if one["event"] == event and facts.items() <= one.items()]

    def wait(self, event: str, **facts: Any) -> dict[str, Any]:
        with self.changed:
            found = self.changed.wait_for(lambda: self.told(event, **facts), PATIENCE_S)
        assert found, f"no {event} {facts} in {self.lines[-5:]}"
        return found[0]
