"""What the first page shows of a product: a few finished looks, to one scale, each a way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.urls import reverse

from design.compile import CompiledOffer, compiled_offer
from design.models import Product
from design.rules import Choices, Selection, TextNeeded
from design.selectors.configured import price_of
from design.selectors.pictures import elevation
from design.selectors.presets import preset_choices
from design.selectors.studio_state import address as state_address
from design.selectors.texts import ProductTexts, texts_in

MOST_LOOKS = 3
KEPT_SHOWCASES = 32  # per process; a showcase follows from two immutable documents and a language


@dataclass(frozen=True, slots=True)
class Look:
    """One finished design of the product.

    Attributes:
        address: The studio with this look's choices.
        picture: SVG, in the frame of the product's largest design, so that all stand to scale.
    """

    name: str
    reason: str
    address: str
    picture: str
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Showcase:
    name: str
    tagline: str
    description: str
    address: str
    looks: Sequence[Look]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class _Source:
    """What a showcase follows from; equal hashes make equal showcases."""

    offer_hash: str
    texts_hash: str
    language: str
    address: str
    compiled: CompiledOffer = field(compare=False)
    texts: ProductTexts = field(compare=False)


def showcase_of(product: Product, language: str) -> Showcase:
    """The product with its presets as looks; with its default where it has none."""
    offer, bundle = product.published_offer, product.published_texts
    if offer is None or bundle is None:
        raise ValueError(f"{product} is not published.")
    return _showcase(
        _Source(
            offer_hash=offer.content_hash,
            texts_hash=bundle.content_hash,
            language=language,
            address=reverse("design:studio", args=[product.slug]),
            compiled=compiled_offer(offer),
            texts=texts_in(bundle, language),
        )
    )


@lru_cache(maxsize=KEPT_SHOWCASES)
def _showcase(source: _Source) -> Showcase:
    texts = source.texts
    presets: Sequence[Mapping[str, Any]] = source.compiled.document.get("presets", ())
    named = [
        (texts.preset(preset["id"]), preset_choices(source.compiled, preset))
        for preset in presets[:MOST_LOOKS]
    ] or [((texts.product_name, ""), {})]
    room = _room([_selection(source.compiled, choices) for _, choices in named], source.compiled)
    return Showcase(
        name=texts.product_name,
        tagline=texts.tagline,
        description=texts.description,
        address=source.address,
        looks=[_look(source, words, choices, room) for words, choices in named],
        is_wide=room[0] > room[1],
    )


def _room(selections: Sequence[Selection], compiled: CompiledOffer) -> tuple[Decimal, Decimal]:
    """Width and height that hold every look, so that all stand to one scale."""
    bounds = [compiled.shape_book.bounds(compiled.scope(selection)) for selection in selections]
    return max(one.frame_width for one in bounds), max(one.frame_height for one in bounds)


def _look(
    source: _Source, words: tuple[str, str], choices: Choices, room: tuple[Decimal, Decimal]
) -> Look:
    name, reason = words
    compiled = source.compiled
    selection = _selection(compiled, choices)
    query = state_address(compiled, choices, selection)
    price = price_of(compiled, selection)
    return Look(
        name=name,
        reason=reason,
        address=f"{source.address}?{query}" if query else source.address,
        picture=elevation(compiled, source.texts, selection, title=name, room=room),
        total=price.total,
        currency=price.currency,
    )


def _selection(compiled: CompiledOffer, choices: Choices) -> Selection:
    """All answers; a text that only a person can give stays empty in the picture."""
    try:
        return compiled.engine.complete(choices)
    except TextNeeded:
        return {**compiled.model.defaults, **choices}
