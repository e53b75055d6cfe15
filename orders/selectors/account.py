"""What somebody finds in their account."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from cosmo.accounts.models import Organisation, User
from cosmo.lib.mail_choice import MailKind, refused_kinds
from design.compile import compiled_offer, selection_from_json
from design.models import DesignRevision
from design.selectors.pictures import elevation
from design.selectors.texts import texts_in
from orders.models import Complaint


@dataclass(frozen=True, slots=True)
class DesignCard:
    """One own design: its newest version as it looks.

    Attributes:
        is_outdated: The catalogue has moved on; its page says how.
    """

    code: str
    name: str
    product_name: str
    picture: str
    changed_at: datetime
    versions: int
    is_outdated: bool

    @property
    def title(self) -> str:
        return self.name or self.product_name


def newest_of(user: User) -> QuerySet[DesignRevision]:
    """The newest version of each of somebody's designs, the last changed first. One statement."""
    newest = (
        DesignRevision.objects.filter(design=OuterRef("design"))
        .order_by("-number")
        .values("pk")[:1]
    )
    return (
        DesignRevision.objects.filter(design__owner=user, pk=Subquery(newest))
        .select_related("offer", "design__product__published_texts")
        .defer("offer__document")
        .order_by("-created_at", "-pk")
    )


def design_card(revision: DesignRevision) -> DesignCard:
    compiled = compiled_offer(revision.offer)
    bundle = revision.design.product.published_texts
    assert bundle is not None  # noqa: S101 - a saved design's product has texts
    texts = texts_in(bundle, get_language() or "en")
    return DesignCard(
        code=revision.design.code,
        name=revision.design.name,
        product_name=texts.product_name,
        picture=elevation(compiled, texts, selection_from_json(revision.selection), is_close=True),
        changed_at=revision.created_at,
        versions=revision.number,
        is_outdated=revision.design.product.published_offer_id != revision.offer_id,
    )


@dataclass(frozen=True, slots=True)
class MailChoice:
    kind: str
    label: str
    is_wanted: bool


def mail_choices(email: str) -> list[MailChoice]:
    """Every kind that can be refused; one statement."""
    refused = refused_kinds(email)
    return [MailChoice(kind.value, str(kind.label), kind.value not in refused) for kind in MailKind]


def complaints_for(organisations: QuerySet[Organisation]) -> QuerySet[Complaint]:
    """What staff of the sellers have to answer, the open ones first, with all a list says."""
    return (
        Complaint.objects.filter(unit__line__order__seller__in=organisations)
        .select_related("unit__line__order", "unit__line__texts", "replacement")
        .prefetch_related("unit__complaints")
        .order_by(
            F("answered_at").desc(nulls_first=True),
            "created_at",
        )
    )
