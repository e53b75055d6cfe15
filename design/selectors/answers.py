"""The questions of the studio with every answer, its price and whether it is possible."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from design.compile import CompiledOffer
from design.pricing import Designs, differences
from design.rules import NONE, Choices, Contradiction, Feature, Selection
from design.selectors.configured import Configured, complete_for_show, price_of
from design.selectors.lettering_words import LineView
from design.selectors.texts import ProductTexts
from design.selectors.wording import (
    answer_text,
    inner_features,
    measure_text,
    number_text,
    stated_features,
    unit_text,
)

SHORT_LIST = 12  # answers that can be looked through without searching

Changes = Mapping[str, Mapping[str | int, Decimal]]


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer. ``change`` is the price difference a click makes; None where it is blocked.

    ``days`` is by how many days later it comes; negative: sooner; None: not asked, or no answer.
    ``along``: names of the other questions that a click on it answers anew.
    """

    id: str
    name: str
    note: str
    is_chosen: bool
    is_blocked: bool
    change: Decimal | None
    colour: str
    days: int | None = None
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberView:
    """A parameter, in the numbers people write: 73.5 where the engine says 735.

    Attributes:
        value, minimum, maximum, step: As a form field writes them, with a point.
        typed: What was written instead of ``value`` and cannot be made; None where nothing was.
        said: The value with its unit, as people say it; least and greatest: its limits.
        low, high: The least and the greatest number that is possible as things are.
        is_narrowed: Whether other answers leave only some of the numbers.
    """

    value: str
    minimum: str
    maximum: str
    step: str
    said: str
    least: str
    greatest: str
    low: str
    high: str
    is_narrowed: bool
    unit: str
    typed: str | None = None

    @property
    def is_whole(self) -> bool:
        return "." not in self.step


@dataclass(frozen=True, slots=True)
class FeatureView:
    """One question with its answers, or with its number or text.

    Attributes:
        answer: The present answer in words; "" while a text is still to be written.
        max_length: Characters of a text; 0 elsewhere.
        number: Of a parameter.
        line: Of a text that has a place: its letters as they will be made.
        is_refused: Whether what was answered is no answer.
        inside: Of a component that is fitted: its own questions.
    """

    id: str
    name: str
    help: str
    kind: str
    answer: str
    options: tuple[OptionView, ...]
    value: str
    max_length: int
    is_missing: bool
    number: NumberView | None = None
    line: LineView | None = None
    is_refused: bool = False
    inside: tuple["FeatureView", ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether a search helps to find an answer."""
        return len(self.options) > SHORT_LIST

    @property
    def looks_like(self) -> str:
        """How it is drawn: swatches where every answer has a colour, else cards."""
        if self.kind in ("text", "parameter"):
            return self.kind
        if self.kind == "choice" and all(o.colour for o in self.options if o.id != NONE):
            return "swatches"
        return "choices"


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    name: str
    features: tuple[FeatureView, ...]


def view_groups(
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    designs: Designs | None = None,
) -> tuple[GroupView, ...]:
    """All questions that arise, in the steps of the offer, those of a component inside it.

    ``designs`` is filled with the design behind each answer that can be had.
    """
    changes = differences(
        compiled.price_book,
        compiled.engine,
        configured.selection,
        configured.choices,
        configured.domains,
        designs,
    )
    listed = list(stated_features(compiled, configured.selection))
    views = {f.id: _feature(compiled, texts, configured, f, changes) for f in listed}
    nested = {f.id for f in listed if f.component and f.group == _group_of(compiled, f.component)}
    for feature in reversed(listed):  # a component stands before what is in it
        if feature.id in nested:
            outer = views[feature.component]
            views[outer.id] = replace(outer, inside=(views[feature.id], *outer.inside))
    return tuple(
        GroupView(
            id=group,
            name=texts.group(group),
            features=tuple(views[f.id] for f in listed if f.group == group and f.id not in nested),
        )
        for group in compiled.document["groups"]
    )


def _group_of(compiled: CompiledOffer, feature_id: str) -> str:
    return compiled.model.by_id[feature_id].group


def _feature(
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    feature: Feature,
    changes: Changes,
) -> FeatureView:
    answer = configured.selection[feature.id]
    is_missing = feature.id == configured.missing_text
    return FeatureView(
        id=feature.id,
        name=texts.feature(feature.id),
        help=texts.feature_help(feature.id),
        kind=feature.kind,
        answer="" if is_missing else answer_text(feature, answer, texts),
        options=_options(compiled, texts, configured, feature, changes),
        value=str(answer) if feature.kind == "text" and not is_missing else "",
        max_length=feature.max_length,
        is_missing=is_missing,
        number=_number(feature, answer, configured) if isinstance(answer, int) else None,
    )


def _number(feature: Feature, answer: int, configured: Configured) -> NumberView:
    possible = [int(number) for number in configured.domains[feature.id]]
    low, high = (min(possible), max(possible)) if possible else (feature.minimum, feature.maximum)
    return NumberView(
        value=feature.shown(answer),
        minimum=feature.shown(feature.minimum),
        maximum=feature.shown(feature.maximum),
        step=feature.shown(feature.step),
        said=measure_text(feature, answer),
        least=number_text(feature, feature.minimum),
        greatest=number_text(feature, feature.maximum),
        low=number_text(feature, low),
        high=number_text(feature, high),
        is_narrowed=0 < len(possible) < len(feature.numbers),
        unit=unit_text(feature.unit),
    )


def _options(
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    feature: Feature,
    changes: Changes,
) -> tuple[OptionView, ...]:
    if feature.kind in ("text", "parameter"):
        return ()
    fits, possible = _fitting(compiled, configured, feature, changes)
    answer, colours = configured.selection[feature.id], _colours(compiled, feature)
    return tuple(
        _option(texts, feature, str(option), answer, option in fits, possible, colours)
        for option in feature.domain
        if option != NONE or not _means_nothing(compiled, feature)
    )


def _fitting(
    compiled: CompiledOffer, configured: Configured, feature: Feature, changes: Changes
) -> tuple[frozenset[Any], Mapping[str | int, Decimal]]:
    """The options a click can have, and what each changes in the price."""
    possible = changes.get(feature.id, {})
    domain = frozenset(configured.domains[feature.id])
    if feature.kind == "multi":
        # An option may be possible in some design and yet not beside those held now.
        return domain & frozenset(possible), possible
    inner = inner_features(compiled.model, feature.id)
    if not inner or configured.selection[feature.id] == NONE:
        return domain, possible
    # Taking a component out takes its answers out, too; they do not stand against it.
    without = _without(configured.choices, inner)
    left: Choices = {**_without(without, {feature.id}), feature.id: NONE}
    if not feature.optional:
        return domain - {NONE}, possible
    prefer = _without(configured.selection, inner)
    try:
        selection, _missing = complete_for_show(compiled, left, prefer)
    except Contradiction:
        return domain - {NONE}, possible
    change = price_of(compiled, selection).total - configured.price.total
    return domain | {NONE}, {**possible, NONE: change}


def _without(answers: Selection, names: frozenset[str] | set[str]) -> Selection:
    return {name: answer for name, answer in answers.items() if name not in names}


def _means_nothing(compiled: CompiledOffer, feature: Feature) -> bool:
    """Whether ``none`` only says that the component around it is not there."""
    if not feature.component:
        return False
    entry = next(f for f in compiled.document["features"] if f["id"] == feature.id)
    return not entry.get("own_optional", True)


def _option(
    texts: ProductTexts,
    feature: Feature,
    name: str,
    answer: object,
    fits: bool,
    possible: Mapping[str | int, Decimal],
    colours: Mapping[str, str],
) -> OptionView:
    is_chosen = name in answer if isinstance(answer, tuple) else name == answer
    return OptionView(
        id=name,
        name=texts.option(feature.id, name),
        note=texts.option_note(feature.id, name),
        is_chosen=is_chosen,
        is_blocked=not fits and not is_chosen,
        change=possible.get(name) if fits and not is_chosen else None,
        colour=colours.get(name, ""),
    )


def _colours(compiled: CompiledOffer, feature: Feature) -> Mapping[str, str]:
    """The colour of each answer where all are materials of the picture; else of none."""
    materials = compiled.document["shape"]["materials"]
    named = [option for option in feature.option_ids if option != NONE]
    if not all(option in materials for option in named):
        return {}
    return {option: materials[option].get("colour", "") for option in named}
