"""Where a page finds its live socket."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from production.tickets import LASTS_S, issue_ticket


def ticket_answer(request: HttpRequest, *, group: str, path: str) -> JsonResponse:
    """What opens the socket at ``path`` within the next minute. Call only after the permission to
    see what ``group`` is about was checked.
    """
    signed = issue_ticket(group)
    return JsonResponse(
        {"ticket": signed, "url": _socket_url(request, path, signed), "lasts_s": LASTS_S}
    )


def _socket_url(request: HttpRequest, path: str, ticket: str) -> str:
    """At LIVE_URL where one is set, else at the address of the page itself."""
    live = urlsplit(settings.LIVE_URL or request.build_absolute_uri("/"))
    scheme = {"http": "ws", "https": "wss"}.get(live.scheme, live.scheme)
    return f"{scheme}://{live.netloc}{live.path.rstrip('/')}{path}?ticket={ticket}"
