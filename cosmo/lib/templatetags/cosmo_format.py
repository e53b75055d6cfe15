"""Amounts, days and moments as the reader's language writes them (CLDR, by Babel)."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

register = template.Library()
LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}


def babel_locale() -> Locale:
    language = get_language() or "en"
    return Locale.parse(LOCALES.get(language, language.replace("-", "_")))


@register.filter
def money(amount: Decimal | str, currency: str) -> str:
    """``1810`` and ``EUR`` -> ``€1,810.00``."""
    return str(format_currency(Decimal(str(amount)), currency, locale=babel_locale()))


@register.filter
def money_change(amount: Decimal | str, currency: str) -> str:
    """A difference with its sign: ``+€320.00``, ``−€45.00``, ``±€0.00``."""
    value = Decimal(str(amount))
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{money(abs(value), currency)}"


@register.filter
def day(value: date | datetime | str | None, style: str = "full") -> str:
    """A calendar day: ``Tuesday 24 November 2026``; style full, long, medium or short."""
    if not value:
        return ""
    moment = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(moment, format=style, locale=babel_locale()))


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """A day and time in the given time zone."""
    if not value:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    pattern = "EEE d MMM, HH:mm" if babel_locale().language == "en" else "M月d日 EEE HH:mm"
    return str(format_datetime(local, format=pattern, locale=babel_locale()))
