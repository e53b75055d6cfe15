"""Publishing what can be made. Loading the same folder again changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from cosmo.accounts.models import Organisation, User
from cosmo.lib.clock import real_now
from cosmo.lib.documents import content_hash
from cosmo.lib.errors import Conflict
from design.models import Draft, Offer, Product, Publication, TextBundle


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a publication beside the documents.

    Attributes:
        files: The files as they were written, by name in the product folder.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    draft: Draft | None = None
    published_by: User | None = None
    signed_off_by: User | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a product folder came to."""

    product: Product
    offer: Offer
    offer_is_new: bool
    texts_are_new: bool
    publication: Publication


@transaction.atomic
def publish_product(
    *,
    organisation: Organisation,
    offer_document: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, Any]],
    record: Record | None = None,
) -> Published:
    """Publish an offer and its texts; documents known already are only made current again.

    Every change of what customers meet is a publication that one can return to.

    Raises:
        DomainError: the product belongs to another organisation (``product_taken``), or another
            product has its GTIN (``gtin_taken``).
    """
    slug = str(offer_document["product"])
    product, _ = Product.objects.get_or_create(
        slug=slug, defaults={"organisation": organisation, "gtin": str(offer_document["gtin"])}
    )
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if product.organisation_id != organisation.pk:
        raise Conflict(
            "product_taken",
            f"Product {slug} belongs to another organisation. Choose another product name.",
            product=slug,
        )
    _refuse_taken_gtin(product, str(offer_document["gtin"]))
    offer, offer_is_new = _offer(product, offer_document)
    bundle, texts_are_new = _texts(product, texts)
    product.gtin = str(offer_document["gtin"])
    product.published_offer, product.published_texts = offer, bundle
    product.save(update_fields=["gtin", "published_offer", "published_texts"])
    publication = _publication(product, offer, bundle, record or Record())
    return Published(product, offer, offer_is_new, texts_are_new, publication)


def _refuse_taken_gtin(product: Product, gtin: str) -> None:
    """Two products under one number could not be told apart on any label."""
    other = Product.objects.filter(gtin=gtin).exclude(pk=product.pk).first()
    if other is not None:
        raise Conflict(
            "gtin_taken",
            f"GTIN {gtin} is that of {other.slug}; give {product.slug} a number of its own.",
            gtin=gtin,
            product=other.slug,
        )


def live_publication(product: Product) -> Publication | None:
    """The publication customers meet now: the newest."""
    return product.publications.order_by("-id").first()


def _publication(product: Product, offer: Offer, bundle: TextBundle, record: Record) -> Publication:
    live = live_publication(product)
    is_same = (
        live is not None
        and record.draft is None
        and live.offer_id == offer.pk
        and live.texts_id == bundle.pk
        and record.files in ({}, live.files)
    )
    if live is not None and is_same:
        return live
    return Publication.objects.create(
        product=product,
        offer=offer,
        texts=bundle,
        kind=Publication.Kind.DRAFT if record.draft else Publication.Kind.LOADED,
        draft=record.draft,
        files=dict(record.files),
        published_by=record.published_by,
        signed_off_by=record.signed_off_by,
        at=real_now(),
    )


def _offer(product: Product, document: Mapping[str, Any]) -> tuple[Offer, bool]:
    digest = content_hash(document)
    known = product.offers.filter(content_hash=digest).first()
    if known:
        return known, False
    last = product.offers.aggregate(last=Max("number"))["last"] or 0
    return (
        Offer.objects.create(
            product=product,
            number=last + 1,
            document=document,
            content_hash=digest,
            published_at=real_now(),
        ),
        True,
    )


def _texts(product: Product, texts: Mapping[str, Mapping[str, Any]]) -> tuple[TextBundle, bool]:
    digest = content_hash(texts)
    known = product.texts.filter(content_hash=digest).first()
    if known:
        return known, False
    last = product.texts.aggregate(last=Max("number"))["last"] or 0
    return (
        TextBundle.objects.create(
            product=product,
            number=last + 1,
            document=texts,
            content_hash=digest,
            published_at=real_now(),
        ),
        True,
    )


def set_sign_off(*, product_id: int, is_needed: bool) -> None:
    """Switch on or off that a second person signs before anything of the product is published."""
    Product.objects.filter(pk=product_id).update(needs_sign_off=is_needed)
