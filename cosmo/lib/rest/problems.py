"""Every refusal as problem+json (RFC 9457), with a stable code and the chain id."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from cosmo.lib.chain import current_chain_id
from cosmo.lib.errors import DomainError
from cosmo.lib.rest.parsing import TooLarge

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)

_CODES: tuple[tuple[type[exceptions.APIException], str], ...] = (
    (exceptions.NotAuthenticated, "not_authenticated"),
    (exceptions.AuthenticationFailed, "not_authenticated"),
    (exceptions.PermissionDenied, "scope_missing"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.ParseError, "malformed"),
    (TooLarge, "too_large"),
    (exceptions.Throttled, "too_many_requests"),
)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document. ``facts`` are further members; they never replace the standard ones."""
    body = {
        **(facts or {}),
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "chain_id": current_chain_id(),
    }
    return Response(body, status=status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: what we know becomes a problem; anything else stays a 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        log.info("refused", code=error.code)
        return problem(error.status, error.code, error.message, facts=error.facts)
    if isinstance(error, exceptions.ValidationError):
        return problem(
            422,
            "invalid",
            "Some members of the request are not as they should be; see errors.",
            facts={"errors": _flat(error.detail)},
        )
    if isinstance(error, exceptions.APIException):
        code = next((c for kind, c in _CODES if isinstance(error, kind)), "refused")
        return problem(error.status_code, code, str(error.detail), headers=_headers(error))
    return None


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = str(challenge)
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return headers


def _flat(detail: Any, path: str = "") -> list[dict[str, str]]:
    """``{"lines": [{"quantity": ["..."]}]}`` -> ``[{"path": "lines.0.quantity", ...}]``."""
    if isinstance(detail, dict):
        return [e for key, value in detail.items() for e in _flat(value, _join(path, str(key)))]
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return [e for i, value in enumerate(detail) for e in _flat(value, _join(path, str(i)))]
    sentences = detail if isinstance(detail, list) else [detail]
    return [{"path": path, "detail": str(sentence)} for sentence in sentences]


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
