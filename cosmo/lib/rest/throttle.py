"""So many calls a minute: for each partner's program, and for each address that wants a token."""

from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # DRF's views import these classes: importing them here would be a cycle
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)


class ValkeyThrottle(SimpleRateThrottle):
    """Counts in Valkey. While that is away nobody is refused: orders are worth more than counts."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("calls_not_counted", scope=self.scope, error=str(error))
            return True


class PartnerThrottle(ValkeyThrottle):
    scope = "partner"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        application = getattr(request.auth, "application_id", None)
        if application is None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": application}


class TokenThrottle(ValkeyThrottle):
    """Checking a secret costs a slow hash: so many tries a minute for each address."""

    scope = "token"

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
