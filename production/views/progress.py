"""A unit's page: where it stands, told live."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cosmo.lib.errors import Invalid
from design.compile import compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.texts import texts_in
from orders.selectors.access import viewer_of
from orders.selectors.carts import chosen_facts
from production.selectors.progress import progress_of
from production.selectors.units import PAGE, access_unit, event_json, events_after
from production.tickets import unit_group
from production.views.sockets import ticket_answer

LARGEST_SEQ = 2**63 - 1


@never_cache
@require_safe
def unit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_unit(viewer_of(request), public_id)
    texts = texts_in(found.line.texts, get_language() or "en")
    compiled = compiled_offer(found.line.offer)
    selection = selection_from_json(found.line.selection)
    return render(
        request,
        "production/unit.html",
        {
            "unit": found,
            "line": found.line,
            "order": found.line.order,
            "product_name": texts.product_name,
            "picture": elevation(compiled, texts, selection),
            "facts": chosen_facts(compiled, texts, selection),
            "progress": progress_of(found),
        },
    )


@never_cache
@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part that changes, of the unit's page and of the order's (``?within=order``), which says
    itself until when a unit can be changed.
    """
    found = access_unit(viewer_of(request), public_id)
    return render(
        request,
        "production/partials/progress.html",
        {
            "unit": found,
            "progress": progress_of(found),
            "is_within_order": request.GET.get("within") == "order",
        },
    )


@never_cache
@require_safe
def events(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What happened after ``?after=seq``, in order. ``more`` says to ask again after ``last``."""
    found = access_unit(viewer_of(request), public_id)
    after = _after(request)
    happened = [event_json(event) for event in events_after(found, after)]
    last = happened[-1]["seq"] if happened else after
    return JsonResponse({"events": happened, "last": last, "more": len(happened) == PAGE})


@never_cache
@require_safe
def ticket(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What opens the unit's live socket within the next minute."""
    found = access_unit(viewer_of(request), public_id)
    group = unit_group(found.public_id)
    return ticket_answer(request, group=group, path=f"/ws/units/{found.public_id}")


def _after(request: HttpRequest) -> int:
    given: Any = request.GET.get("after", "0")
    if not (given.isascii() and given.isdecimal() and int(given) <= LARGEST_SEQ):
        raise Invalid("bad_seq", f"after={given[:40]} is no seq; use a whole number from 0.")
    return int(given)
