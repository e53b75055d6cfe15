"""Drafts and publications, and who may see which: authors of the product's organisation."""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet, Subquery

from cosmo.accounts.models import Organisation
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.errors import NotFound
from design.lifecycle import OPEN_DRAFTS
from design.models import Draft, DraftCheck, Product, Publication

AUTHORS = (Role.AUTHOR, Role.ADMINISTRATOR)


def authored_organisations(user: Any) -> QuerySet[Organisation]:
    return organisations_of(user, *AUTHORS).order_by("pk")


def drafts_visible_to(user: Any) -> QuerySet[Draft]:
    return Draft.objects.filter(organisation__in=organisations_of(user, *AUTHORS))


def open_drafts(user: Any) -> QuerySet[Draft]:
    """Drafts still on their way, newest change first, each with its checks; three statements."""
    return (
        drafts_visible_to(user)
        .filter(status__in=OPEN_DRAFTS)
        .defer("files")
        .select_related("author", "product")
        .prefetch_related(Prefetch("checks", DraftCheck.objects.defer(*LARGE).order_by("-pk")))
        .order_by("-changed_at")
    )


LARGE = ("findings", "difference")


def access_draft(user: Any, public_id: UUID) -> Draft:
    """The draft behind an address.

    Raises:
        DomainError: there is none that ``user`` may see (``unknown_draft``).
    """
    found = (
        drafts_visible_to(user)
        .select_related("author", "asked_by", "signed_off_by", "organisation", "product")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound("unknown_draft", "There is no such draft.", draft=str(public_id))
    return found


def access_authored_product(user: Any, slug: str) -> Product:
    """A product of the author's organisations.

    Raises:
        DomainError: there is none (``unknown_product``).
    """
    found = (
        Product.objects.filter(organisation__in=organisations_of(user, *AUTHORS), slug=slug)
        .select_related("published_offer", "published_texts", "organisation")
        .first()
    )
    if found is None:
        raise NotFound("unknown_product", f"There is no product called {slug!r}.", product=slug)
    return found


def access_publication(user: Any, public_id: UUID) -> Publication:
    """A publication of one of the author's products.

    Raises:
        DomainError: there is none (``unknown_publication``).
    """
    found = Publication.objects.filter(
        product__organisation__in=organisations_of(user, *AUTHORS), public_id=public_id
    ).first()
    if found is None:
        raise NotFound("unknown_publication", "There is no such publication.")
    return found


def publications_of(product: Product) -> QuerySet[Publication]:
    """The newest first; ``is_on_sale`` where one says what is on sale. One statement."""
    live = product.publications.order_by("-pk")
    parts = ("offer", "texts", "files")
    same = Q(**{part: Subquery(live.values(part)[:1]) for part in parts})
    return (
        product.publications.annotate(is_on_sale=ExpressionWrapper(same, BooleanField()))
        .select_related("offer", "texts", "published_by", "signed_off_by", "draft")
        .defer("files", "offer__document", "texts__document", "draft__files")
        .order_by("-pk")[:50]
    )


def newest_check(draft: Draft) -> DraftCheck | None:
    """The newest check that was not cut short."""
    return draft.checks.filter(is_cancelled=False).order_by("-pk").first()


def may_sign(draft: Draft, user: Any) -> bool:
    """Whether ``user`` may be the second person."""
    return bool(draft.asked_by_id != user.pk and not draft.editors.filter(pk=user.pk).exists())
