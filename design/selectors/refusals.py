"""Why something cannot be had, in the shopper's language."""

from django.utils.translation import gettext as _

from design.rules import ChoiceError, Feature
from design.selectors.texts import ProductTexts


def refused_answer(error: ChoiceError, feature: Feature | None, texts: ProductTexts) -> str:
    """What is wrong with an answer that is none."""
    name = texts.feature(error.feature) if feature else error.feature
    known = {"feature": name, "value": error.value, "unit": feature.unit if feature else ""}
    facts = {**error.facts, **known}
    code = error.code
    if code == "too_many_choices" and "maximum" in facts:
        return _("%(feature)s: at most %(maximum)s fit. Take one away first.") % facts
    if code == "too_few_choices":
        return _("%(feature)s: take at least %(minimum)s.") % facts
    if code == "not_a_number":
        return _("%(feature)s: “%(value)s” is not a whole number.") % facts
    if code == "parameter_out_of_range":
        return (
            _(
                "%(feature)s goes from %(minimum)s to %(maximum)s %(unit)s; "
                "“%(value)s” lies outside."
            )
            % facts
        )
    if code == "parameter_between_steps":
        return (
            _("%(feature)s goes in steps of %(step)s %(unit)s; “%(value)s” lies between two.")
            % facts
        )
    if code == "text_not_printable":
        return _("%(feature)s: character %(place)s cannot be made. Take it out.") % facts
    if code == "text_too_long":
        return _("%(feature)s: at most %(maximum)s characters fit.") % facts
    return _("%(feature)s: “%(value)s” is not offered any more.") % facts
