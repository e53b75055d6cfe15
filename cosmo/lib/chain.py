"""One chain id from the click to the machine: in logs, Celery headers, orders and job orders."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.http import HttpRequest, HttpResponse

from cosmo.lib.ids import new_public_id

HEADER = "X-Chain-Id"
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def new_chain_id() -> str:
    return str(new_public_id())


def current_chain_id() -> str:
    """The chain id of what is going on now; a new one where nothing has begun one."""
    bound = structlog.contextvars.get_contextvars().get("chain_id")
    if isinstance(bound, str) and bound:
        return bound
    chain_id = new_chain_id()
    bind_chain_id(chain_id)
    return chain_id


def bind_chain_id(chain_id: str) -> None:
    structlog.contextvars.bind_contextvars(chain_id=chain_id)


@contextmanager
def chain(chain_id: str) -> Iterator[str]:
    """Everything logged inside belongs to ``chain_id``."""
    with structlog.contextvars.bound_contextvars(chain_id=chain_id or new_chain_id()):
        yield chain_id


class ChainMiddleware:
    """Takes the caller's chain id when it is well formed, else begins one; answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        chain_id = given if ACCEPTED.fullmatch(given) else new_chain_id()
        with structlog.contextvars.bound_contextvars(chain_id=chain_id):
            request.chain_id = chain_id  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers[HEADER] = chain_id
        return response
