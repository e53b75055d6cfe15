"""A domain refusal becomes a page that helps; partners get problem+json from cosmo.lib.rest."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from cosmo.lib.errors import DomainError
from cosmo.lib.sentences import sentence_of

log = structlog.get_logger(__name__)

PAGES = {403: "403.html", 404: "404.html"}
OTHER_PAGE = "409.html"


def refusal(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """The same refusal for three readers: a page, a note for htmx, a problem for programs."""
    if request.path.startswith("/api/"):
        return _problem(request, context, status)
    if getattr(request, "htmx", False):
        note = render(request, "partials/refusal.html", {**context, "status": status}, None, status)
        note["HX-Retarget"] = "#refusals"
        note["HX-Reswap"] = "innerHTML"
        return note
    return render(request, template, context, status=status)


def _problem(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    error: DomainError | None = context.get("error")
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code if error else HTTPStatus(status).name.lower(),
        "detail": error.message if error else _detail(request, status),
        "chain_id": getattr(request, "chain_id", ""),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _detail(request: HttpRequest, status: int) -> str:
    if status >= 500:
        return "Something broke on our side. Repeat the call; if it stays, name the chain id."
    return f"Nothing can be done at {request.path} this way."


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        log.info("refused", code=error.code, path=request.path)
        template = PAGES.get(error.status, OTHER_PAGE)
        facts = {"error": error, "sentence": sentence_of(error)}
        return refusal(request, template, facts, status=error.status)
