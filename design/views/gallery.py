"""The gallery: looking around, and one entry."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cosmo.lib.clock import real_now
from design import signals
from design.forms import CommentForm, FilterForm, person
from design.models import Contribution, GalleryEntry
from design.selectors.contributions import (
    comments_on,
    contributor_for,
    entry_path,
    last_reason,
    voted,
)
from design.selectors.designs import revision_numbered
from design.selectors.gallery import access_entry, cards, gallery_entries, product_names
from design.selectors.shown_design import public_picture, shown_design
from design.selectors.stored_pictures import picture_key, stored_picture

PAGE_SIZE = 24
COMMENTS_PAGE = 30
PICTURE_KEPT = "public, max-age=86400"


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """What people show, filtered by what stands in the address."""
    names = product_names()
    form = FilterForm(request.GET, list(names.values()))
    asked = form.asked()
    found = gallery_entries(asked, now=real_now())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown: list[GalleryEntry] = list(page.object_list)
    return render(
        request,
        "design/gallery.html",
        {
            "form": form,
            "page": page,
            "cards": cards(shown, names, person(request.user)),
            "is_filtered": any(
                request.GET.get(name) for name in ("product", "colour", "least", "most", "age")
            ),
            "query": without_page(request),
        },
    )


def without_page(request: HttpRequest) -> str:
    """The address's query, to which a page number is added."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One design with its story, votes and comments."""
    user = person(request.user)
    found = access_entry(code, user)
    return render(
        request,
        "design/gallery_entry.html",
        {
            "entry": found,
            "design": shown_design(found.revision, title=found.title),
            "reason": last_reason(found) if found.status == "hidden" else "",
            **talk(request, found),
            "back": entry_path(code),
        },
    )


def talk(request: HttpRequest, about: Contribution) -> dict[str, Any]:
    """Votes and comments below an entry or idea: what both pages show."""
    user = person(request.user)
    contributor = contributor_for(user)
    comments: Page[Any] = Paginator(comments_on(about, user), COMMENTS_PAGE).get_page(
        request.GET.get("page", "last" if "said" in request.GET else None)
    )
    return {
        "about": about,
        "has_voted": about.pk in voted(user, [about.pk]),
        "is_own": user is not None and about.author.user_id == user.pk,
        "comments": comments,
        "comment_form": CommentForm(contributor=contributor),
        "contributor": contributor,
    }


@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """The front of a design as a file, without private words; whoever has the link may look."""
    number = request.GET.get("r", "")
    known = number.isascii() and number.isdigit() and len(number) < 9
    revision = revision_numbered(code, int(number) if known else 0)
    png = stored_picture(picture_key(revision, "thumbnail"))
    if png is not None:
        response = HttpResponse(png, content_type="image/png")
    else:  # not drawn yet, or otherwise by now: the elevation stands in for it
        signals.picture_wanted.send(None, revision_id=revision.pk)
        response = HttpResponse(public_picture(revision), content_type="image/svg+xml")
    response["Cache-Control"] = PICTURE_KEPT if known and png is not None else "no-cache"
    return response
