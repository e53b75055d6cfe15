"""``{% load answers %}``: questions with their answers, written once for all who see the same.

A click changes few questions, and most shoppers stand before the same ones; writing them out is a
third of the work of a click.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from design.selectors.answers import FeatureView

KEPT = 4096  # questions; some kilobytes each
QUESTION = "design/partials/question.html"
GAP = "\0"  # neither the schema of texts nor the database takes it, so no name holds it

Written = Callable[..., SafeString]

register = template.Library()


def _once(write: Written) -> Written:
    """``write``, once for the same arguments in the same language."""

    @lru_cache(maxsize=KEPT)
    def remembered(_language: str, *facts: Any) -> SafeString:
        return write(*facts)

    def written(*facts: Any) -> SafeString:
        if settings.DEBUG:  # who edits the template wants to see it
            return write(*facts)
        return remembered(get_language() or "", *facts)

    return written


@register.simple_tag(takes_context=True)
def question(context: Context, feature: FeatureView) -> SafeString:
    """``{% question feature %}``: it with its answers, what the last one led to, and all inside it.

    Takes ``view`` and ``currency`` from the page. Where nothing is told, it stands on the feature
    and the language alone.
    """
    if not _is_told(feature, context["view"].told):
        return _quiet(feature, context["currency"])
    page = context.template
    assert page is not None  # noqa: S101 - a tag is met while a template is rendered
    with context.push(feature=feature):
        return SafeString(page.engine.get_template(QUESTION).render(context))


def _is_told(feature: FeatureView, told: frozenset[str]) -> bool:
    return feature.id in told or any(_is_told(inner, told) for inner in feature.inside)


@_once
def _quiet(feature: FeatureView, currency: str) -> SafeString:
    context = {"feature": feature, "currency": currency, "view": _Quiet()}
    return render_to_string(QUESTION, context)


class _Quiet:
    """A view in which nothing is told."""

    told: frozenset[str] = frozenset()


@register.simple_tag
def answers(feature: FeatureView, currency: str) -> SafeString:
    """``{% answers feature currency %}``: its label, its help and its fields.

    Prices, days and what goes along change with most clicks, the rest seldom: it is written with
    gaps for them.
    """
    alone = replace(feature, inside=())  # questions inside it are written by themselves
    if not feature.options:
        return _bare(alone)
    unmoved = tuple(replace(one, change=None, days=None, along=()) for one in feature.options)
    is_swatch = feature.looks_like == "swatches"
    pieces = _bare(replace(alone, options=unmoved)).split(GAP)
    effects = [
        _effect(is_swatch, one.is_blocked, one.change, one.days, one.along, currency)
        for one in feature.options
    ]
    filled = (part for pair in zip(effects, pieces[1:], strict=True) for part in pair)
    return SafeString("".join((pieces[0], *filled)))


@_once
def _bare(feature: FeatureView) -> SafeString:
    return render_to_string("design/partials/feature.html", {"feature": feature, "effect": GAP})


@_once
def _effect(
    is_swatch: bool,
    is_blocked: bool,
    change: Decimal | None,
    days: int | None,
    along: tuple[str, ...],
    currency: str,
) -> SafeString:
    context = {
        "is_swatch": is_swatch,
        "is_blocked": is_blocked,
        "change": change,
        "days": days,
        "along": along,
        "more": len(along) - 1,
        "currency": currency,
    }
    return SafeString(render_to_string("design/partials/effect.html", context).strip())
