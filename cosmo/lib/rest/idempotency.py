"""A write that a client may repeat: the same key is answered once and for all.

The row of the key is locked while the request is answered, and answer and effect are written in
one transaction: a kill in between leaves neither, and the repeated request does the work.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, transaction
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cosmo.lib.errors import Conflict, DomainError, Invalid
from cosmo.lib.models import IdempotencyKey
from cosmo.lib.rest.parsing import read_body
from cosmo.lib.rest.permissions import tenant_of
from cosmo.lib.rest.problems import MEDIA_TYPE, problem_response

HEADER = "Idempotency-Key"
ACCEPTED = re.compile(r"[\x21-\x7e]{1,255}")
REPLAYED = "Idempotent-Replayed"
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Decorates a view's write method: it runs once for each partner and key."""

    @wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not ACCEPTED.fullmatch(key):
            raise Invalid(
                "idempotency_key_missing",
                f"Send the header {HEADER} with 1 to 255 visible ASCII characters, new for each "
                "order you mean and the same when you repeat it.",
                status=400,
            )
        tenant = tenant_of(request)
        digest = _digest(request)
        IdempotencyKey.objects.get_or_create(
            tenant=tenant, key=key, defaults={"request_hash": digest}
        )
        with transaction.atomic():
            row = _lock(tenant, key)
            if row.request_hash != digest:
                raise Conflict(
                    "idempotency_key_reused",
                    f"The key {key!r} came with another request before. Use a new key.",
                    status=422,
                )
            if row.status is not None:
                return _replay(row)
            response = _answer(handler, view, request, *args, **kwargs)
            row.status = response.status_code
            row.body = JSONRenderer().render(response.data)
            row.save(update_fields=["status", "body"])
            return response

    return once


def _digest(request: Request) -> str:
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + read_body(request._request)).hexdigest()  # as sent


def _lock(tenant: str, key: str) -> IdempotencyKey:
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.select_for_update(nowait=True).get(tenant=tenant, key=key)
    except (OperationalError, IdempotencyKey.DoesNotExist) as error:  # locked, or just swept
        raise Conflict(
            "idempotency_key_in_use",
            f"A request with the key {key!r} is being answered right now. Repeat it in a second.",
        ) from error


def _answer(handler: Handler, view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
    """The handler's answer; a refusal undoes what it wrote and is kept like any answer."""
    try:
        with transaction.atomic():
            return handler(view, request, *args, **kwargs)
    except (DomainError, APIException, Http404) as error:
        refused = problem_response(error, {})
        assert refused is not None  # noqa: S101 - each of these becomes a problem
        return refused


def _replay(row: IdempotencyKey) -> Response:
    """The first answer again, byte for byte as far as JSON goes."""
    status = row.status or 500
    response = Response(
        _parsed(row), status=status, content_type=MEDIA_TYPE if status >= 400 else None
    )
    response.headers[REPLAYED] = "true"
    return response


def _parsed(row: IdempotencyKey) -> Any:
    return json.loads(bytes(row.body or b"null"))
