"""The planner's page: the board, read-only, and what the plan comes to. Rules in ADR 0040."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError
from production.compile import Floor, floor_of
from production.lifecycle import PlanReason
from production.models import Plant, ScheduleRun
from production.selectors.board import (
    PLANNERS,
    Bar,
    access_plant,
    bookings_between,
    named_plants,
    plant_name,
    plants_visible_to,
    rows_of,
    words_of,
)
from production.selectors.dispatch import is_silent
from production.selectors.downtimes import stops_between
from production.selectors.plan_figures import dispatch_counts, last_run, late_units, load_of
from production.selectors.unit_chain import find_unit, unit_chain
from production.services.asking import ASKED_BY, ask_for_plan
from production.tickets import plant_group
from production.views.board_drawing import LaneDrawing, draw_axis, draw_backdrop
from production.views.board_window import ZOOMS, BoardWindow, read_window
from production.views.sockets import ticket_answer

NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the board."""

    plants: list[Plant]
    plant: Plant
    floor: Floor
    window: BoardWindow

    def address(self, **changes: Any) -> str:
        """The page with the same plant, zoom and first moment, but for ``changes``."""
        facts: dict[str, Any] = {
            "plant": self.plant.code if len(self.plants) > 1 else None,
            "zoom": self.window.zoom.code,
            "from": None if self.window.follows else self.window.local_start,
            **changes,
        }
        return "?" + urlencode({name: value for name, value in facts.items() if value})


def _asked(request: HttpRequest) -> Asked:
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    floor = floor_of(plant)
    window = read_window(
        zoom=request.GET.get("zoom", ""),
        start=request.GET.get("from", ""),
        now=plant.clock.now(),
        zone=floor.book.zone,
    )
    return Asked(plants, plant, floor, window)


@for_roles(*PLANNERS)
@require_safe
def planner(request: HttpRequest) -> HttpResponse:
    """``?zoom=&from=`` choose the time in view, ``?unit=&step=`` a unit, ``?q=`` searches one."""
    asked = _asked(request)
    query = request.GET.get("q", "").strip()
    if query:
        found = find_unit(asked.plant, query[:60], asked.plant.clock.now())
        if found is not None:
            return HttpResponseRedirect(_address_of_found(asked, *found))
    run = last_run(asked.plant)
    counts = dispatch_counts(asked.plant)
    return render(
        request,
        "production/planner.html",
        {
            **_board(asked, run, counts, chosen=request.GET.get("unit", "")),
            **_plan(asked.plant, run),
            **_chosen(asked, request),
            "plants": named_plants(asked.plants, get_language() or "en"),
            "plant_name": plant_name(asked.floor, get_language() or "en"),
            "query": query,
            "is_found": request.GET.get("found") == "1",
        },
    )


@for_roles(*PLANNERS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The part that changes; 204 while it is still as ``?state=`` says."""
    asked = _asked(request)
    run = last_run(asked.plant)
    counts = dispatch_counts(asked.plant)
    if request.GET.get("state") == _state(asked, run, counts):
        return HttpResponse(status=NO_CONTENT)
    context = _board(asked, run, counts, chosen=request.GET.get("unit", ""))
    return render(request, "production/partials/planner_board.html", context)


@for_roles(*PLANNERS)
@require_safe
def chosen_unit(request: HttpRequest) -> HttpResponse:
    """All facts of one unit, for the panel under the board."""
    asked = _asked(request)
    return render(request, "production/partials/planner_unit.html", _chosen(asked, request))


@for_roles(*PLANNERS)
@require_POST
def plan_now(request: HttpRequest) -> HttpResponse:
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.POST.get("plant", ""))
    assert isinstance(request.user, User)  # noqa: S101 - for_roles let it in
    is_new = ask_for_plan(plant_id=plant.pk, user=request.user)
    if not request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware
        said = _("A new plan is being made.") if is_new else _("A plan is being made already.")
        messages.info(request, said)
        return HttpResponseRedirect(f"{reverse('production:planner')}?plant={plant.code}")
    plant.refresh_from_db()
    return render(request, "production/partials/planner_plan.html", _plan(plant, last_run(plant)))


@for_roles(*PLANNERS)
@require_safe
def plan_state(request: HttpRequest) -> HttpResponse:
    """Whether a plan is still being made; once it is there, the board is told to look again."""
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    context = _plan(plant, last_run(plant))
    response = render(request, "production/partials/planner_plan.html", context)
    if not context["is_wanted"]:
        said = _("The plan is made.")
        response["HX-Trigger"] = json.dumps({"planned": {}, "announce": {"text": said}})
    return response


@for_roles(*PLANNERS)
@require_safe
def ticket(request: HttpRequest) -> HttpResponse:
    """What opens the plant's live socket within the next minute."""
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    return ticket_answer(request, group=plant_group(plant.code), path=f"/ws/plants/{plant.code}")


def _board(
    asked: Asked, run: ScheduleRun | None, counts: Mapping[str, int], *, chosen: str
) -> dict[str, Any]:
    plant, floor, window = asked.plant, asked.floor, asked.window
    language = get_language() or "en"
    late = late_units(plant, floor)
    booked = bookings_between(plant, window.start, window.end)
    rows = rows_of(
        floor,
        booked,
        words=words_of((row.texts_id for row in booked), language),
        late=frozenset(unit.work_order_id for unit in late),
        stops=stops_between(plant.pk, floor, window.start, window.end),
        start=window.start,
        end=window.end,
        language=language,
    )
    drawing = LaneDrawing(window, _address_of_bar(asked), chosen=chosen)
    now = plant.clock.now()
    return {
        "asked": asked,
        "plant": plant,
        "window": window,
        "groups": [
            {
                "centre": centre,
                "backdrop": draw_backdrop(centre, window),
                "lanes": [
                    {
                        "lane": lane,
                        "bars": drawing.bars(lane),
                        "stops": drawing.stops(lane),
                        "stops_said": drawing.stops_said(lane),
                    }
                    for lane in centre.lanes
                ],
            }
            for centre in rows
        ],
        "axis": draw_axis(window),
        "zooms": [
            {
                "zoom": zoom,
                "address": asked.address(zoom=zoom.code),
                "is_current": zoom == window.zoom,
            }
            for zoom in ZOOMS.values()
        ],
        "earlier": asked.address(**{"from": window.moved(-1)}),
        "later": asked.address(**{"from": window.moved(1)}),
        "to_now": asked.address(**{"from": None}),
        "now": now,
        "now_percent": f"{window.percent(now):.3f}" if window.has(now) else None,
        "booked_count": len(booked),
        "late": late,
        "load": load_of(
            plant, floor, first=now.astimezone(floor.book.zone).date(), language=language
        ),
        "run": run,
        "run_said": _trigger_said(run),
        "counts": counts,
        "state": _state(asked, run, counts),
        "poll": asked.address(),
    }


def _address_of_bar(asked: Asked) -> Any:
    base = asked.address()

    def address(bar: Bar) -> str:
        return f"{base}&unit={bar.unit}&step={bar.code}#chosen"

    return address


def _address_of_found(asked: Asked, unit: UUID, at: Any) -> str:
    """A window that shows the moment with some time before it."""
    zone, zoom = asked.floor.book.zone, asked.window.zoom
    local = at.astimezone(zone).replace(minute=0)
    first = local.replace(hour=0) if zoom.days else local
    start = None if asked.window.follows and asked.window.has(at) else f"{first:%Y-%m-%dT%H:%M}"
    return asked.address(**{"from": start or None, "unit": unit, "found": 1}) + "#chosen"


def _state(asked: Asked, run: ScheduleRun | None, counts: Mapping[str, int]) -> str:
    """Changes with whatever the board shows, but for the clock's hand."""
    plant = asked.plant
    facts = (plant.booking_seq, plant.event_seq, run.pk if run else 0, *counts.values())
    return "-".join(map(str, (*facts, asked.window.local_start)))


def _plan(plant: Plant, run: ScheduleRun | None) -> dict[str, Any]:
    return {
        "plant": plant,
        "run": run,
        "run_said": _trigger_said(run),
        "is_wanted": plant.plan_wanted_at is not None,
    }


def _chosen(asked: Asked, request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {
        "asked": asked,
        "plant": asked.plant,
        "close": asked.address(),
        "step": request.GET.get("step", ""),
        "chain": None,
        "is_silent": False,
    }
    if not request.GET.get("unit"):
        return context
    try:
        unit = UUID(request.GET["unit"])
        chain = unit_chain(asked.plant, asked.floor, unit, get_language() or "en")
        context["chain"] = chain
        context["is_silent"] = chain.work_order is not None and is_silent(chain.work_order.line)
    except (ValueError, DomainError) as error:
        context["chain_error"] = getattr(error, "message", _("There is no such unit."))
    return context


def _trigger_said(run: ScheduleRun | None) -> str:
    """What asked for the run, in the reader's language where it is one of ours."""
    if run is None:
        return ""
    if run.started_by is not None:
        return _("asked by %(who)s") % {"who": run.started_by}
    if run.trigger.startswith(ASKED_BY):
        return _("asked by %(who)s") % {"who": run.trigger.removeprefix(ASKED_BY)}
    known = dict(PlanReason.choices)
    return str(known.get(run.trigger, run.trigger))
