"""Where a line that speaks REST calls us (docs/line-protocol.md, sections 3, 4 and 6)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cosmo.lib.errors import Invalid
from production.lines.forms import PUBLISHED, schema_text
from production.models import Line
from production.rest.line.answers import answer
from production.rest.line.calls import line_call, read_events, read_form
from production.selectors.lines import welcome_of
from production.services.inbox import read_received, store_reports
from production.services.line_status import Hello, record_hello, record_status


@line_call
def hello(request: HttpRequest, line: Line) -> HttpResponse:
    said = Hello(**read_form(request, "hello"))
    record_hello(line_id=line.pk, hello=said)
    return answer(welcome_of(line))


@line_call
def status(request: HttpRequest, line: Line) -> HttpResponse:
    record_status(line=line, status=read_form(request, "status"))
    return answer(welcome_of(line))


@line_call
def reports(request: HttpRequest, line: Line) -> HttpResponse:
    """202 only after the inbox has committed; what follows from it happens behind a hint."""
    received = []
    for number, body in enumerate(read_events(request), start=1):
        report = read_received(body)
        if report is None:
            raise Invalid(
                "not_the_schema",
                f"Event {number} does not say which report it is: job is a UUID, epoch 8 to 64 "
                "letters, digits, - or _, seq a whole number from 1. Nothing was stored.",
            )
        received.append(report)
    stored = store_reports(line=line, reports=received)
    return answer({"stored": stored.stored, "duplicate": stored.duplicate}, status=202)


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PUBLISHED:
        raise Http404(f"There is no form called {name}.")
    return HttpResponse(schema_text(name), content_type="application/schema+json")
