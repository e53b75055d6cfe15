"""What a line is answered: JSON, or RFC 9457 with a stable code."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from cosmo.lib.errors import DomainError


def problem(error: DomainError) -> HttpResponse:
    return JsonResponse(
        {
            "type": f"urn:cosmo:problem:{error.code}",
            "title": error.code.replace("_", " ").capitalize(),
            "status": error.status,
            "detail": error.message,
            "code": error.code,
        },
        status=error.status,
        content_type="application/problem+json",
    )


def answer(document: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return JsonResponse(document, status=status)
