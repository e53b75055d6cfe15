"""Publishing how an offer is made at a plant. Immutable; one is current for new orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from cosmo.lib.clock import real_now
from cosmo.lib.documents import content_hash
from cosmo.lib.errors import Conflict
from design.models import Offer
from production.compile import floor_of
from production.engineering import EngineeringBook
from production.locks import plant_lock
from production.models import Engineering, Plant


@dataclass(frozen=True, slots=True)
class PublishedEngineering:
    """What publishing an engineering document came to."""

    engineering: Engineering
    is_new: bool
    is_changed: bool


@transaction.atomic
def publish_engineering(
    *, offer: Offer, plant: Plant, document: Mapping[str, Any]
) -> PublishedEngineering:
    """Make this document the current engineering of ``offer`` at ``plant``.

    A document known already becomes current again; the current one again changes nothing. Work
    orders and holds keep the engineering they were made with.

    Raises:
        DomainError: it is for another product or plant (``wrong_product``, ``wrong_plant``).
        DocumentError: it does not fit the plant.
    """
    if document["product"] != offer.product.slug:
        raise Conflict(
            "wrong_product",
            f"This engineering is for {document['product']}, not for {offer.product.slug}. "
            "Correct `product` in engineering.yaml.",
        )
    EngineeringBook.from_document(document, plant=floor_of(plant).book)
    plant_lock(plant.pk)
    digest = content_hash(document)
    known = Engineering.objects.filter(offer=offer, plant=plant, content_hash=digest).first()
    if known is not None and known.is_current:
        return PublishedEngineering(known, is_new=False, is_changed=False)
    Engineering.objects.filter(offer=offer, plant=plant, is_current=True).update(is_current=False)
    if known is not None:
        known.is_current = True
        known.save(update_fields=["is_current"])
        return PublishedEngineering(known, is_new=False, is_changed=True)
    return PublishedEngineering(
        _write_engineering(offer, plant, document, digest), is_new=True, is_changed=True
    )


def _write_engineering(
    offer: Offer, plant: Plant, document: Mapping[str, Any], digest: str
) -> Engineering:
    last = Engineering.objects.filter(offer=offer, plant=plant).aggregate(last=Max("number"))
    return Engineering.objects.create(
        offer=offer,
        plant=plant,
        number=(last["last"] or 0) + 1,
        document=dict(document),
        content_hash=digest,
        published_at=real_now(),
    )
