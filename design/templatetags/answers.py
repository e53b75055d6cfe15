"""``{% load answers %}``: the answers of a question, written once for all who see the same.

A click changes few questions, and most shoppers stand before the same ones; writing them out is a
third of the work of a click.
"""

from dataclasses import replace
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from design.selectors.answers import FeatureView

KEPT = 4096  # questions; some kilobytes each

register = template.Library()


@register.simple_tag
def answers(feature: FeatureView, currency: str) -> SafeString:
    """``{% answers feature currency %}``: its label, its help and its fields.

    What is said in ``design/partials/feature.html`` stands on the view and the language alone.
    """
    alone = replace(feature, inside=())  # questions inside it are written by themselves
    if settings.DEBUG:  # who edits the template wants to see it
        return _written(alone, currency)
    return _remembered(alone, currency, get_language() or "")


@lru_cache(maxsize=KEPT)
def _remembered(feature: FeatureView, currency: str, _language: str) -> SafeString:
    return _written(feature, currency)


def _written(feature: FeatureView, currency: str) -> SafeString:
    context = {"feature": feature, "currency": currency}
    return render_to_string("design/partials/feature.html", context)
