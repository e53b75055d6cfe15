"""``{% load formats %}``: money, numbers and days in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import ngettext

from cosmo.lib import formats

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """``{{ order.total|money:order.currency }}``: €1,810.00; less than nothing as a change."""
    write = formats.format_money_change if amount < 0 else formats.format_money
    return write(amount, currency)


@register.filter
def money_change(amount: Decimal, currency: str) -> str:
    """``{{ difference|money_change:"EUR" }}``: +€60.00, −€20.00, or nothing."""
    return formats.format_money_change(amount, currency)


@register.filter
def days_change(days: int) -> str:
    """``{{ option.days|days_change }}``: +3 days, 1 day sooner, or nothing."""
    if days > 0:
        return ngettext("+%(days)d day", "+%(days)d days", days) % {"days": days}
    if days < 0:
        return ngettext("%(days)d day sooner", "%(days)d days sooner", -days) % {"days": -days}
    return ""


@register.filter
def number(value: int | Decimal) -> str:
    """``{{ width_mm|number }}``: 1,850."""
    return formats.format_number(value)


@register.filter
def day(value: date) -> str:
    """``{{ promise_date|day }}``: Friday 12 June."""
    return formats.format_day(value)


@register.filter
def day_year(value: date) -> str:
    """``{{ order_date|day_year }}``: Friday, 12 June 2026."""
    return formats.format_day_year(value)


@register.filter
def moment(value: datetime, zone: str = "UTC") -> str:
    """``{{ event.at|moment:plant.time_zone }}``: Friday 12 June, 08:10."""
    return formats.format_moment(value, ZoneInfo(zone))
