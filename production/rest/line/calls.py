"""A call of a line, taken in: whose it is, that it is rightly signed, and what it says."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError, Invalid
from production.lines.forms import misfit, read_json
from production.lines.rest.signing import Unsigned, read_key
from production.models import Line
from production.rest.line.answers import problem

MAX_BYTES = 1024 * 1024
JSON = "application/json"
EVENT = "application/cloudevents+json"
EVENT_BATCH = "application/cloudevents-batch+json"
EVENT_TYPE = "cosmo.line.jobresponse.v1"
MAX_EVENTS = 100

LineView = Callable[[HttpRequest, Line], HttpResponse]


def line_call(view: LineView) -> Callable[[HttpRequest], HttpResponse]:
    """A view that only a line may call: found by its key, checked by its signature."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def called(request: HttpRequest) -> HttpResponse:
        try:
            return view(request, _caller(request))
        except DomainError as error:
            return problem(error)

    return called


def _caller(request: HttpRequest) -> Line:
    """The line that signed this call.

    Raises:
        Unsigned: nobody we know did.
    """
    fingerprint = request.headers.get("cosmo-key", "")
    for line in Line.objects.select_related("plant").defer("plant__document"):
        key = read_key(line.key)
        if key.fingerprint == fingerprint:
            headers = {name.lower(): value for name, value in request.headers.items()}
            key.check(headers=headers, body=_body(request), now=real_now())
            return line
    raise Unsigned("unknown_key", f"cosmo-key {fingerprint[:20]!r} names no key of a line here.")


def _body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    if len(body) > MAX_BYTES:
        raise _too_large()
    return body


def _too_large() -> DomainError:
    return DomainError(
        "too_large", f"A call has at most {MAX_BYTES:,} bytes; send less at once.", status=413
    )


def read_form(request: HttpRequest, form: str) -> dict[str, Any]:
    """The JSON body, checked against a published form.

    Raises:
        DomainError: ``wrong_media_type``, ``not_json``, ``not_the_schema``.
    """
    _check_media(request, (JSON,))
    document = _read(request)
    wrong = misfit(form, document)
    if wrong:
        raise Invalid("not_the_schema", f"This is no {form}. {wrong}")
    return dict(document)


def read_events(request: HttpRequest) -> Sequence[Any]:
    """The ``data`` of one CloudEvent or of a batch.

    Raises:
        DomainError: ``wrong_media_type``, ``not_json``, ``not_an_event``.
    """
    media = _check_media(request, (EVENT, EVENT_BATCH))
    document = _read(request)
    events = document if media == EVENT_BATCH else [document]
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS:
        raise Invalid("not_an_event", f"A batch is an array of 1 to {MAX_EVENTS} CloudEvents.")
    for event in events:
        if not _is_report(event):
            raise Invalid(
                "not_an_event", f"Each event is a CloudEvent 1.0 of type {EVENT_TYPE} with data."
            )
    return [event["data"] for event in events]


def _is_report(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.get("specversion") == "1.0"
        and event.get("type") == EVENT_TYPE
        and isinstance(event.get("data"), dict)
    )


def _check_media(request: HttpRequest, wanted: Sequence[str]) -> str:
    if request.content_type not in wanted:
        raise DomainError(
            "wrong_media_type",
            f"Content type {request.content_type or 'none'!r} is not {' or '.join(wanted)}.",
            status=415,
        )
    return str(request.content_type)


def _read(request: HttpRequest) -> Any:
    try:
        document = read_json(request.body)
    except ValueError as error:
        raise DomainError("not_json", f"The body is no JSON: {error}"[:300], status=400) from error
    if b"\\u0000" in request.body:
        raise Invalid("not_the_schema", "The character U+0000 cannot be stored; leave it out.")
    return document
