"""When to stop improving: asked before each further plan, never before the first."""

from collections.abc import Callable
from time import monotonic

Stop = Callable[[], bool]
"""True: enough."""


def never() -> bool:
    """Until all rules were tried."""
    return False


def after_seconds(seconds: float) -> Stop:
    """From now, on the computer's clock."""
    limit = monotonic() + seconds
    return lambda: monotonic() >= limit


def after_plans(count: int) -> Stop:
    """After this many further plans; for results that do not depend on the computer's speed."""
    asked = 0

    def is_enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > count

    return is_enough
