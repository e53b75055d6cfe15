"""JSON lines, on standard output if not told otherwise.

Fault tests prove moments from them, so each is flushed.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Protocol

from simulator.clock import write_time


class Stream(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...


class Log:
    """Attributes: stream: Where the lines go; None is standard output."""

    stream: Stream | None = None

    def __call__(self, event: str, **facts: Any) -> None:
        line = {"at": write_time(time.time()), "program": "line", "event": event, **facts}
        print(json.dumps(line), file=self.stream or sys.stdout, flush=True)


log = Log()
