"""Who may call: a partner's program whose token carries the scope the action needs."""

from typing import TYPE_CHECKING, Any

from oauth2_provider.models import AbstractAccessToken
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

READ = ("GET", "HEAD")

if TYPE_CHECKING:  # DRF's views import these classes: importing them here would be a cycle
    from rest_framework.views import APIView


class ScopeRequired(BasePermission):
    """A view says ``scopes = {"GET": "orders:read", "POST": "orders:write"}``.

    A method that names no scope is open to nobody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        token: Any = request.auth
        if not isinstance(token, AbstractAccessToken):
            raise NotAuthenticated
        method = request.method or ""
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            raise MethodNotAllowed(method)
        needed = scope_of(view, method)
        self.message = f"The token lacks the scope {needed}."
        return bool(needed) and bool(token.is_valid([needed]))


def scope_of(view: Any, method: str) -> str:
    scopes: dict[str, str] = getattr(view, "scopes", {})
    return scopes.get("GET" if method in READ else method, "")


def tenant_of(request: Request) -> str:
    """Public id of the organisation whose program calls: whose keys and limits count."""
    token: Any = request.auth
    if not isinstance(token, AbstractAccessToken) or token.application is None:
        raise NotAuthenticated
    return str(token.application.organisation.public_id)
