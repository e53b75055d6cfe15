"""What the catalogue has done to a saved design since: answers gone, rules new, price moved."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cosmo.lib.ports import Promise
from design.compile import CompiledOffer, choices_from_json, compiled_offer, selection_from_json
from design.models import DesignRevision, Offer, TextBundle
from design.rules import Choices, ChoiceValue, Selection
from design.selectors.configured import Price, complete_for_show, price_of
from design.selectors.effects import Answer, Effect, effect_on
from design.selectors.pictures import elevation
from design.selectors.promises import inquire
from design.selectors.public_view import public_selection, without_words, written_features
from design.selectors.saved import texts_of
from design.selectors.studio_state import address
from design.selectors.texts import ProductTexts, texts_in
from design.selectors.wording import answer_text


@dataclass(frozen=True, slots=True)
class MovedAnswer:
    """One answer that must become another; ``after`` is "" where the question is gone.

    Attributes:
        is_gone: The answer, or its question, is not on offer any more.
    """

    feature: str
    before: str
    after: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class MovedOn:
    """A saved design beside what it would be today, with the fewest answers changed.

    Attributes:
        rules: Sentences of the rules that stand against it as it was.
        choices: What would be saved, and ``prefer`` the rest of the answers.
        missing_text: A text is asked for that nobody wrote; it is written in the studio.
    """

    offer: Offer
    changes: tuple[MovedAnswer, ...]
    rules: tuple[str, ...]
    old_price: Price
    new_price: Price
    choices: Choices
    prefer: Selection
    missing_text: bool
    address: str
    picture: str
    promise: Promise | None
    refusal: str


def moved_on(revision: DesignRevision, *, with_words: bool = True) -> MovedOn | None:
    """None where the design is of the offer of today. ``revision`` with offer, product, texts.

    Without words no text that somebody wrote is told: neither as it was nor as it would become.
    """
    product = revision.design.product
    if product.published_offer_id == revision.offer_id or product.published_offer is None:
        return None
    offer = product.published_offer
    new, before = compiled_offer(offer), compiled_offer(revision.offer)
    texts, old_texts = texts_of(revision), _texts_then(revision)
    choices, selection = (
        choices_from_json(revision.choices),
        selection_from_json(revision.selection),
    )
    effect = effect_on(new, before, choices=choices, selection=selection)
    carried = _carried(new, selection, effect)
    kept: Choices = {name: carried[name] for name in choices if name in carried}
    after, missing = complete_for_show(new, kept, carried)
    promise, refusal = inquire(offer, after)
    told = after if with_words else without_words(new, after)
    seen = after if with_words else public_selection(new, after)
    return MovedOn(
        offer=offer,
        changes=tuple(
            _moved(change, (before, old_texts), (new, texts), with_words=with_words)
            for change in effect.repair
        ),
        rules=tuple(texts.rule(rule) for rule in effect.rules),
        old_price=price_of(before, selection),
        new_price=price_of(new, after),
        choices=kept,
        prefer=after,
        missing_text=bool(missing),
        address=address(
            new,
            {k: v for k, v in kept.items() if k in told},
            {k: v for k, v in told.items() if k != missing},
        ),
        picture=elevation(new, texts, seen),
        promise=promise,
        refusal=refusal,
    )


def _texts_then(revision: DesignRevision) -> ProductTexts:
    """The words of the time it was saved: what is gone has a name there."""
    bundle = (
        TextBundle.objects.filter(
            product_id=revision.design.product_id, published_at__lte=revision.created_at
        )
        .order_by("-number")
        .first()
    )
    return texts_in(bundle, get_language() or "en") if bundle else texts_of(revision)


def _carried(new: CompiledOffer, selection: Selection, effect: Effect) -> Mapping[str, ChoiceValue]:
    repaired = {name: _answer(after) for name, _before, after in effect.repair}
    answers = {name: repaired.get(name, answer) for name, answer in selection.items()}
    return {
        name: answer
        for name, answer in answers.items()
        if answer is not None and name in new.model.by_id
    }


def _answer(stored: Answer) -> ChoiceValue | None:
    return tuple(stored) if isinstance(stored, list) else stored


def _moved(
    change: tuple[str, Answer, Answer],
    before: tuple[CompiledOffer, ProductTexts],
    after: tuple[CompiledOffer, ProductTexts],
    *,
    with_words: bool,
) -> MovedAnswer:
    name, old, new = change
    (old_offer, old_texts), (new_offer, new_texts) = before, after
    known = new_offer.model.by_id.get(name)
    is_gone = known is None or (
        known.kind == "choice" and old not in {option.id for option in known.options}
    )
    return MovedAnswer(
        feature=old_texts.feature(name) if known is None else new_texts.feature(name),
        before=_words(old_offer, old_texts, name, old, with_words=with_words),
        after=_words(new_offer, new_texts, name, new, with_words=with_words),
        is_gone=is_gone,
    )


def _words(
    compiled: CompiledOffer, texts: ProductTexts, name: str, answer: Answer, *, with_words: bool
) -> str:
    feature, value = compiled.model.by_id.get(name), _answer(answer)
    if value and not with_words and name in written_features(compiled):
        return _("private words")
    return answer_text(feature, value, texts) if feature and value is not None else ""
