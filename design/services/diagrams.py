"""Drawing the decision diagrams of published offers, in a worker, once a document.

A worker claims a document for a while, draws without any lock, and writes the result and what
points at it in one transaction. One that dies leaves a claim that ends.
"""

import time
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from cosmo.lib.clock import real_now
from design.models import Offer, OfferDiagram
from design.rules import DRAWING, Caps, Engine, Model

log = structlog.get_logger(__name__)

CAPS = Caps(seconds=8.0, nodes=500_000, runs=500_000)
CLAIM = timedelta(seconds=90)
TELL_EVERY_S = 1.0
FIRST_ANSWERS_S = 8.0


def undrawn_offers() -> list[int]:
    """Offers customers meet whose diagram nobody has drawn and nobody is drawing."""
    stale = Q(diagram=None) | ~Q(diagram__version=DRAWING)
    offers = Offer.objects.filter(stale, product__published_offer=F("pk"))
    hashes = offers.values_list("content_hash", flat=True)
    claimed = set(
        OfferDiagram.objects.filter(
            content_hash__in=hashes, version=DRAWING, claimed_until__gte=real_now()
        ).values_list("content_hash", flat=True)
    )
    found = offers.order_by("pk").values_list("pk", "content_hash")
    return [pk for pk, content_hash in found if content_hash not in claimed]


def draw_diagram(*, offer_id: int, caps: Caps = CAPS) -> OfferDiagram | None:
    """Draw the diagram of an offer, or find that it is drawn; None while another worker draws it.

    A diagram that gets too large is remembered as such: the solver answers for this offer.
    """
    offer = Offer.objects.get(pk=offer_id)
    row, _ = OfferDiagram.objects.get_or_create(content_hash=offer.content_hash, version=DRAWING)
    if row.drawn_at is None:
        if not _claim(row):
            return None
        _draw(row, offer, caps)
    _point_at(row)
    return row


def _claim(row: OfferDiagram) -> bool:
    """Only one diagram is drawn at a time: work orders go through the same workers."""
    now = real_now()
    if OfferDiagram.objects.filter(claimed_until__gte=now).exclude(pk=row.pk).exists():
        return False
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    claimed = OfferDiagram.objects.filter(free, pk=row.pk, drawn_at=None).update(
        claimed_until=now + CLAIM, percent=0
    )
    return claimed == 1


def _draw(row: OfferDiagram, offer: Offer, caps: Caps) -> None:
    told = began = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_EVERY_S:
            told = time.monotonic()
            percent = 100 * done // max(of, 1)
            OfferDiagram.objects.filter(pk=row.pk).update(percent=percent)

    engine = Engine(Model.from_document(offer.document))
    diagram = engine.compile(caps, tell)
    if diagram is None:
        row.first_answers = engine.first_answers(FIRST_ANSWERS_S)
    row.percent, row.drawn_at, row.claimed_until = 100, real_now(), None
    row.seconds = round(time.monotonic() - began, 3)
    row.nodes = diagram.nodes if diagram else None
    row.packed = diagram.packed() if diagram else None
    row.save()
    log.info("diagram_drawn", offer=offer.pk, nodes=row.nodes, seconds=row.seconds)


@transaction.atomic
def _point_at(row: OfferDiagram) -> None:
    Offer.objects.filter(content_hash=row.content_hash).exclude(diagram=row).update(diagram=row)
    OfferDiagram.objects.filter(content_hash=row.content_hash).exclude(pk=row.pk).delete()
