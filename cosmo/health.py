"""Alive, and ready: what a load balancer and an operator ask."""

from datetime import timedelta

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from cosmo.lib.clock import real_now
from cosmo.lib.models import Pulse
from production.models import Line

log = structlog.get_logger(__name__)
SEEN_LATELY = timedelta(seconds=30)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, Valkey, a worker and every line seen lately; 503 names what is missing."""
    checks = {"database": _database_answers(), "valkey": _valkey_answers()}
    checks["worker"] = checks["database"] and _was_seen("worker")
    checks["relay"] = checks["database"] and _was_seen("relay")
    checks["line"] = checks["database"] and _lines_were_seen()
    is_ready = all(checks.values())
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": checks},
        status=200 if is_ready else 503,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("database_silent", error=str(error))
        return False
    return True


def _valkey_answers() -> bool:
    try:
        client = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=2)
        return bool(client.ping())
    except redis.RedisError as error:
        log.warning("valkey_silent", error=str(error))
        return False


def _was_seen(name: str) -> bool:
    return Pulse.objects.filter(name=name, seen_at__gte=real_now() - SEEN_LATELY).exists()


def _lines_were_seen() -> bool:
    lines = list(Line.objects.values_list("seen_at", flat=True))
    return bool(lines) and all(seen and seen >= real_now() - SEEN_LATELY for seen in lines)
