"""Why something cannot be had, in the shopper's language, and what can be had instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cosmo.lib.formats import format_number
from design.rules import ChoiceError, Feature, with_unit
from design.selectors.texts import ProductTexts
from design.selectors.wording import measure_text, number_text, unit_text


@dataclass(frozen=True, slots=True)
class Instead:
    """An answer close to the one that is refused; ``address`` leads to it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class RefusedView:
    """An answer that is none.

    Attributes:
        feature_id: "" where the product has no such question.
        instead: Of a number, what is possible next to it.
    """

    feature_id: str
    sentence: str
    instead: tuple[Instead, ...] = ()


def view_refused(
    error: ChoiceError,
    feature: Feature | None,
    texts: ProductTexts,
    here: str,
    typed: Mapping[str, str],
) -> RefusedView:
    """
    Args:
        here: The address of what is shown meanwhile.
        typed: What was written and is refused, by feature: the rest of it stays.
    """
    others = [(name, words) for name, words in typed.items() if name != error.feature]
    return RefusedView(
        feature_id=feature.id if feature else "",
        sentence=refused_answer(error, feature, texts),
        instead=tuple(
            Instead(
                measure_text(feature, value),
                urlencode([("was", here), *others, (feature.id, feature.shown(value))]),
            )
            for value in _possible(error, feature)
        )
        if feature
        else (),
    )


def refused_answer(error: ChoiceError, feature: Feature | None, texts: ProductTexts) -> str:
    """What is wrong with an answer that is none."""
    name = texts.feature(error.feature) if feature else error.feature
    facts = {**error.facts, "feature": name, "value": error.value}
    code = error.code
    if code == "too_many_choices" and "maximum" in facts:
        return _("%(feature)s: at most %(maximum)s fit. Take one away first.") % facts
    if code == "too_few_choices":
        return _("%(feature)s: take at least %(minimum)s.") % facts
    if code == "not_a_number":
        return _not_a_number(feature) % facts
    if feature and code == "parameter_out_of_range":
        limits = {
            **facts,
            "minimum": number_text(feature, feature.minimum),
            "maximum": measure_text(feature, feature.maximum),
        }
        return (
            _("%(feature)s goes from %(minimum)s to %(maximum)s; “%(value)s” lies outside.")
            % limits
        )
    if feature and code == "parameter_between_steps":
        said = _(
            "%(feature)s goes in steps of %(step)s: %(below)s and %(above)s are possible, "
            "“%(value)s” is not."
        )
        return said % (facts | _neighbours(feature, error.value))
    if code == "text_not_printable":
        return _("%(feature)s: character %(place)s cannot be made. Take it out.") % facts
    if code == "text_too_long":
        return _("%(feature)s: at most %(maximum)s characters fit.") % facts
    if code == "text_refused":
        return _("%(feature)s: we do not make this word. Write something else.") % facts
    return _("%(feature)s: “%(value)s” is not offered any more.") % facts


def _not_a_number(feature: Feature | None) -> str:
    if feature and feature.decimals:
        return _("%(feature)s: “%(value)s” is not a number.")
    return _("%(feature)s: “%(value)s” is not a whole number.")


def _possible(error: ChoiceError, feature: Feature) -> tuple[int, ...]:
    """The values next to a number that is refused: the limit it lies beyond, or both neighbours."""
    if error.code == "parameter_between_steps":
        return _between(feature, error.value)
    if error.code == "parameter_out_of_range":
        is_less = Decimal(error.value).scaleb(feature.decimals) < feature.minimum
        return (feature.minimum if is_less else feature.maximum,)
    return ()


def _between(feature: Feature, value: str) -> tuple[int, int]:
    steps = int((Decimal(value).scaleb(feature.decimals) - feature.minimum) // feature.step)
    below = feature.minimum + steps * feature.step
    return below, min(below + feature.step, feature.maximum)


def _neighbours(feature: Feature, value: str) -> dict[str, str]:
    """The step, and the values on both sides of a number that lies between two."""
    below, above = _between(feature, value)
    return {
        "step": with_unit(format_number(feature.in_scope(feature.step)), unit_text(feature.unit)),
        "below": number_text(feature, below),
        "above": number_text(feature, above),
    }
