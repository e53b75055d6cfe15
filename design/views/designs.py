"""Saved designs: saving what the studio shows, and the page behind a short link."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError
from cosmo.lib.qr import qr_svg
from design.compile import CompiledOffer
from design.models import Design, DesignRevision, Offer
from design.selectors.compared import comparable
from design.selectors.configured import complete_for_show
from design.selectors.credits import ancestors_of
from design.selectors.design_access import (
    Reader,
    link_key,
    opens_with,
    reader_of,
    remember_opened,
    remember_saved,
)
from design.selectors.designs import revision_by_code
from design.selectors.moved_on import moved_on
from design.selectors.promises import inquire
from design.selectors.saved import SavedDesign, versions_of, view_saved
from design.selectors.studio_state import StudioState, read_state
from design.services.designs import revise_design, save_design
from design.views.studio import back_to_studio, published


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save what the studio shows; no account needed, the short link is the key.

    What was started from one's own design is a further version of it; from another's, a new
    design that credits it.
    """
    _found, offer, compiled, _texts = published(slug)
    state = read_state(compiled, request.POST)
    if (again := back_to_studio(request, slug, state)) is not None:
        return opened(request, again)
    origin = _origin(request.POST.get("from", "")[:20])
    design = _save(request, offer, compiled, state, origin)
    return opened(request, redirect(reverse("design:open", args=[design.code]) + "?saved=1"))


def opened(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A redirect that opens a page, also where htmx has sent the studio's form by itself.

    It follows redirects silently and would put the page where the form was.
    """
    if not getattr(request, "htmx", False) or "Location" not in answer:
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})


def _origin(code: str) -> DesignRevision | None:
    """The design somebody started from; one that is gone is credited by nobody."""
    try:
        return revision_by_code(code) if code else None
    except DomainError:
        return None


def _save(
    request: HttpRequest,
    offer: Offer,
    compiled: CompiledOffer,
    state: StudioState,
    origin: DesignRevision | None,
) -> Design:
    selection, _missing = complete_for_show(compiled, state.choices, state.prefer)
    promise, _refusal = inquire(offer, selection)
    said = promise.date if promise else None
    if (
        origin is not None
        and origin.design.product_id == offer.product_id
        and reader_of(request).owns(origin.design)
    ):
        revise_design(
            design_id=origin.design_id,
            offer=offer,
            choices=state.choices,
            prefer=state.prefer,
            said_date=said,
        )
        return origin.design
    revision = save_design(
        offer=offer,
        choices=state.choices,
        prefer=state.prefer,
        owner=user_of(request),
        name=request.POST.get("design_name", "").strip()[:80],
        forked_from=origin,
        said_date=said,
    )
    return keep_for_visitor(request, revision)


def keep_for_visitor(request: HttpRequest, revision: DesignRevision) -> Design:
    """A design that was saved just now; this browser remembers it where nobody has signed in."""
    if user_of(request) is None:
        remember_saved(request, revision.design)
    return revision.design


def user_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@never_cache
@require_safe
def open_design(request: HttpRequest, code: str) -> HttpResponse:
    """A shared link: the design as it was saved, with the way to start from it."""
    newest, revision = _asked_version(request, code)
    facts = _design_facts(request, newest, revision)
    return render(request, "design/design.html", facts)


def _asked_version(request: HttpRequest, code: str) -> tuple[DesignRevision, DesignRevision]:
    """The newest version, and the one the address asks for."""
    newest = revision_by_code(code)
    if opens_with(newest.design, request.GET.get("key", "")):
        remember_opened(request, newest.design)
    asked = request.GET.get("v", "")
    if not (asked.isascii() and asked.isdigit()) or int(asked[:6]) == newest.number:
        return newest, newest
    return newest, versions_of(newest.design).filter(number=int(asked[:6])).first() or newest


def _design_facts(
    request: HttpRequest, newest: DesignRevision, revision: DesignRevision
) -> dict[str, object]:
    design, reader = newest.design, reader_of(request)
    saved = view_saved(revision, with_words=reader.may_read(design), dimensions=True)
    versions = list(versions_of(design))
    is_own = reader.owns(design)
    return {
        "saved": saved,
        "design": design,
        "revision": revision,
        "newest": newest,
        "versions": versions,
        "is_own": is_own,
        "is_just_saved": request.GET.get("saved") == "1",
        "moved": moved_on(revision, with_words=not saved.withholds) if saved.is_outdated else None,
        "ancestors": ancestors_of(design, reader),
        "others": _others(reader, design) if is_own else [],
        **links(request, saved, reader),
    }


def _others(reader: Reader, design: Design) -> Sequence[Design]:
    """Own designs beside which this one may be laid."""
    return [one for one in comparable(reader) if one.pk != design.pk][:6]


def links(request: HttpRequest, saved: SavedDesign, reader: Reader) -> dict[str, object]:
    """The short link, and the private one where there are words that only that one shows."""
    design = saved.revision.design
    plain = request.build_absolute_uri(reverse("design:open", args=[design.code]))
    private = ""
    if saved.has_words and reader.may_read(design):
        private = f"{plain}?key={link_key(design)}"
    best = private or plain
    return {
        "link": plain,
        "private_link": private,
        "best_link": best,
        "qr": qr_svg(best, label=_("QR code of the link to this design")),
    }


@never_cache
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The design on one sheet of A4, with a code that leads back to it."""
    newest, revision = _asked_version(request, code)
    facts = _design_facts(request, newest, revision)
    return render(request, "design/sheet.html", facts)
