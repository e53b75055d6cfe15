"""Asking for publication, signing off, holding back, rolling back."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, Invalid
from cosmo.lib.sentences import sentence_of
from design.selectors.authoring import AUTHORS
from design.selectors.drafts import access_draft, access_publication
from design.services import publishing
from design.views.author_drafts import acted, number_in, signed_in


@for_roles(*AUTHORS)
@require_POST
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Now, or at a time given in UTC."""
    found = access_draft(request.user, public_id)
    at = _time(request.POST.get("at", "")) if request.POST.get("when") == "at" else None
    ask = partial(
        publishing.ask_publication,
        draft_id=found.pk,
        version=number_in(request.POST.get("version", "")),
        user=signed_in(request),
        at=at,
    )
    return acted(request, found, ask)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid("bad_time", _("Name a day and a time, in UTC.")) from None


@for_roles(*AUTHORS)
@require_POST
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    user = signed_in(request)
    return acted(request, found, lambda: publishing.sign_off(draft_id=found.pk, user=user))


@for_roles(*AUTHORS)
@require_POST
def hold_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_draft(request.user, public_id)
    return acted(request, found, lambda: publishing.hold_back(draft_id=found.pk))


@for_roles(*AUTHORS)
@require_POST
def roll_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = access_publication(request.user, public_id)
    try:
        publishing.roll_back(publication_id=found.pk, user=signed_in(request))
        messages.success(request, _("Customers meet the former offer again."))
    except DomainError as error:
        messages.error(request, sentence_of(error))
    return redirect("design:author-product", found.product.slug)
