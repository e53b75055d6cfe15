"""Money, days and moments in the reader's language: the one place that knows how to write them."""

from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language

# Days before months and a 24-hour clock, as at the plants; Django's plain "en" would be American.
LOCALES = {"en": "en_GB"}
MINUS = "\u2212"
# Without it a line may end between a sign and the currency: to Unicode both are prefixes.
UNBROKEN = "\u2060"
# Left to right inside right-to-left text: without them "−€20.00" reads "€20.00−" in Arabic.
ISOLATE, END_ISOLATE = "\u2066", "\u2069"
FROM_THE_RIGHT = "\u2067"
WESTERN = "latn"
KEPT = 4096  # numbers and days in words; some 100 bytes each
RIGHT_TO_LEFT_MONEY = "¤#,##0.00"


def reader_locale() -> Locale:
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language.replace("-", "_")))


def reads_right_to_left() -> bool:
    return reader_locale().text_direction == "rtl"


def isolated(text: str) -> str:
    """What is written from the left stays so in the middle of Arabic; elsewhere as it is."""
    return f"{ISOLATE}{text}{END_ISOLATE}" if reads_right_to_left() else text


def in_reading_order(text: str) -> str:
    """What is read from the right stays so in a picture, where all is written from the left."""
    return f"{FROM_THE_RIGHT}{text}{END_ISOLATE}" if reads_right_to_left() else text


# A page writes the same few amounts again and again; Babel takes a fifth of a millisecond for each.
@lru_cache(maxsize=KEPT)
def _money(amount: Decimal, currency: str, locale: Locale) -> str:
    pattern = RIGHT_TO_LEFT_MONEY if locale.text_direction == "rtl" else None
    return str(format_currency(amount, currency, pattern, locale, numbering_system=WESTERN))


def format_money(amount: Decimal, currency: str) -> str:
    """``€1,810.00``."""
    return isolated(_money(amount, currency, reader_locale()))


def format_money_change(amount: Decimal, currency: str) -> str:
    """``+€60.00`` or ``−€20.00`` on one line; empty for no difference, for the page's own word."""
    if amount == 0:
        return ""
    sign = "+" if amount > 0 else MINUS
    return isolated(sign + UNBROKEN + _money(abs(amount), currency, reader_locale()))


def format_number(number: int | Decimal) -> str:
    """``1,850``."""
    return _number(number, reader_locale())


@lru_cache(maxsize=KEPT)
def _number(number: int | Decimal, locale: Locale) -> str:
    return str(format_decimal(number, locale=locale, numbering_system=WESTERN))


def format_places(number: Decimal, places: int) -> str:
    """``70.0``: with exactly so many decimals."""
    return _places(number, places, reader_locale())


@lru_cache(maxsize=KEPT)
def _places(number: Decimal, places: int, locale: Locale) -> str:
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return str(format_decimal(number, pattern, locale, numbering_system=WESTERN))


def format_day(day: date) -> str:
    """``Friday 12 June``, 6月12日周五."""
    return _by_skeleton("MMMMEEEEd", day, reader_locale())


def format_day_year(day: date) -> str:
    """``Friday, 12 June 2026``: for paper and for what lies far off."""
    return _by_skeleton("yMMMMEEEEd", day, reader_locale())


def format_moment(moment: datetime, zone: tzinfo) -> str:
    """``Friday 12 June, 08:10`` as the clocks show it in ``zone``."""
    local = moment.astimezone(zone)
    comma = "، " if reads_right_to_left() else ", "
    return f"{format_day(local.date())}{comma}{local:%H:%M}"


@lru_cache(maxsize=KEPT)
def _by_skeleton(skeleton: str, day: date, locale: Locale) -> str:
    noon = datetime.combine(day, time(12), UTC)
    return str(format_skeleton(skeleton, noon, locale=locale))
