"""So many calls a minute for each partner's program."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # DRF's views import these classes: importing them here would be a cycle
    from rest_framework.views import APIView


class PartnerThrottle(SimpleRateThrottle):
    scope = "partner"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        application = getattr(request.auth, "application_id", None)
        if application is None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": application}
