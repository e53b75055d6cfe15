"""What the first page shows of a product: a few finished looks, to one scale, each a way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from design.compile import CompiledOffer, compiled_offer
from design.models import Product
from design.rules import Choices
from design.selectors.configured import configure
from design.selectors.pictures import elevation
from design.selectors.texts import ProductTexts, texts_in

MOST_LOOKS = 3


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


def showcase_of(product: Product, language: str) -> Showcase:
    """The product with its presets as looks; with its default where it has none."""
    if product.published_offer is None or product.published_texts is None:
        raise ValueError(f"{product} is not published.")
    compiled = compiled_offer(product.published_offer)
    texts = texts_in(product.published_texts, language)
    address = reverse("design:studio", args=[product.slug])
    return Showcase(
        name=texts.product_name,
        tagline=texts.tagline,
        description=texts.description,
        address=address,
        looks=_looks(compiled, texts, address),
    )


def _looks(compiled: CompiledOffer, texts: ProductTexts, address: str) -> list[Look]:
    presets: Sequence[Mapping[str, Any]] = compiled.document.get("presets", ())[:MOST_LOOKS]
    if not presets:
        return [_look(compiled, texts, (texts.product_name, ""), {}, address)]
    return [
        _look(compiled, texts, texts.preset(preset["id"]), _choices(preset), address)
        for preset in presets
    ]


def _choices(preset: Mapping[str, Any]) -> Choices:
    return {
        feature: tuple(answer) if isinstance(answer, list) else answer
        for feature, answer in preset["choices"].items()
    }


def _look(
    compiled: CompiledOffer,
    texts: ProductTexts,
    words: tuple[str, str],
    choices: Choices,
    address: str,
) -> Look:
    name, reason = words
    configured = configure(compiled, choices)
    return Look(
        name=name,
        reason=reason,
        address=f"{address}?{urlencode(choices, doseq=True)}" if choices else address,
        picture=elevation(compiled, texts, configured.selection, title=name),
        total=configured.price.total,
        currency=configured.price.currency,
    )
