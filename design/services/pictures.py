"""Drawing pictures of designs for lists and link previews."""

from datetime import timedelta

from django.conf import settings

from cosmo.lib.clock import real_now
from design.compile import compiled_offer, selection_from_json
from design.models import DesignPicture, DesignRevision
from design.selectors.public_view import public_selection
from design.selectors.stored_pictures import (
    PICTURE_VERSION,
    SIZES,
    PictureKey,
    looks_in_use,
    picture_key,
    stored_picture,
)
from design.shape import picture_png

KEPT = timedelta(days=1)
FONT = settings.COSMO_FONTS / "noto-sans-sc-chinese-simplified-400-normal.woff"


def draw_pictures(*, revision_id: int) -> int:
    """Draw what is missing of one revision. Returns how many pictures that were."""
    revision = DesignRevision.objects.select_related("offer").get(pk=revision_id)
    missing = [key for key in _keys(revision) if stored_picture(key) is None]
    for key in missing:
        draw_picture(revision=revision, key=key)
    return len(missing)


def draw_picture(*, revision: DesignRevision, key: PictureKey) -> bytes:
    """Draw and keep one picture; of two that draw it at the same time the first one's stays."""
    compiled = compiled_offer(revision.offer)
    selection = public_selection(compiled, selection_from_json(revision.selection))
    scope = compiled.scope(selection)
    width, height = SIZES[key.kind]
    png = picture_png(
        compiled.shape_book.parts(scope),
        compiled.shape_book.bounds(scope),
        width=width,
        height=height,
        font=FONT,
        has_stage=key.kind == "preview",  # a thumbnail stands on the page's
    )
    DesignPicture.objects.bulk_create(
        [
            DesignPicture(
                offer_hash=key.offer_hash,
                look_hash=key.look_hash,
                kind=key.kind,
                version=PICTURE_VERSION,
                png=png,
            )
        ],
        ignore_conflicts=True,
    )
    return png


def forget_pictures() -> int:
    """Delete those of designs that are gone or look otherwise by now; how many. Safe to repeat.

    What was drawn today stays: whoever drew it may be saving what it shows.
    """
    old = DesignPicture.objects.filter(created_at__lt=real_now() - KEPT)
    gone = old.exclude(version=PICTURE_VERSION).delete()[0]
    for offer_hash in set(old.values_list("offer_hash", flat=True)):
        looks = looks_in_use(offer_hash)
        gone += old.filter(offer_hash=offer_hash).exclude(look_hash__in=looks).delete()[0]
    return gone


def _keys(revision: DesignRevision) -> list[PictureKey]:
    return [picture_key(revision, kind) for kind in SIZES]
