"""JSON lines on standard output; a fault test proves moments from them, so each is flushed."""

from __future__ import annotations

import json
import time
from typing import Any

from simulator.clock import write_time


def log(event: str, **facts: Any) -> None:
    line = {"at": write_time(time.time()), "program": "line", "event": event, **facts}
    print(json.dumps(line), flush=True)
