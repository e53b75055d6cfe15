"""A design as strangers may see it: without the words somebody wrote for themselves."""

from dataclasses import dataclass

from django.utils.translation import get_language

from design.compile import choices_from_json, compiled_offer, selection_from_json
from design.models import DesignRevision, TextBundle
from design.rules import NONE, Choices, Selection
from design.selectors.pictures import elevation
from design.selectors.public_view import public_selection, without_words
from design.selectors.studio_state import address
from design.selectors.texts import ProductTexts, texts_in
from design.selectors.wording import answer_text, stated_features

NOTHING: tuple[object, ...] = (NONE, "", (), [])  # answers that say nothing of what is there


@dataclass(frozen=True, slots=True)
class ShownDesign:
    """What a public page shows of a revision.

    Attributes:
        facts: Feature and answer, without what was left out.
        address: The studio's query that starts from it.
    """

    product_name: str
    picture: str
    facts: tuple[tuple[str, str], ...]
    address: str


def seen_selection(revision: DesignRevision) -> Selection:
    """The full selection with every text a person wrote replaced by the text it starts with."""
    return public_selection(compiled_offer(revision.offer), selection_from_json(revision.selection))


def shown_design(revision: DesignRevision, *, title: str = "") -> ShownDesign:
    """Picture, facts and the way into the studio; ``revision`` with offer, product and texts."""
    compiled = compiled_offer(revision.offer)
    texts = product_texts(revision)
    selection = seen_selection(revision)
    choices, answers = public_choices(revision)
    return ShownDesign(
        product_name=texts.product_name,
        picture=elevation(compiled, texts, selection, title=title),
        facts=tuple(
            (texts.feature(feature.id), answer_text(feature, selection[feature.id], texts))
            for feature in stated_features(compiled, selection)
            if selection[feature.id] not in NOTHING
        ),
        address=address(compiled, choices, answers),
    )


def public_choices(revision: DesignRevision) -> tuple[Choices, Selection]:
    """What was chosen, and all answers, without the texts somebody wrote: to start from."""
    compiled, full = compiled_offer(revision.offer), selection_from_json(revision.selection)
    answers = without_words(compiled, full)
    chosen = choices_from_json(revision.choices)
    return {name: answers[name] for name in chosen if name in answers}, answers


def public_picture(revision: DesignRevision, *, title: str = "") -> str:
    return elevation(
        compiled_offer(revision.offer),
        product_texts(revision),
        seen_selection(revision),
        title=title,
    )


def product_texts(revision: DesignRevision) -> ProductTexts:
    bundle = revision.design.product.published_texts
    assert isinstance(bundle, TextBundle)  # noqa: S101 - a saved design's product has texts
    return texts_in(bundle, get_language() or "en")
