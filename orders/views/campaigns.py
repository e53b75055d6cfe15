"""Campaigns: looking, and running one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.selectors import has_role
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, NotFound, Sentence
from cosmo.lib.sentences import sentence_of
from design.selectors.gallery import access_entry
from design.selectors.shown_design import shown_design
from orders.campaign_forms import CampaignForm
from orders.models import Unit
from orders.selectors.campaigns import (
    STARTERS,
    access_campaign,
    campaigns_of_design,
    live_pledge,
    may_run,
    open_first,
    pilot_candidates,
    view_campaign,
)
from orders.selectors.papers import seller_zone
from orders.services.campaigns import choose_pilot, open_campaign

PAGE_SIZE = 12


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    facts = {"page": page, "campaigns": [view_campaign(found) for found in page.object_list]}
    return render(request, "orders/campaigns.html", {**facts, "zone": seller_zone().key})


@require_safe
def campaigns_of(request: HttpRequest, code: str) -> HttpResponse:
    """Campaigns of one design: a part of its gallery page, or a page without JavaScript."""
    found = [view_campaign(campaign) for campaign in campaigns_of_design(code)[:PAGE_SIZE]]
    facts = {
        "campaigns": found,
        "code": code,
        "zone": seller_zone().key,
        "may_start": isinstance(request.user, User) and _may_start(request.user, code),
    }
    is_part = getattr(request, "htmx", False)
    template = "orders/partials/campaigns_of.html" if is_part else "orders/campaigns_of.html"
    return render(request, template, facts)


def _may_start(user: User, code: str) -> bool:
    try:
        entry = access_entry(code, user)
    except NotFound:
        return False
    return entry.is_shown and has_role(user, entry.product.organisation, *STARTERS)


@require_safe
def campaign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    found = access_campaign(public_id)
    is_owner = may_run(found, user)
    facts: dict[str, Any] = {
        "view": view_campaign(found),
        "campaign": found,
        "design": shown_design(found.revision, title=found.title),
        "pledge": live_pledge(found, user),
        "is_owner": is_owner,
        "candidates": list(pilot_candidates(found)) if is_owner else [],
        "zone": seller_zone().key,
    }
    return render(request, "orders/campaign.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*STARTERS)
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Open a campaign for a design that the gallery shows."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles
    entry = access_entry(code, None)
    if not has_role(user, entry.product.organisation, *STARTERS):
        raise NotFound("not_yours", Sentence("This design is made by another factory."))
    form = CampaignForm(request.POST or None, initial={"title": entry.title})
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_campaign(revision=entry.revision, owner=user, **form.asked())
        except DomainError as refused:
            form.add_error(None, sentence_of(refused))
        else:
            return redirect("orders:campaign", opened.public_id)
    facts = {"form": form, "entry": entry, "design": shown_design(entry.revision)}
    status = 422 if form.errors else 200
    return render(request, "orders/campaign_start.html", facts, status=status)


@require_POST
@for_roles(*STARTERS)
def pilot(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The owner lets backers follow a first unit."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles
    found = access_campaign(public_id)
    serial = request.POST.get("unit", "")[:20]
    unit = Unit.objects.filter(serial=serial).first()
    if unit is None:
        raise NotFound(
            "unknown_unit", Sentence("The pilot is a unit of this design that you ordered.")
        )
    choose_pilot(campaign_id=found.pk, user=user, unit=unit)
    messages.success(request, _("Backers can follow it now."))
    return redirect("orders:campaign", public_id)
