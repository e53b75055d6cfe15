"""The family of a design, as a tree with credit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.selectors.design_access import reader_of
from design.selectors.designs import revision_by_code
from design.selectors.family import family_of
from design.selectors.shown_design import product_texts


@require_safe
def family(request: HttpRequest, code: str) -> HttpResponse:
    revision = revision_by_code(code)
    facts = {
        "family": family_of(revision.design, reader_of(request)),
        "revision": revision,
        "product_name": product_texts(revision).product_name,
    }
    return render(request, "design/gallery_family.html", facts)
