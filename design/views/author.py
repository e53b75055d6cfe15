"""What catalogue authors look at first: their products, open drafts, and the way to a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import has_role, organisations_of
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, Invalid, NotFound
from cosmo.lib.sentences import sentence_of
from design.models import Draft
from design.selectors.authoring import AUTHORS, products_of_author
from design.selectors.drafts import (
    access_authored_product,
    authored_organisations,
    open_drafts,
    publications_of,
)
from design.selectors.take_rate import taken_options
from design.selectors.texts import ProductTexts, texts_in
from design.services.catalogue import set_sign_off
from design.services.drafts import start_draft


@for_roles(*AUTHORS)
@require_safe
def author(request: HttpRequest) -> HttpResponse:
    facts = {
        "products": products_of_author(request.user, get_language() or "en"),
        "drafts": list(open_drafts(request.user)),
        "organisations": list(authored_organisations(request.user)),
    }
    return render(request, "design/author.html", facts)


@for_roles(*AUTHORS)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A draft of a product that is on sale, or of a new one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for_roles let a user in
    try:
        draft = _start(request, user)
    except DomainError as error:
        messages.error(request, sentence_of(error))
        return redirect("design:author")
    return redirect("design:draft", draft.public_id)


def _start(request: HttpRequest, user: User) -> Draft:
    slug = request.POST.get("product", "").strip()
    if not slug or len(slug) > 50 or not _is_slug(slug):
        raise Invalid(
            "bad_slug",
            _("“%(slug)s” cannot be a product's name in addresses: small letters, digits and -.")
            % {"slug": slug[:50]},
        )
    wanted = request.POST.get("organisation", "")
    organisations = list(authored_organisations(user))
    organisation = next((o for o in organisations if o.slug == wanted), None)
    if organisation is None and not wanted:
        organisation = organisations[0]
    if organisation is None:
        raise NotFound("unknown_organisation", f"There is no organisation called {wanted[:50]!r}.")
    note = request.POST.get("note", "")
    return start_draft(organisation=organisation, author=user, slug=slug, note=note)


def _is_slug(text: str) -> bool:
    plain = text.replace("-", "a")
    return plain.isascii() and plain.isalnum() and plain.islower() and text[0].isalpha()


@for_roles(*AUTHORS)
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product: which options people take, and every publication with the way back to it."""
    found = access_authored_product(request.user, slug)
    bundle = found.published_texts
    texts = texts_in(bundle, get_language() or "en") if bundle else ProductTexts({}, {})
    total, features = taken_options(found, texts)
    facts: dict[str, Any] = {
        "product": found,
        "name": texts.product_name if bundle else found.slug,
        "features": features,
        "total": total,
        "publications": list(publications_of(found)),
        "may_switch": has_role(request.user, found.organisation, Role.ADMINISTRATOR),
    }
    return render(request, "design/author_product.html", facts)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def sign_off_switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether changes of a product need a second person: for administrators of its seller."""
    found = access_authored_product(request.user, slug)
    if (
        not organisations_of(request.user, Role.ADMINISTRATOR)
        .filter(pk=found.organisation_id)
        .exists()
    ):
        raise NotFound("unknown_product", f"There is no product called {slug!r}.", product=slug)
    set_sign_off(product_id=found.pk, is_needed=request.POST.get("needed") == "1")
    return redirect("design:author-product", slug)
