"""A hint is a Celery message that may be lost: whatever it asks for, a sweep finds too."""

from time import monotonic
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
# A broker that is away costs about a second to notice; the next hints do not pay it again.
QUIET_S = 2.0
_quiet_until = 0.0


def send_hint(task: "Task[..., Any]", *ids: int | str) -> bool:
    """Send ``task`` with ``ids``; False when the broker did not take it, which is no error."""
    global _quiet_until
    if monotonic() < _quiet_until:
        return False
    try:
        task.delay(*ids)
    except OperationalError as error:
        _quiet_until = monotonic() + QUIET_S
        log.warning("hint_lost", task=task.name, ids=list(ids), error=str(error))
        return False
    return True
