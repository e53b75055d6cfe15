"""What the first page shows of a product: one to try on, and a few finished looks to start from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from design.compile import CompiledOffer, compiled_offer
from design.models import Offer, Product
from design.rules import NONE, Choices, Feature, Selection, TextNeeded
from design.selectors.configured import price_of
from design.selectors.pictures import elevation
from design.selectors.presets import preset_choices
from design.selectors.promises import inquire
from design.selectors.studio_state import address as state_address
from design.selectors.texts import ProductTexts, texts_in

MOST_LOOKS = 3
KEPT_SHOWCASES = 256  # per process; a showcase follows from two immutable documents and a language


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
class Swatch:
    """One answer to the question that the first page asks.

    Attributes:
        query: Leads to the first page with this answer.
    """

    id: str
    name: str
    colour: str
    query: str


@dataclass(frozen=True, slots=True)
class Showcase:
    """A product on the first page.

    Attributes:
        tried: The design on the stage: the first preset with the answer that was tried.
        answer: The answer on the stage, an id of ``swatches``; "" where there is nothing to try.
        promise_date: When the design on the stage could be with somebody who orders now.
        refusal: Why there is no such day, in words.
    """

    slug: str
    name: str
    tagline: str
    description: str
    address: str
    looks: Sequence[Look]
    is_wide: bool
    tried: Look
    question: str
    answer: str
    swatches: Sequence[Swatch]
    promise_date: date | None = None
    refusal: str = ""

    @property
    def answer_name(self) -> str:
        return next((one.name for one in self.swatches if one.id == self.answer), "")


@dataclass(frozen=True, slots=True)
class _Source:
    """What a showcase follows from; equal hashes make equal showcases."""

    offer_hash: str
    texts_hash: str
    language: str
    slug: str
    address: str
    compiled: CompiledOffer = field(compare=False)
    texts: ProductTexts = field(compare=False)


def showcases_of(
    products: Iterable[Product], language: str, tried: Mapping[str, str]
) -> list[Showcase]:
    """Every product, those with most to try first; ``tried`` are answers by the product's slug."""
    found = [showcase_of(one, language, tried.get(one.slug, "")) for one in products]
    return sorted(found, key=lambda showcase: -len(showcase.swatches))


def showcase_of(product: Product, language: str, tried: str = "") -> Showcase:
    """The product with its presets as looks; with its default where it has none."""
    offer, bundle = product.published_offer, product.published_texts
    if offer is None or bundle is None:
        raise ValueError(f"{product} is not published.")
    source = _Source(
        offer_hash=offer.content_hash,
        texts_hash=bundle.content_hash,
        language=language,
        slug=product.slug,
        address=reverse("design:studio", args=[product.slug]),
        compiled=compiled_offer(offer),
        texts=texts_in(bundle, language),
    )
    question = _question(source.compiled)
    known = {str(option) for option in question.domain} if question else set()
    showcase, selection = _showcase(source, tried if tried in known else "")
    return _promised(showcase, offer, selection)


def _promised(showcase: Showcase, offer: Offer, selection: Selection) -> Showcase:
    """With today's word of the factory, which is no part of what is remembered."""
    promise, refusal = inquire(offer, selection)
    return replace(showcase, promise_date=promise.date if promise else None, refusal=refusal)


@lru_cache(maxsize=KEPT_SHOWCASES)
def _showcase(source: _Source, tried: str) -> tuple[Showcase, Selection]:
    texts, compiled = source.texts, source.compiled
    presets: Sequence[Mapping[str, Any]] = compiled.document.get("presets", ())
    named = [
        (texts.preset(preset["id"]), preset_choices(compiled, preset))
        for preset in presets[:MOST_LOOKS]
    ] or [((texts.product_name, ""), {})]
    room = _room([_selection(compiled, choices) for _, choices in named], compiled)
    words, choices = named[0]
    question = _question(compiled)
    if question and tried:
        choices = {**_but(choices, question.id), question.id: tried}
        if not compiled.engine.is_valid(choices):
            choices, _ = compiled.engine.keep_newest(choices)
    selection = _selection(compiled, choices)
    showcase = Showcase(
        slug=source.slug,
        name=texts.product_name,
        tagline=texts.tagline,
        description=texts.description,
        address=source.address,
        looks=[_look(source, words, choices, room) for words, choices in named],
        is_wide=room[0] > room[1],
        tried=_look(source, words, choices, None),
        question=texts.feature(question.id) if question else "",
        answer=str(selection[question.id]) if question else "",
        swatches=_swatches(source, question) if question else (),
    )
    return showcase, selection


def _question(compiled: CompiledOffer) -> Feature | None:
    """The first question whose every answer is a colour: one sees at once what it changes."""
    for feature in compiled.model.features:
        answers = feature.domain if feature.kind == "choice" else ()
        if len(answers) > 1 and all(_colour(compiled, str(answer)) for answer in answers):
            return feature
    return None


def _colour(compiled: CompiledOffer, answer: str) -> str:
    materials = compiled.document["shape"]["materials"]
    return "" if answer == NONE else str(materials.get(answer, {}).get("colour", ""))


def _swatches(source: _Source, question: Feature) -> list[Swatch]:
    return [
        Swatch(
            id=option,
            name=source.texts.option(question.id, option),
            colour=_colour(source.compiled, option),
            query=urlencode({source.slug: option}),
        )
        for option in map(str, question.domain)
    ]


def _but(choices: Choices, name: str) -> Choices:
    return {key: answer for key, answer in choices.items() if key != name}


def _room(selections: Sequence[Selection], compiled: CompiledOffer) -> tuple[Decimal, Decimal]:
    """Width and height that hold every look, so that all stand to one scale."""
    bounds = [compiled.shape_book.bounds(compiled.scope(selection)) for selection in selections]
    return max(one.frame_width for one in bounds), max(one.frame_height for one in bounds)


def _look(
    source: _Source, words: tuple[str, str], choices: Choices, room: tuple[Decimal, Decimal] | None
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
        picture=elevation(
            compiled, source.texts, selection, title=name, room=room, is_close=room is None
        ),
        total=price.total,
        currency=price.currency,
    )


def _selection(compiled: CompiledOffer, choices: Choices) -> Selection:
    """All answers; a text that only a person can give stays empty in the picture."""
    try:
        return compiled.engine.complete(choices)
    except TextNeeded:
        return {**compiled.model.defaults, **choices}
