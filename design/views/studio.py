"""The product page and the studio. Forms first; htmx only saves reloading the page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from design.compile import CompiledOffer, compiled_offer
from design.models import Offer, Product, TextBundle
from design.selectors.catalogue import access_product
from design.selectors.studio import StudioView, view_presets, view_studio
from design.selectors.studio_state import StudioState, read_state
from design.selectors.texts import ProductTexts, texts_in

NOT_ANSWERS = ("csrfmiddlewaretoken", "product", "design_name")  # of a form that was posted


def published(slug: str) -> tuple[Product, Offer, CompiledOffer, ProductTexts]:
    product = access_product(slug)
    offer, bundle = product.published_offer, product.published_texts
    assert isinstance(offer, Offer)  # noqa: S101 - access_product finds published ones only
    assert isinstance(bundle, TextBundle)  # noqa: S101
    return product, offer, compiled_offer(offer), texts_in(bundle, get_language() or "en")


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found, offer, compiled, texts = published(slug)
    view = view_studio(offer, compiled, texts, read_state(compiled, QueryDict("")))
    presets = view_presets(compiled, texts)
    facts = {**_facts(found, texts, view), "presets": presets}
    return render(request, "design/product.html", facts)


@require_safe
def studio(request: HttpRequest, slug: str) -> HttpResponse:
    """The studio at an address. A form sent to it is answered with the address it leads to."""
    found, offer, compiled, texts = published(slug)
    state = read_state(compiled, request.GET)
    view = view_studio(offer, compiled, texts, state)
    origin = request.GET.get("from", "")[:20]
    here = _studio_url(slug, _with_origin(view.address, origin))
    facts = {**_facts(found, texts, view), "origin": origin}
    if getattr(request, "htmx", False) and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "design/partials/studio.html", {**facts, "is_fragment": True})
        # A step back or forth asks for a whole state; for the browser it is one step further.
        if state.changed or state.replaced is not None or "X-Step" in request.headers:
            response.headers["HX-Push-Url"] = here
        return response
    if "was" in request.GET and not view.has_news:
        return redirect(here)
    facts["presets"] = view_presets(compiled, texts)
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
    _found, offer, compiled, texts = published(slug)
    view = view_studio(offer, compiled, texts, state)
    if view.refused:
        messages.warning(request, _("One answer cannot be made like this. See what would do."))
        return redirect(_studio_url(slug, _sent(request), f"answer-{view.refused[0].feature_id}"))
    if view.configured.missing_text:
        messages.warning(request, _("Write your text first; then the design is complete."))
        query = _with_origin(view.address, request.POST.get("from", "")[:20])
        return redirect(_studio_url(slug, query, f"answer-{view.configured.missing_text}"))
    if view.unmade:
        messages.warning(request, _("Your text cannot be made like this. See what would do."))
        query = _with_origin(view.address, request.POST.get("from", "")[:20])
        return redirect(_studio_url(slug, query, f"answer-{view.unmade[0].id}"))
    if view.has_news:
        messages.warning(request, _("Something changed with your last answer. Please look first."))
        return redirect(_studio_url(slug, _sent(request)))
    return None


def _sent(request: HttpRequest) -> str:
    """The form as it was posted, as a query."""
    return urlencode(
        [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NOT_ANSWERS
            for value in values
        ]
    )
