"""The studio of a draft: what customers would meet, for its authors alone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cosmo.accounts.staff import for_roles
from cosmo.lib.documents import CatalogueInvalid
from design.compile import compiled_document
from design.models import Offer
from design.selectors.authoring import AUTHORS
from design.selectors.drafts import access_draft
from design.selectors.studio import view_studio
from design.selectors.studio_state import read_state
from design.selectors.texts import texts_among
from design.services.reading import look_at_draft
from design.views.author_drafts import state_of


@for_roles(*AUTHORS)
@require_safe
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The draft as a studio; without a day of delivery, for the factory has not seen it."""
    found = access_draft(request.user, public_id)
    facts = {"draft": found, "state": state_of(request, found), "tab": "preview"}
    try:
        documents = look_at_draft(found)
    except CatalogueInvalid as error:
        return render(request, "design/author_preview.html", {**facts, "unreadable": error})
    compiled = compiled_document(documents.offer.content_hash, documents.offer.content)
    words = {code: text.content for code, text in documents.texts.items()}
    texts = texts_among(words, get_language() or "en")
    # Not saved: it is on no sale, so the factory says that nobody makes it.
    offer = Offer(document=documents.offer.content, content_hash=documents.offer.content_hash)
    view = view_studio(offer, compiled, texts, read_state(compiled, request.GET))
    facts |= {"view": view, "texts": texts}
    if getattr(request, "htmx", False):
        return render(request, "design/partials/author_studio.html", facts)
    return render(request, "design/author_preview.html", facts)
