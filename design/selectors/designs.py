"""Saved designs, and who may see which."""

from django.db.models import OuterRef, QuerySet, Subquery

from cosmo.accounts.models import Organisation, User
from cosmo.lib.errors import NotFound, Sentence
from design.models import Design, DesignRevision

SESSION_DESIGNS = "designs"  # codes of designs saved in this browser before signing in
MAX_REMEMBERED = 50


def revision_by_code(code: str) -> DesignRevision:
    """The newest revision behind a short link; the link itself is the permission to look.

    Raises:
        DomainError: there is no such design (``unknown_design``).
    """
    revision = (
        DesignRevision.objects.filter(design__code=code)
        .select_related("design__product__published_texts", "design__forked_from__design", "offer")
        .order_by("-number")
        .first()
    )
    if revision is None:
        raise NotFound(
            "unknown_design", Sentence("There is no design behind this link."), design=code
        )
    return revision


def revision_numbered(code: str, number: int) -> DesignRevision:
    """A certain revision behind a short link; the newest where there is none of that number."""
    found = (
        DesignRevision.objects.filter(design__code=code, number=number)
        .select_related("design__product__published_texts", "offer")
        .first()
    )
    return found or revision_by_code(code)


def designs_of(user: User) -> QuerySet[Design]:
    return Design.objects.filter(owner=user).select_related("product").order_by("-id")


def designs_visible_to_partner(partner: Organisation) -> QuerySet[Design]:
    """A partner's own designs, newest first."""
    return Design.objects.filter(partner=partner).select_related("product").order_by("-id")


def newest_revisions_of_partner(partner: Organisation) -> QuerySet[DesignRevision]:
    """The newest revision of each of a partner's designs."""
    newest = (
        DesignRevision.objects.filter(design=OuterRef("design"))
        .order_by("-number")
        .values("pk")[:1]
    )
    return DesignRevision.objects.filter(
        design__partner=partner, pk=Subquery(newest)
    ).select_related("design__product", "offer")
