"""The gallery: what is shown, filtered, and one entry with all its page needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import NotFound, Sentence
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import GalleryEntry, Product
from design.selectors.catalogue import published_products
from design.selectors.contributions import visible_to, voted
from design.selectors.texts import texts_in

ORDERS = {"new": ("-shown_at", "-pk"), "votes": ("-votes", "-pk"), "price": ("price", "pk")}
AGES = {"week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}


@dataclass(frozen=True, slots=True)
class GalleryFilter:
    """What a visitor asks the gallery for; empty means all.

    Attributes:
        age: A key of ``AGES``.
        order: A key of ``ORDERS``.
    """

    product: str = ""
    colour: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    age: str = ""
    order: str = "new"


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of the list."""

    entry: GalleryEntry
    product_name: str
    has_voted: bool


def gallery_entries(asked: GalleryFilter, *, now: datetime) -> QuerySet[GalleryEntry]:
    """What is shown of what was asked for, with all a card needs, in one statement."""
    wanted = Q(kind=ContributionKind.ENTRY, status=ContributionStatus.SHOWN)
    if asked.product:
        wanted &= Q(product__slug=asked.product)
    if asked.colour:
        wanted &= Q(colour=asked.colour)
    if asked.least is not None:
        wanted &= Q(price__gte=asked.least)
    if asked.most is not None:
        wanted &= Q(price__lte=asked.most)
    if asked.age in AGES:
        wanted &= Q(shown_at__gte=now - AGES[asked.age])
    return (
        GalleryEntry.objects.filter(wanted)
        .select_related("author", "design", "revision")
        .defer("revision__choices", "revision__selection")
        .order_by(*ORDERS.get(asked.order, ORDERS["new"]))
    )


def product_names() -> dict[int, tuple[str, str]]:
    """Slug and name of every product on offer, in the reader's language, by primary key."""
    language = get_language() or "en"
    products = published_products().defer("published_offer__document")
    return {product.pk: (product.slug, _name(product, language)) for product in products}


def _name(product: Product, language: str) -> str:
    bundle = product.published_texts
    return texts_in(bundle, language).product_name if bundle else product.slug


def cards(
    entries: Sequence[GalleryEntry], names: dict[int, tuple[str, str]], user: User | None
) -> list[Card]:
    mine = voted(user, [entry.pk for entry in entries])
    return [
        Card(entry, names.get(entry.product_id, ("", ""))[1], entry.pk in mine) for entry in entries
    ]


def access_entry(code: str, user: User | None) -> GalleryEntry:
    """The entry of a design, when it is shown or one's own; with all its page needs.

    Raises:
        DomainError: ``not_shown``.
    """
    entry = (
        GalleryEntry.objects.filter(visible_to(user), design__code=code)
        .select_related(
            *("author", "from_idea", "product__organisation", "design", "revision__offer"),
            "revision__design__product__published_texts",
        )
        .first()
    )
    if entry is None:
        raise NotFound("not_shown", Sentence("The gallery shows no such design, or not any more."))
    return entry


def newest_entries(limit: int) -> list[GalleryEntry]:
    """For other pages that show a few; one statement."""
    return list(gallery_entries(GalleryFilter(), now=real_now())[:limit])


def entries_of_idea(idea_id: int) -> list[GalleryEntry]:
    shown = GalleryEntry.objects.filter(
        from_idea_id=idea_id, status=ContributionStatus.SHOWN
    ).select_related("author", "design", "revision")
    return list(shown.defer("revision__choices", "revision__selection").order_by("shown_at"))
