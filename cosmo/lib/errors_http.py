"""A domain refusal becomes a page that helps; partners get problem+json from cosmo.lib.rest."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cosmo.lib.errors import DomainError

log = structlog.get_logger(__name__)


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        log.info("refused", code=error.code, path=request.path)
        template = {403: "403.html", 404: "404.html"}.get(error.status, "409.html")
        return render(request, template, {"error": error}, status=error.status)
