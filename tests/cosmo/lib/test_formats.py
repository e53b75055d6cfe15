from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.formats import number_format

from cosmo.lib.formats import (
    format_day,
    format_day_year,
    format_moment,
    format_money,
    format_money_change,
    format_number,
)
from cosmo.lib.templatetags.formats import money

FRIDAY = date(2026, 6, 12)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "€1,810.00"),
        ("zh-hans", "€1,810.00"),
        ("de", "1.810,00\xa0€"),
        ("ar", "\u2066€1,810.00\u2069"),
    ],
)
def test_money_is_written_in_the_readers_language(language: str, written: str) -> None:
    with translation.override(language):
        assert format_money(Decimal(1810), "EUR") == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [("60", "+\u2060€60.00"), ("-20.5", "−\u2060€20.50"), ("0", ""), ("0.00", "")],
)
def test_a_difference_carries_its_sign_and_none_is_empty(amount: str, written: str) -> None:
    """The joiner keeps sign and amount on one line: a line may end before a currency."""
    with translation.override("en"):
        assert format_money_change(Decimal(amount), "EUR") == written


@pytest.mark.parametrize(
    ("write", "english", "chinese"),
    [
        (format_day, "Friday 12 June", "6月12日周五"),
        (format_day_year, "Friday, 12 June 2026", "2026年6月12日周五"),
    ],
)
def test_days_are_written_in_the_readers_language(
    write: Callable[[date], str], english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert write(FRIDAY) == english
    with translation.override("zh-hans"):
        assert write(FRIDAY) == chinese


def test_a_moment_is_shown_by_the_clocks_of_its_zone() -> None:
    moment = datetime(2026, 6, 11, 22, 30, tzinfo=UTC)
    with translation.override("en"):
        assert format_moment(moment, ZoneInfo("Europe/Berlin")) == "Friday 12 June, 00:30"


def test_on_a_page_what_is_taken_off_stays_on_one_line() -> None:
    with translation.override("en"):
        assert money(Decimal(-50), "EUR") == "−\u2060€50.00"
        assert (money(Decimal(50), "EUR"), money(Decimal(0), "EUR")) == ("€50.00", "€0.00")


def test_numbers_are_grouped() -> None:
    with translation.override("en"):
        assert format_number(1850) == "1,850"


def test_arabic_keeps_the_sign_before_the_amount_and_western_digits() -> None:
    """The isolate is what stops a page that runs from the right from turning "−€20.50" round."""
    with translation.override("ar"):
        assert format_money_change(Decimal("-20.5"), "EUR") == "\u2066−\u2060€20.50\u2069"
        assert format_number(1850) == "1,850"
        assert format_day(FRIDAY) == "الجمعة، 12 يونيو"
        assert number_format(Decimal("1.5")) == "1.5"
