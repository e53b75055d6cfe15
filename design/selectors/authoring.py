"""Products as their authors see them: what is published, how large, in which languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.documents import Document
from design.completeness import offer_words_problems
from design.models import Offer, Product, TextBundle
from design.rules import flat_document

AUTHORS = (Role.AUTHOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class LanguageCover:
    """How much of what a customer meets has words in one language."""

    code: str
    named: int
    needed: int

    @property
    def missing(self) -> int:
        return self.needed - self.named

    @property
    def percent(self) -> int:
        """Rounded down: 100 is said only when nothing is missing."""
        return 100 * self.named // self.needed if self.needed else 100


@dataclass(frozen=True, slots=True)
class AuthoredProduct:
    """One product of the author's organisations, with the size of its published offer."""

    product: Product
    name: str
    features: int
    options: int
    rules: int
    price_lines: int
    presets: int
    parts: int
    languages: tuple[LanguageCover, ...]
    designs: int
    offers: Sequence[Offer]


def products_of_author(user: Any, language: str) -> list[AuthoredProduct]:
    """Products of the organisations in which ``user`` is an author; two statements."""
    products = list(
        Product.objects.filter(organisation__in=organisations_of(user, *AUTHORS))
        .select_related("published_offer", "published_texts", "organisation")
        .annotate(design_count=Count("designs"))
        .order_by("slug")
    )
    offers: dict[int, list[Offer]] = {}
    for offer in Offer.objects.filter(product__in=products).defer("document").order_by("-number"):
        offers.setdefault(offer.product_id, []).append(offer)
    return [_authored(product, offers.get(product.pk, []), language) for product in products]


def _authored(product: Product, offers: Sequence[Offer], language: str) -> AuthoredProduct:
    offer = product.published_offer
    document = flat_document(offer.document) if offer else {}  # components with what is in them
    features = document.get("features", ())
    return AuthoredProduct(
        product=product,
        name=_name(product.published_texts, language) or product.slug,
        features=len(features),
        options=sum(_option_count(feature) for feature in features),
        rules=len(document.get("rules", ())),
        price_lines=len(document.get("price", {}).get("lines", ())),
        presets=len(document.get("presets", ())),
        parts=len(document.get("shape", {}).get("parts", ())),
        languages=_covers(document, product.published_texts) if document else (),
        designs=product.design_count,  # type: ignore[attr-defined]  # annotated above
        offers=offers,
    )


def _option_count(feature: Mapping[str, Any]) -> int:
    return len(feature.get("options", ())) + (1 if feature.get("optional") else 0)


def _name(texts: TextBundle | None, language: str) -> str:
    documents: Mapping[str, Any] = texts.document if texts else {}
    spoken = documents.get(language) or documents.get("en") or {}
    return str(spoken.get("product", {}).get("name", ""))


def _covers(document: Mapping[str, Any], texts: TextBundle | None) -> tuple[LanguageCover, ...]:
    needed = _needed(document)
    covers = []
    for code, content in sorted((texts.document if texts else {}).items()):
        spoken = {"groups": {}, "features": {}, "rules": {}, "presets": {}, **content}
        found = offer_words_problems(document, Document(file=code, content=spoken, places={}))
        missing = sum(1 for one in found if one.code == "text_missing")
        missing += sum(
            _option_count(feature)
            for feature in document["features"]
            if feature["id"] not in spoken["features"]
        )
        covers.append(LanguageCover(code, needed - missing, needed))
    return tuple(covers)


def _needed(document: Mapping[str, Any]) -> int:
    """Groups, features, options, rules and presets; what is never shown needs no words."""
    features = document["features"]
    return (
        len(document["groups"])
        + len(features)
        + sum(_option_count(feature) for feature in features)
        + len(document["rules"])
        + len(document.get("presets", ()))
    )
