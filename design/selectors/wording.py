"""Answers in words, and which questions a selection answers at all."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from cosmo.lib.formats import format_places, in_reading_order
from design.compile import CompiledOffer
from design.rules import NONE, ChoiceValue, Feature, Model, Selection, with_unit
from design.selectors.texts import ProductTexts


def is_stated(model: Model, selection: Selection, feature: Feature) -> bool:
    """Whether the question arises: those inside a component only where it is fitted."""
    if not feature.component:
        return True
    component = model.by_id[feature.component]
    return selection.get(component.id) != NONE and is_stated(model, selection, component)


def stated_features(compiled: CompiledOffer, selection: Selection) -> Iterator[Feature]:
    """The questions that arise, in the order of the offer."""
    model = compiled.model
    return (feature for feature in model.features if is_stated(model, selection, feature))


def inner_features(model: Model, component: str) -> frozenset[str]:
    """Ids of everything inside a component, however deep; empty for what is no component."""
    own = {feature.id for feature in model.features if feature.component == component}
    return frozenset(own).union(*(inner_features(model, name) for name in own))


def answer_text(feature: Feature, answer: ChoiceValue, texts: ProductTexts) -> str:
    """An answer as a person would say it."""
    if feature.kind == "text":
        return str(answer)
    if feature.kind == "parameter" and isinstance(answer, int):
        return measure_text(feature, answer)
    if isinstance(answer, tuple | list):
        return ", ".join(texts.option(feature.id, option) for option in answer)
    return texts.option(feature.id, str(answer))


def measure_text(feature: Feature, value: int) -> str:
    """A value of a parameter with its unit, in the reader's language: 1,850 mm, 73.5°."""
    return with_unit(number_text(feature, value), unit_text(feature.unit))


def length_text(millimetres: Decimal) -> str:
    """A measure beside a picture, in the reader's language: 1,850 mm."""
    length = round(millimetres, 2).normalize()
    places = max(-int(length.as_tuple().exponent), 0)
    return in_reading_order(with_unit(format_places(length, places), unit_text("mm")))


def unit_text(unit: str) -> str:
    """A unit as the reader writes it; degrees are the same everywhere."""
    return _("mm") if unit == "mm" else unit


def number_text(feature: Feature, value: int) -> str:
    """The number alone, with all its decimals: 70.0 beside 70.5."""
    return format_places(Decimal(value).scaleb(-feature.decimals), feature.decimals)


def option_text(feature: Feature, option: str | int, texts: ProductTexts) -> str:
    """One option, of a multi-select feature, too."""
    if feature.kind == "multi":
        return texts.option(feature.id, str(option))
    return answer_text(feature, option, texts)
