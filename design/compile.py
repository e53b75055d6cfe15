"""Document -> engine, cached by content hash; the only bridge between the ORM and the engines."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import structlog

from cosmo.lib.cycles import settle
from cosmo.lib.money import PriceLine
from design.lettering import LetteringBook
from design.models import Offer, OfferDiagram
from design.pricing import PriceBook
from design.rules import (
    DRAWING,
    Engine,
    FirstAnswersInvalid,
    Model,
    Selection,
    StoredDiagramInvalid,
    flat_document,
    scope_of,
    unpacked,
)
from design.shape import Part, ShapeBook

log = structlog.get_logger(__name__)

CACHE_SIZE = 64  # compiled offers per process; rebuilding one takes well under a second


@dataclass(frozen=True, slots=True)
class CompiledOffer:
    """An offer ready to answer: rules, prices and shape over the same model.

    Attributes:
        document: The offer document as published, its components laid out flat; never changed.
        model: Features and rules.
        engine: Answers about the model; safe to share between threads.
    """

    content_hash: str
    document: Mapping[str, Any]
    model: Model
    engine: Engine
    price_book: PriceBook
    shape_book: ShapeBook
    lettering_book: LetteringBook

    @property
    def currency(self) -> str:
        return str(self.document["currency"])

    @property
    def tax_percent(self) -> Decimal:
        return Decimal(str(self.document["tax_percent"]))

    def scope(self, selection: Selection) -> Mapping[str, Any]:
        """The scope in which prices, shape and engineering evaluate their expressions."""
        return scope_of(self.model, selection)

    def price_lines(self, selection: Selection) -> tuple[PriceLine, ...]:
        return self.price_book.lines(self.scope(selection))

    def parts(self, selection: Selection) -> tuple[Part, ...]:
        return self.shape_book.parts(self.scope(selection))

    def substances(self, selection: Selection) -> tuple[str, ...]:
        """Ids of the materials it is made of; tones that only draw are not among them."""
        return self.shape_book.substances(self.scope(selection))


_asked: dict[str, int] = {}  # the diagram last asked for, by hash of the offer
_cache: OrderedDict[str, CompiledOffer] = OrderedDict()
_lock = threading.Lock()


def compiled_offer(offer: Offer) -> CompiledOffer:
    """The engines of an offer; compiled once per process and document.

    A row whose large document was deferred costs no statement once its engines are known.
    """
    found = _known(offer.content_hash)
    found = found or compiled_document(offer.content_hash, offer.document)
    if offer.diagram_id is not None and _asked.get(offer.content_hash) != offer.diagram_id:
        _take_diagram(found, offer.diagram_id)
    return found


def compiled_document(content_hash: str, document: Mapping[str, Any]) -> CompiledOffer:
    found = _known(content_hash)
    if found is not None:
        return found
    # Compiled outside the lock: two threads may compile the same offer once each at the start,
    # which costs less than every other offer waiting for it.
    fresh = _compile(content_hash, document)
    with _lock:
        kept = _cache.setdefault(content_hash, fresh)
        while len(_cache) > CACHE_SIZE:
            dropped, _ = _cache.popitem(last=False)
            _asked.pop(dropped, None)
    settle()
    return kept


def _take_diagram(compiled: CompiledOffer, diagram_id: int) -> None:
    """Let the engine answer from the stored diagram; without one the solver goes on answering."""
    _asked[compiled.content_hash] = diagram_id
    stored = OfferDiagram.objects.filter(
        pk=diagram_id, content_hash=compiled.content_hash, version=DRAWING
    ).first()
    try:
        if stored is not None and stored.packed is not None:
            compiled.engine.use(unpacked(bytes(stored.packed)))
        elif stored is not None and stored.first_answers is not None:
            compiled.engine.take_first_answers(bytes(stored.first_answers))
    except (StoredDiagramInvalid, FirstAnswersInvalid) as error:
        log.warning("stored_diagram_unusable", diagram=diagram_id, reason=str(error))


def _known(content_hash: str) -> CompiledOffer | None:
    with _lock:
        found = _cache.get(content_hash)
        if found is not None:
            _cache.move_to_end(content_hash)
        return found


def _compile(content_hash: str, document: Mapping[str, Any]) -> CompiledOffer:
    model = Model.from_document(document)
    document = flat_document(document)
    return CompiledOffer(
        content_hash=content_hash,
        document=document,
        model=model,
        engine=Engine(model),
        price_book=PriceBook.from_document(document),
        shape_book=ShapeBook.from_document(document),
        lettering_book=LetteringBook.from_document(document),
    )


def selection_from_json(stored: Mapping[str, Any]) -> dict[str, str | int | tuple[str, ...]]:
    """A stored selection as the engines take it: JSON lists become tuples."""
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()
    }


def choices_from_json(stored: list[list[Any]]) -> dict[str, str | int | tuple[str, ...]]:
    """Stored choices, oldest first, as the engines take them."""
    return selection_from_json(dict(stored))


def choices_to_json(choices: Mapping[str, str | int | tuple[str, ...]]) -> list[list[Any]]:
    return [[key, list(v) if isinstance(v, tuple) else v] for key, v in choices.items()]
