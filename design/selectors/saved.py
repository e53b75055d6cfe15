"""A saved design as pages show it: as it was saved, at the day of today."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language

from cosmo.lib.ports import Promise
from design.compile import CompiledOffer, choices_from_json, compiled_offer, selection_from_json
from design.models import Design, DesignRevision, TextBundle
from design.rules import ChoiceValue, Feature, Selection
from design.selectors.configured import Price, price_of
from design.selectors.credits import public_name
from design.selectors.pictures import elevation
from design.selectors.promises import inquire
from design.selectors.public_view import has_words, public_selection, without_words
from design.selectors.studio import line_name
from design.selectors.studio_state import address
from design.selectors.texts import ProductTexts, texts_in
from design.selectors.wording import answer_text, stated_features

NOTHING_SAID: tuple[object, ...] = ("", (), [], "none")  # answers that need no line


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer in words.

    Attributes:
        said: The same beyond all languages, to tell whether two designs answer alike.
    """

    feature_id: str
    name: str
    answer: str
    said: str


@dataclass(frozen=True, slots=True)
class SavedDesign:
    """One revision, ready to be shown.

    Attributes:
        given_name: By its owner, or as the gallery shows it; "" where it has none.
        version_name: By its owner, who alone reads it.
        address: The studio's query that starts from it.
        has_words: Somebody wrote something for it that not everybody should read.
        withholds: They are left out here.
        promise: Of today; None where the catalogue has moved on or nobody can make it.
    """

    revision: DesignRevision
    product_name: str
    given_name: str
    version_name: str
    selection: Selection
    picture: str
    facts: tuple[Fact, ...]
    price: Price
    price_lines: tuple[tuple[str, Decimal], ...]
    address: str
    has_words: bool
    withholds: bool
    is_outdated: bool
    promise: Promise | None
    refusal: str

    @property
    def name(self) -> str:
        return self.given_name or self.product_name

    @property
    def is_later(self) -> bool:
        """Whether the day has moved back since it was saved."""
        said = self.revision.said_date
        return bool(said and self.promise and self.promise.date > said)


def view_saved(
    revision: DesignRevision, *, with_words: bool, dimensions: bool = False
) -> SavedDesign:
    """``revision`` with its offer, design, product and texts, for the reader's language."""
    product = revision.design.product
    compiled, texts = compiled_offer(revision.offer), texts_of(revision)
    full = selection_from_json(revision.selection)
    written = has_words(compiled, full)
    withholds = written and not with_words
    shown = public_selection(compiled, full) if withholds else full
    is_outdated = product.published_offer_id != revision.offer_id
    promise, refusal = (None, "") if is_outdated else inquire(revision.offer, full)
    price = price_of(compiled, full)
    return SavedDesign(
        revision=revision,
        product_name=texts.product_name,
        given_name=revision.design.name if with_words else public_name(revision.design),
        version_name=revision.name if with_words else "",
        selection=shown,
        picture=elevation(compiled, texts, shown, dimensions=dimensions),
        facts=facts_of(compiled, texts, shown),
        price=price,
        price_lines=tuple(
            (line_name(compiled, texts, shown, line.id, line.feature), line.amount)
            for line in price.lines
        ),
        address=address_of(compiled, revision, shown, withholds=withholds),
        has_words=written,
        withholds=withholds,
        is_outdated=is_outdated,
        promise=promise,
        refusal=refusal,
    )


def texts_of(revision: DesignRevision) -> ProductTexts:
    bundle = revision.design.product.published_texts
    assert isinstance(bundle, TextBundle)  # noqa: S101 - a saved design's product has texts
    return texts_in(bundle, get_language() or "en")


def facts_of(
    compiled: CompiledOffer, texts: ProductTexts, selection: Selection
) -> tuple[Fact, ...]:
    """Answers worth saying: what was left out needs no line."""
    return tuple(
        Fact(feature.id, texts.feature(feature.id), words, _said(feature, selection[feature.id]))
        for feature in stated_features(compiled, selection)
        if selection.get(feature.id) not in NOTHING_SAID
        and (words := answer_text(feature, selection[feature.id], texts))
    )


def _said(feature: Feature, answer: ChoiceValue) -> str:
    """Numbers in their unit: a later offer may count the same length in finer steps."""
    if isinstance(answer, int):
        return str(Decimal(answer).scaleb(-feature.decimals).normalize())
    return ",".join(answer) if isinstance(answer, tuple | list) else str(answer)


def address_of(
    compiled: CompiledOffer, revision: DesignRevision, shown: Selection, *, withholds: bool
) -> str:
    """The studio's query; texts that are withheld are not in it."""
    answers = without_words(compiled, shown) if withholds else shown
    choices = choices_from_json(revision.choices)
    return address(compiled, {k: v for k, v in choices.items() if k in answers}, answers)


def versions_of(design: Design) -> QuerySet[DesignRevision]:
    """Newest first, with what pages need of each."""
    return design.revisions.select_related("design__product__published_texts", "offer").order_by(
        "-number"
    )
