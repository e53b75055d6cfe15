"""The operator's page: lines, stations, and work orders that need a person."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import Invalid, NotFound
from production.compile import floor_of
from production.lifecycle import DispatchStatus
from production.models import Plant, WorkOrder
from production.selectors.board import (
    OPERATORS,
    access_plant,
    named_plants,
    plant_name,
    plants_visible_to,
)
from production.selectors.dispatch import operator_list
from production.selectors.stations import (
    flagged_reports,
    line_states,
    recent_events,
    stations_of,
)
from production.services.dispatch import retry_dispatch
from production.services.review import declare_made, make_again

# What a person may decide, and what is said afterwards.
DECISIONS: dict[str, tuple[Callable[..., Any], str | Promise]] = {
    "retry": (retry_dispatch, gettext_lazy("%(serial)s is sent to the line again.")),
    "again": (make_again, gettext_lazy("%(serial)s is made again.")),
    "made": (declare_made, gettext_lazy("%(serial)s counts as made and is ready to ship.")),
}


@for_roles(*OPERATORS)
@require_safe
def operator(request: HttpRequest) -> HttpResponse:
    plants = list(plants_visible_to(request.user))
    plant = access_plant(plants, request.GET.get("plant", ""))
    return render(request, "production/operator.html", _context(plants, plant))


@for_roles(*OPERATORS)
@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """The part that changes."""
    plants = list(plants_visible_to(request.user))
    plant = access_plant(plants, request.GET.get("plant", ""))
    context = _context(plants, plant)
    return render(request, "production/partials/operator_floor.html", context)


@for_roles(*OPERATORS)
@require_POST
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What a person says of a work order that goes no further: retry, again, made."""
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        raise Invalid("unknown_decision", f"Say one of {', '.join(DECISIONS)}.")
    plants = list(plants_visible_to(request.user))
    work_order = (
        WorkOrder.objects.filter(plant__in=plants, public_id=public_id)
        .select_related("unit")
        .first()
    )
    if work_order is None:
        raise NotFound("unknown_work_order", f"There is no work order {public_id} here.")
    act, said = decision
    act(work_order_id=work_order.pk)
    sentence = str(said) % {"serial": work_order.unit.serial}
    plant = next(plant for plant in plants if plant.pk == work_order.plant_id)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware
        context = _context(plants, plant)
        response = render(request, "production/partials/operator_floor.html", context)
        response["HX-Trigger"] = json.dumps({"toast": {"text": sentence}})
        return response
    messages.success(request, sentence)
    return HttpResponseRedirect(f"{reverse('production:operator')}?plant={plant.code}")


def _context(plants: list[Plant], plant: Plant) -> dict[str, Any]:
    floor, language = floor_of(plant), get_language() or "en"
    return {
        "plants": named_plants(plants, language),
        "plant": plant,
        "plant_name": plant_name(floor, language),
        "now": plant.clock.now(),
        "lines": line_states(plant),
        "stations": stations_of(plant, floor, language),
        "waiting": operator_list([plant]),
        "reports": flagged_reports(plant),
        "events": recent_events(plant, language),
        "in_review": DispatchStatus.REVIEW,
    }
