"""What can be done with a saved design: name it, go back, bring it up to date, copy, compare."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.lib.errors import Conflict, Invalid, NotFound, Sentence
from design.compile import choices_from_json, selection_from_json
from design.models import Design, DesignRevision
from design.selectors.compared import MOST, comparable, compare
from design.selectors.design_access import Reader, reader_of
from design.selectors.designs import revision_by_code
from design.selectors.gallery import product_names
from design.selectors.moved_on import moved_on
from design.selectors.promises import inquire
from design.selectors.saved import versions_of, view_saved
from design.selectors.sketches import browser_of, sketches_of
from design.selectors.studio_state import address, read_state
from design.services.designs import (
    name_design,
    name_revision,
    restore_revision,
    revise_design,
    save_design,
)
from design.views.designs import keep_for_visitor, user_of
from design.views.studio import back_to_studio, published


@require_POST
def update(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a design that grew old up to the offer of today, with the fewest answers changed."""
    revision = revision_by_code(code)
    reader = reader_of(request)
    design = bring_up_to_date(request, revision, reader).design
    messages.success(request, _("Your design is up to date. The version before stays."))
    return redirect("design:open", design.code)


def bring_up_to_date(
    request: HttpRequest, revision: DesignRevision, reader: Reader
) -> DesignRevision:
    """The design as it would be made today: a further version of one's own, else one of one's own.

    Raises:
        DomainError: a text must be written first, or whose it is may not be read (``text_needed``).
    """
    moved = moved_on(revision)
    if moved is None:
        return revision
    if moved.missing_text or not _may_take(reader, revision):
        raise _text_needed(revision)
    said = moved.promise.date if moved.promise else None
    if reader.owns(revision.design):
        return revise_design(
            design_id=revision.design_id,
            offer=moved.offer,
            choices=moved.choices,
            prefer=moved.prefer,
            said_date=said,
        )
    fresh = save_design(
        offer=moved.offer,
        choices=moved.choices,
        prefer=moved.prefer,
        owner=user_of(request),
        name=revision.design.name if reader.may_read(revision.design) else "",
        forked_from=revision,
        said_date=said,
    )
    keep_for_visitor(request, fresh)
    return fresh


def _text_needed(revision: DesignRevision) -> Invalid:
    return Invalid(
        "text_needed",
        Sentence("Open the design in the studio: a text must be written for it first."),
        design=revision.design.code,
    )


def _may_take(reader: Reader, revision: DesignRevision) -> bool:
    """Whether all of it may be read: what one may not read one cannot copy either."""
    saved = view_saved(revision, with_words=reader.may_read(revision.design))
    return not saved.withholds


@require_POST
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """A design of one's own that starts as this one and credits it."""
    revision = revision_by_code(code)
    if revision.design.product.published_offer_id != revision.offer_id:
        raise Conflict(
            "offer_outdated",
            Sentence("The catalogue has moved on. Bring design %(design)s up to date first."),
            design=code,
        )
    if not _may_take(reader_of(request), revision):
        raise _text_needed(revision)
    fresh = save_design(
        offer=revision.offer,
        choices=choices_from_json(revision.choices),
        prefer=selection_from_json(revision.selection),
        owner=user_of(request),
        forked_from=revision,
        said_date=revision.said_date,
    )
    keep_for_visitor(request, fresh)
    messages.success(request, _("This copy is yours. It says where it comes from."))
    return redirect("design:open", fresh.design.code)


def _own(request: HttpRequest, code: str) -> Design:
    design = revision_by_code(code).design
    if not reader_of(request).owns(design):
        raise NotFound("unknown_design", Sentence("This design is not yours to change."))
    return design


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


@require_POST
def name(request: HttpRequest, code: str) -> HttpResponse:
    """Name the design, or one of its versions."""
    design = _own(request, code)
    words = " ".join(request.POST.get("name", "").split())
    if "version" in request.POST:
        number = _number(request.POST["version"])
        name_revision(design_id=design.pk, number=number, name=words)
        return redirect(reverse("design:open", args=[code]) + "#versions")
    name_design(design_id=design.pk, name=words)
    return redirect("design:open", code)


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Make an earlier version the newest again."""
    design = _own(request, code)
    number = _number(request.POST.get("version", ""))
    wanted = versions_of(design).filter(number=number).first()
    promise = None
    if wanted is not None:
        promise, _refusal = inquire(wanted.offer, selection_from_json(wanted.selection))
    restore_revision(
        design_id=design.pk, number=number, said_date=promise.date if promise else None
    )
    messages.success(
        request, _("Version %(number)s is back. Nothing was lost.") % {"number": number}
    )
    return redirect("design:open", code)


@never_cache
@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Two to four designs beside each other; what is the same can be left out."""
    if "was" in request.GET:
        return _from_studio(request)
    reader = reader_of(request)
    keys = [key for key in request.GET.getlist("d") if key][:MOST]
    compared = compare(reader, keys, request.GET.get("here", ""))
    sketches = sketches_of(user_of(request), browser_of(request)).select_related("product")
    names = {key: name for key, (_slug, name) in product_names().items()}
    facts = {
        "compared": compared,
        "only": request.GET.get("only") == "1" and compared.answers > 0,
        "keys": keys,
        "here": request.GET.get("here", ""),
        "designs": [(one, names.get(one.product_id, "")) for one in comparable(reader)],
        "sketches": [(one, names.get(one.product_id, one.product.slug)) for one in sketches],
        "most": MOST,
    }
    return render(request, "design/compare.html", facts)


def _from_studio(request: HttpRequest) -> HttpResponse:
    """The studio's form was sent here: what it shows becomes the first column."""
    slug = request.GET.get("product", "")
    _found, _offer, compiled, _texts = published(slug)
    state = read_state(compiled, request.GET)
    if (again := back_to_studio(request, slug, state)) is not None:
        return again
    query = QueryDict(mutable=True)
    query["here"] = f"{slug}?{address(compiled, state.choices, state.prefer)}"
    if origin := request.GET.get("from", "")[:20]:
        query["d"] = origin
    return redirect(f"{reverse('design:compare')}?{query.urlencode()}")
