"""A sweep looks at everything; one thing that fails does not keep the rest waiting."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded

log = structlog.get_logger(__name__)
Thing = TypeVar("Thing")


def sweep(things: Iterable[Thing], act: Callable[[Thing], object], *, what: str) -> int:
    """Do ``act`` to each; how many failed. A failure is logged with its trace, and the next sweep
    comes back to it. The end of the task's time is no failure of the thing: it ends the sweep.
    """
    failed = 0
    for thing in things:
        try:
            act(thing)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            failed += 1
            log.exception("sweep_failed", what=what, thing=str(thing))
    return failed
