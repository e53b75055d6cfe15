"""Waiting for what happens in another process, and reading its log."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LOOK_EVERY_S = 0.1


def wait_until(
    is_so: Callable[[], object], *, within_s: float, what: str, look: Callable[[], object] = int
) -> float:
    """How long it took; fails the test after ``within_s``. ``look`` runs before every look."""
    pause = threading.Event()
    for number in range(int(within_s / LOOK_EVERY_S)):
        look()
        if is_so():
            return number * LOOK_EVERY_S
        pause.wait(LOOK_EVERY_S)
    pytest.fail(f"not within {within_s:.0f} s: {what}")


def log_lines(log: Path, event: str, **facts: Any) -> list[dict[str, Any]]:
    """The structured lines of ``log`` with this event and these facts, in order."""
    if not log.exists():
        return []
    found = []
    for text in log.read_text("utf-8", "replace").splitlines():
        if not text.startswith("{") or not text.endswith("}"):
            continue  # a banner, or a line being written
        line = json.loads(text)
        if line.get("event") == event and facts.items() <= line.items():
            found.append(line)
    return found
