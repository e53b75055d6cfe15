"""The pilot unit of a campaign, followed by everybody: its stages, and nothing of who gets it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cosmo.lib.errors import NotFound, Sentence
from orders.models import Unit
from orders.selectors.campaigns import access_campaign
from production.selectors.pilot import public_progress


@require_safe
def pilot(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A part of the campaign's page; a page of its own without JavaScript."""
    campaign = access_campaign(public_id)
    if campaign.pilot_id is None:
        raise NotFound("unknown_unit", Sentence("This campaign has no pilot unit yet."))
    unit = Unit.objects.select_related("line__order", "line__texts").get(pk=campaign.pilot_id)
    facts = {"campaign": campaign, "progress": public_progress(unit)}
    is_part = getattr(request, "htmx", False)
    template = "production/partials/pilot.html" if is_part else "production/pilot.html"
    return render(request, template, facts)
