"""Saved designs: saving what the studio shows, and the page behind a short link."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from design.compile import CompiledOffer, choices_from_json, compiled_offer, selection_from_json
from design.models import DesignRevision, TextBundle
from design.selectors.designs import MAX_REMEMBERED, SESSION_DESIGNS, revision_by_code
from design.selectors.studio import StudioView, view_studio
from design.selectors.studio_state import address, read_state
from design.selectors.texts import ProductTexts, texts_in
from design.services.designs import save_design
from design.views.studio import back_to_studio, published


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save what the studio shows; no account needed, the short link is the key."""
    _found, offer, compiled, _texts = published(slug)
    state = read_state(compiled, request.POST)
    if (again := back_to_studio(request, slug, state)) is not None:
        return again
    user = request.user if isinstance(request.user, User) else None
    origin = request.POST.get("from", "")
    revision = save_design(
        offer=offer,
        choices=state.choices,
        prefer=state.prefer,
        owner=user,
        name=request.POST.get("design_name", "").strip()[:80],
        forked_from=revision_by_code(origin) if origin else None,
    )
    if user is None:
        remembered = [*request.session.get(SESSION_DESIGNS, []), revision.design.code]
        request.session[SESSION_DESIGNS] = remembered[-MAX_REMEMBERED:]
    return redirect(reverse("design:open", args=[revision.design.code]) + "?saved=1")


@require_safe
def open_design(request: HttpRequest, code: str) -> HttpResponse:
    """A shared link: the design as it was saved, with the way to start from it."""
    revision = revision_by_code(code)
    found = revision.design.product
    bundle = found.published_texts
    assert isinstance(bundle, TextBundle)  # noqa: S101 - a saved design's product has texts
    texts = texts_in(bundle, get_language() or "en")
    compiled = compiled_offer(revision.offer)
    facts = {
        "product": found,
        "texts": texts,
        "view": _saved_view(revision, compiled, texts),
        "revision": revision,
        "is_outdated": found.published_offer_id != revision.offer_id,
        "is_just_saved": request.GET.get("saved") == "1",
        "link": request.build_absolute_uri(reverse("design:open", args=[code])),
    }
    return render(request, "design/design.html", facts)


def _saved_view(
    revision: DesignRevision, compiled: CompiledOffer, texts: ProductTexts
) -> StudioView:
    choices = choices_from_json(revision.choices)
    here = address(compiled, choices, selection_from_json(revision.selection))
    return view_studio(revision.offer, compiled, texts, read_state(compiled, QueryDict(here)))
