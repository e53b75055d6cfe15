"""Pictures drawn for lists and link previews. What a customer wrote is on none of them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.models import DesignPicture, DesignRevision, GalleryEntry, Offer
from design.rules import Selection, selection_hash
from design.selectors.public_view import public_selection

PICTURE_VERSION = 2
"""Counted up when pictures are drawn differently."""
SIZES = {"thumbnail": (480, 400), "preview": (1200, 630)}


@dataclass(frozen=True, slots=True)
class PictureKey:
    """Where a picture is kept; a further revision that looks the same has the same."""

    offer_hash: str
    look_hash: str
    kind: str

    @property
    def etag(self) -> str:
        return f'"{self.kind}-{PICTURE_VERSION}-{self.offer_hash[:12]}-{self.look_hash[:24]}"'


def picture_key(revision: DesignRevision, kind: str) -> PictureKey:
    compiled = compiled_offer(revision.offer)
    look = _look(compiled, selection_from_json(revision.selection))
    return PictureKey(revision.offer.content_hash, look, kind)


def looks_in_use(offer_hash: str) -> set[str]:
    """How the designs of an offer look today: their newest revisions, and what is shown of them."""
    offer = Offer.objects.filter(content_hash=offer_hash).first()
    if offer is None:
        return set()
    compiled = compiled_offer(offer)
    newer = DesignRevision.objects.filter(design=OuterRef("design"), number__gt=OuterRef("number"))
    entries = GalleryEntry.objects.filter(revision=OuterRef("pk"))
    wanted = DesignRevision.objects.filter(offer__content_hash=offer_hash).filter(
        ~Exists(newer) | Exists(entries)
    )
    selections = wanted.values_list("selection", flat=True).iterator(chunk_size=500)
    return {_look(compiled, selection_from_json(one)) for one in selections}


def _look(compiled: CompiledOffer, selection: Selection) -> str:
    return selection_hash(public_selection(compiled, selection))


def stored_picture(key: PictureKey) -> bytes | None:
    """The PNG, or None where it is not drawn yet."""
    found = DesignPicture.objects.filter(
        offer_hash=key.offer_hash,
        look_hash=key.look_hash,
        kind=key.kind,
        version=PICTURE_VERSION,
    ).values_list("png", flat=True)
    png = found.first()
    return None if png is None else bytes(png)
