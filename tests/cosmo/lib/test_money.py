"""Amounts are rounded in one place and nothing is lost between their parts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmo.lib.money import round_money, sum_money, tax_included

amounts = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)
percents = st.decimals(0, 60, places=2, allow_nan=False)
currencies = st.sampled_from(["EUR", "CNY", "JPY", "KWD"])


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("-1.005", "EUR", "-1.01"),
        ("1.0049", "EUR", "1.00"),
        ("12", "EUR", "12.00"),
        ("1234.5", "JPY", "1235"),
        ("1.23456", "KWD", "1.235"),
        ("-0.001", "EUR", "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero_to_the_unit_of_the_currency(
    amount: str, currency: str, rounded: str
) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("total", "percent", "net", "tax"),
    [
        ("1810.00", "19", "1521.01", "288.99"),
        ("119.00", "19", "100.00", "19.00"),
        ("0.01", "19", "0.01", "0.00"),
        ("100.00", "0", "100.00", "0.00"),
        ("-119.00", "19", "-100.00", "-19.00"),
        ("108.10", "8.1", "100.00", "8.10"),
    ],
)
def test_tax_is_taken_out_of_the_total(total: str, percent: str, net: str, tax: str) -> None:
    split = tax_included(Decimal(total), Decimal(percent), "EUR")
    assert (str(split.net), str(split.tax)) == (net, tax)


@given(amounts, percents, currencies)
def test_net_and_tax_are_the_total_again(amount: Decimal, percent: Decimal, currency: str) -> None:
    total = round_money(amount, currency)
    net, tax = tax_included(total, percent, currency)
    assert net + tax == total
    assert net == round_money(net, currency)
    assert tax == round_money(tax, currency)
    unit = Decimal(1).scaleb(int(round_money(0, currency).as_tuple().exponent))
    assert abs(net * (100 + percent) / 100 - total) <= unit
    assert net * tax >= 0


@given(st.lists(amounts), currencies)
def test_a_sum_of_rounded_amounts_needs_no_rounding(raw: list[Decimal], currency: str) -> None:
    rounded = [round_money(amount, currency) for amount in raw]
    total = sum_money(rounded, currency)
    assert total == round_money(total, currency) == sum(rounded)
    assert total.as_tuple().exponent == round_money(0, currency).as_tuple().exponent


def test_a_negative_tax_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 percent"):
        tax_included(Decimal(100), Decimal(-1))
