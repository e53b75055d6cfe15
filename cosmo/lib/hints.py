"""A hint is a Celery message that may be lost: whatever it asks for, a sweep finds too."""

from time import monotonic
from typing import Any

import structlog
from amqp.exceptions import ChannelError
from celery import Task, current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# A broker that is away costs about a second to notice; the next hints do not pay it again.
QUIET_S = 2.0
_quiet_until = 0.0
# A connection that stood may break with its own library's error; one that cannot be made, Kombu's.
BROKER_AWAY = (OperationalError, RedisError, OSError)


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


def send_no_more() -> None:
    """No hints from this process any more: what it works on is not what the workers know."""
    global _quiet_until
    _quiet_until = float("inf")


def waiting_messages() -> int | None:
    """How many messages wait for a worker; None when the broker does not answer."""
    global _quiet_until
    if monotonic() < _quiet_until:
        return None
    queue = current_app.conf.task_default_queue
    try:
        with current_app.connection_or_acquire() as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:  # an empty queue does not exist in Valkey
        return 0
    except BROKER_AWAY as error:
        _quiet_until = monotonic() + QUIET_S
        log.warning("broker_away", error=str(error))
        return None
