"""The product page and the studio. Forms first; htmx only saves reloading the page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from design.compile import CompiledOffer, choices_from_json, compiled_offer, selection_from_json
from design.models import DesignRevision, Offer, Product, TextBundle
from design.selectors.catalogue import access_product
from design.selectors.designs import MAX_REMEMBERED, SESSION_DESIGNS, revision_by_code
from design.selectors.studio import StudioView, preset_addresses, view_studio
from design.selectors.studio_state import StudioState, address, read_state
from design.selectors.texts import ProductTexts, texts_in
from design.services.designs import save_design

NOT_ANSWERS = ("csrfmiddlewaretoken", "product", "design_name")  # of a form that was posted


def _published(slug: str) -> tuple[Product, Offer, CompiledOffer, ProductTexts]:
    product = access_product(slug)
    offer, bundle = product.published_offer, product.published_texts
    assert isinstance(offer, Offer)  # noqa: S101 - access_product finds published ones only
    assert isinstance(bundle, TextBundle)  # noqa: S101
    return product, offer, compiled_offer(offer), texts_in(bundle, get_language() or "en")


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found, offer, compiled, texts = _published(slug)
    view = view_studio(offer, compiled, texts, read_state(compiled, QueryDict("")))
    presets = preset_addresses(compiled, texts)
    facts = {**_facts(found, texts, view), "presets": presets}
    return render(request, "design/product.html", facts)


@require_safe
def studio(request: HttpRequest, slug: str) -> HttpResponse:
    """The studio at an address. A form sent to it is answered with the address it leads to."""
    found, offer, compiled, texts = _published(slug)
    state = read_state(compiled, request.GET)
    view = view_studio(offer, compiled, texts, state)
    origin = request.GET.get("from", "")[:20]
    here = _studio_url(slug, _with_origin(view.address, origin))
    facts = {**_facts(found, texts, view), "origin": origin}
    if getattr(request, "htmx", False) and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "design/partials/studio.html", {**facts, "is_fragment": True})
        if state.changed:
            response.headers["HX-Push-Url"] = here
        return response
    if "was" in request.GET and not view.has_news:
        return redirect(here)
    return render(request, "design/studio.html", facts)


def _studio_url(slug: str, query: str, anchor: str = "") -> str:
    return (
        reverse("design:studio", args=[slug])
        + (f"?{query}" if query else "")
        + (f"#{anchor}" if anchor else "")
    )


def _with_origin(query: str, origin: str) -> str:
    """The design somebody started from stays in the address, so that it is credited when saving."""
    return "&".join(part for part in (query, urlencode({"from": origin}) if origin else "") if part)


def _facts(found: Product, texts: ProductTexts, view: StudioView) -> dict[str, object]:
    return {"product": found, "texts": texts, "view": view}


def back_to_studio(request: HttpRequest, slug: str, state: StudioState) -> HttpResponse | None:
    """Where a posted form must be looked at again before anything is saved or bought.

    Without JavaScript the form may hold answers that cannot be had, that move others, or lack a
    text; all of that is shown in the studio first. None where what was sent is what is meant.
    """
    _found, offer, compiled, texts = _published(slug)
    view = view_studio(offer, compiled, texts, state)
    if view.configured.missing_text:
        messages.warning(request, _("Write your text first; then the design is complete."))
        query = _with_origin(view.address, request.POST.get("from", "")[:20])
        return redirect(_studio_url(slug, query, f"answer-{view.configured.missing_text}"))
    if view.has_news:
        messages.warning(request, _("Something changed with your last answer. Please look first."))
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NOT_ANSWERS
            for value in values
        ]
        return redirect(_studio_url(slug, urlencode(sent)))
    return None


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save what the studio shows; no account needed, the short link is the key."""
    _found, offer, compiled, _texts = _published(slug)
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
        **_facts(found, texts, _saved_view(revision, compiled, texts)),
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
