"""Why something cannot be had, in the shopper's language."""

from django.utils.translation import gettext as _

from design.rules import ChoiceError, Feature
from design.selectors.texts import ProductTexts


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
        limits = {**facts, "maximum": _with_unit(feature, facts["maximum"])}
        return (
            _("%(feature)s goes from %(minimum)s to %(maximum)s; “%(value)s” lies outside.")
            % limits
        )
    if feature and code == "parameter_between_steps":
        step = {**facts, "step": _with_unit(feature, facts["step"])}
        return _("%(feature)s goes in steps of %(step)s; “%(value)s” lies between two.") % step
    if code == "text_not_printable":
        return _("%(feature)s: character %(place)s cannot be made. Take it out.") % facts
    if code == "text_too_long":
        return _("%(feature)s: at most %(maximum)s characters fit.") % facts
    return _("%(feature)s: “%(value)s” is not offered any more.") % facts


def _not_a_number(feature: Feature | None) -> str:
    if feature and feature.decimals:
        return _("%(feature)s: “%(value)s” is not a number.")
    return _("%(feature)s: “%(value)s” is not a whole number.")


def _with_unit(feature: Feature, number: object) -> str:
    return f"{number} {feature.unit}".strip()
