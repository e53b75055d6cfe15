"""What stands still, what is in a rush, and what is reported by hand: the planner's word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, Invalid, NotFound
from cosmo.lib.sentences import sentence_of
from production.compile import floor_of
from production.forms import DowntimeForm
from production.models import Downtime, Plant, WorkOrder
from production.selectors.board import (
    PLANNERS,
    access_plant,
    named_plants,
    plant_name,
    plants_visible_to,
)
from production.selectors.downtimes import downtimes_after, resources_of
from production.services.downtimes import end_downtime, note_downtime
from production.services.hand_reports import report_by_hand
from production.services.rush import set_rush

LISTED_DAYS = 7


@for_roles(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def standstills(request: HttpRequest) -> HttpResponse:
    """The list of standstills, and the form that notes one."""
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.POST.get("plant") or request.GET.get("plant", ""))
    floor, language = floor_of(plant), get_language() or "en"
    now = plant.clock.now()
    form = DowntimeForm(
        request.POST or None,
        resources=resources_of(plant, floor, language),
        zone=floor.book.zone,
        now=now,
    )
    if request.method == "POST" and form.is_valid() and _is_noted(request, plant, form):
        messages.success(
            request,
            _("%(resource)s stands still; a new plan is being made.")
            % {"resource": form.cleaned_data["resource"].rpartition("/")[2]},
        )
        return HttpResponseRedirect(_page(plant))
    return render(
        request,
        "production/standstills.html",
        {
            "plants": named_plants(plants, language),
            "plant": plant,
            "plant_name": plant_name(floor, language),
            "form": form,
            "now": now,
            "downtimes": downtimes_after(plant.pk, now),
        },
        status=422 if form.errors else 200,
    )


def _is_noted(request: HttpRequest, plant: Plant, form: DowntimeForm) -> bool:
    """Whether it could be noted; if not, the form says why and keeps what was typed."""
    try:
        note_downtime(plant_id=plant.pk, user=_user(request), **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, sentence_of(error))
        return False
    return True


@for_roles(*PLANNERS)
@require_POST
def standstill_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    plants = list(plants_visible_to(request.user, *PLANNERS))
    downtime = (
        Downtime.objects.select_related("plant", "resource")
        .filter(public_id=public_id, plant__in=plants)
        .first()
    )
    if downtime is None:
        raise NotFound("unknown_downtime", f"There is no standstill {public_id} here.")
    end_downtime(downtime_id=downtime.pk, user=_user(request))
    said = _("%(resource)s works again; a new plan is being made.")
    messages.success(request, said % {"resource": downtime.resource.code})
    return HttpResponseRedirect(_page(downtime.plant))


@for_roles(*PLANNERS)
@require_POST
def rush(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``rush=1`` puts the unit before others, ``rush=0`` back in line."""
    work_order = _work_order(request, public_id)
    is_rush = request.POST.get("rush")
    if is_rush not in ("0", "1"):
        raise Invalid("bad_rush", "Say rush=1 to put the unit first, or rush=0 to take it back.")
    set_rush(work_order_id=work_order.pk, is_rush=is_rush == "1")
    said = _("%(serial)s goes first.") if is_rush == "1" else _("%(serial)s is back in line.")
    messages.success(request, said % {"serial": work_order.unit.serial})
    return HttpResponseRedirect(_unit(work_order))


@for_roles(*PLANNERS)
@require_POST
def hand_report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What an operation did while its line is silent: ``operation``, ``event``, ``reason``."""
    work_order = _work_order(request, public_id)
    report_by_hand(
        work_order_id=work_order.pk,
        operation=request.POST.get("operation", "")[:60],
        event=request.POST.get("event", "")[:10],
        reason=request.POST.get("reason", "")[:200],
        user=_user(request),
    )
    messages.success(request, _("Noted for %(serial)s.") % {"serial": work_order.unit.serial})
    return HttpResponseRedirect(_unit(work_order))


def _work_order(request: HttpRequest, public_id: UUID) -> WorkOrder:
    found = (
        WorkOrder.objects.select_related("unit", "plant")
        .defer("plant__document")
        .filter(plant__in=plants_visible_to(request.user, *PLANNERS), public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound("unknown_work_order", f"There is no work order {public_id} here.")
    return found


def _user(request: HttpRequest) -> User:
    user: Any = request.user  # for_roles let it in
    return user  # type: ignore[no-any-return]


def _page(plant: Plant) -> str:
    return f"{reverse('production:standstills')}?plant={plant.code}"


def _unit(work_order: WorkOrder) -> str:
    planner = reverse("production:planner")
    return f"{planner}?plant={work_order.plant.code}&unit={work_order.unit.public_id}#chosen"
