"""The questions of the studio with every answer, its price and whether it is possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from design.compile import CompiledOffer
from design.pricing import differences
from design.rules import NONE, Feature
from design.selectors.configured import Configured
from design.selectors.pictures import answer_text
from design.selectors.texts import ProductTexts

Changes = Mapping[str, Mapping[str | int, Decimal]]


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer. ``change`` is the price difference a click makes; None where it is blocked."""

    id: str
    name: str
    note: str
    is_chosen: bool
    is_blocked: bool
    change: Decimal | None
    colour: str


@dataclass(frozen=True, slots=True)
class FeatureView:
    """One question with its answers, or with its number or text.

    Attributes:
        answer: The present answer in words; "" while a text is still to be written.
        allowed: Numbers that are possible as things are, ascending.
    """

    id: str
    name: str
    help: str
    kind: str
    answer: str
    options: tuple[OptionView, ...]
    value: str | int
    feature: Feature
    is_missing: bool
    allowed: tuple[int, ...] = ()

    @property
    def looks_like(self) -> str:
        """How it is drawn: swatches where every answer has a colour, else cards."""
        if self.kind in ("text", "parameter"):
            return self.kind
        if self.kind == "choice" and all(o.colour for o in self.options if o.id != NONE):
            return "swatches"
        return "choices"

    @property
    def is_narrowed(self) -> bool:
        """Whether other answers leave only some of the numbers."""
        return 0 < len(self.allowed) < len(self.feature.domain)


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    name: str
    features: tuple[FeatureView, ...]


def view_groups(
    compiled: CompiledOffer, texts: ProductTexts, configured: Configured
) -> tuple[GroupView, ...]:
    """All questions in the steps of the offer."""
    changes = differences(
        compiled.price_book,
        compiled.engine,
        configured.selection,
        configured.choices,
        configured.domains,
    )
    documents = {f["id"]: f for f in compiled.document["features"]}
    features = [
        _feature(compiled, texts, configured, feature, documents[feature.id], changes)
        for feature in compiled.model.features
    ]
    return tuple(
        GroupView(
            id=group,
            name=texts.group(group),
            features=tuple(view for view in features if view.feature.group == group),
        )
        for group in compiled.document["groups"]
    )


def _feature(
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    feature: Feature,
    document: dict[str, Any],
    changes: Changes,
) -> FeatureView:
    answer = configured.selection[feature.id]
    domain: frozenset[Any] = configured.domains[feature.id]
    is_missing = feature.id == configured.missing_text
    return FeatureView(
        id=feature.id,
        name=texts.feature(feature.id),
        help=texts.feature_help(feature.id),
        kind=feature.kind,
        answer="" if is_missing else answer_text(document, answer, texts),
        options=()
        if feature.kind in ("text", "parameter")
        else tuple(
            _option(compiled, texts, feature, option, answer, domain, changes)
            for option in feature.domain
        ),
        value="" if is_missing or isinstance(answer, tuple) else answer,
        feature=feature,
        is_missing=is_missing,
        allowed=tuple(sorted(domain)) if feature.kind == "parameter" else (),
    )


def _option(
    compiled: CompiledOffer,
    texts: ProductTexts,
    feature: Feature,
    option: str | int,
    answer: object,
    domain: frozenset[Any],
    changes: Changes,
) -> OptionView:
    name = str(option)
    is_chosen = name in answer if isinstance(answer, tuple) else name == answer
    materials = compiled.document["shape"]["materials"]
    colour = materials.get(name, {}).get("colour", "") if _is_surface(compiled, feature) else ""
    possible = changes.get(feature.id, {})
    # Of a multi-select, an option may be possible in some design and yet not beside those held now.
    fits = option in domain and (feature.kind != "multi" or option in possible)
    return OptionView(
        id=name,
        name=texts.option(feature.id, name),
        note=texts.option_note(feature.id, name),
        is_chosen=is_chosen,
        is_blocked=not fits and not is_chosen,
        change=possible.get(option) if fits and not is_chosen else None,
        colour=colour,
    )


def _is_surface(compiled: CompiledOffer, feature: Feature) -> bool:
    """Whether the answers are materials of the picture, so that each can be shown as a colour."""
    materials = compiled.document["shape"]["materials"]
    return all(option in materials for option in feature.domain if option != NONE)
