"""The studio keeps what is being designed by itself; a script sends it, the page says so."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from design.compile import CompiledOffer
from design.models import Sketch
from design.selectors.sketches import browser_of, new_browser, sketch_of
from design.selectors.studio_state import LONGEST_ADDRESS, address, read_state
from design.services.sketches import keep_sketch
from design.views.studio import published

MINUTE = timedelta(minutes=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sketch(request: HttpRequest, slug: str) -> HttpResponse:
    """POST keeps the studio's address; GET is the line that offers what was kept before."""
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST":
        _keep(request, slug, user)
        return HttpResponse(status=204)
    found, _offer, compiled, _texts = published(slug)
    kept = sketch_of(user, browser_of(request), slug)
    here = _written(compiled, request.GET.get("here", ""))
    facts = {
        "product": found,
        "kept": kept if _is_worth(kept, here) else None,
        "is_fresh": kept is not None and real_now() - kept.kept_at < MINUTE,
    }
    return render(request, "design/partials/autosave_line.html", facts)


def _keep(request: HttpRequest, slug: str, user: User | None) -> Sketch:
    found, _offer, compiled, _texts = published(slug)
    return keep_sketch(
        product=found,
        user=user,
        browser="" if user else new_browser(request),
        address=_written(compiled, request.POST.get("here", "")),
    )


def _written(compiled: CompiledOffer, query: str) -> str:
    """The address in one spelling, of answers alone: what people send is read, not stored."""
    state = read_state(compiled, QueryDict(query[:LONGEST_ADDRESS]))
    return address(compiled, state.choices, state.prefer)[:LONGEST_ADDRESS]


def _is_worth(kept: Sketch | None, here: str) -> bool:
    """Only where the studio opened as it always does, and something else was left behind."""
    return kept is not None and not here and kept.address != ""
