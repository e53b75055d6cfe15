"""Amounts add up to the cent, whatever the prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.totals import line_amounts, split_by_rate, totals

PRICES = st.decimals(min_value=0, max_value=100_000, places=2)


@given(st.lists(st.tuples(PRICES, st.integers(1, 20)), max_size=6), st.sampled_from([0, 7, 19]))
def test_net_and_tax_make_gross_exactly(lines: list[tuple[Decimal, int]], percent: int) -> None:
    amounts = [
        line_amounts(unit_price=p, quantity=q, tax_percent=Decimal(percent), currency="EUR")
        for p, q in lines
    ]
    sums = totals(amounts)
    assert sums.gross == sum((p * q for p, q in lines), Decimal(0))
    assert sums.net + sums.tax == sums.gross
    for line in amounts:
        exact = line.gross * percent / (100 + Decimal(percent))
        assert abs(line.tax - exact) <= Decimal("0.005")


def test_a_hundred_and_nineteen_holds_nineteen() -> None:
    line = line_amounts(
        unit_price=Decimal("119.00"), quantity=2, tax_percent=Decimal(19), currency="EUR"
    )
    assert (line.gross, line.net, line.tax) == (Decimal("238.00"), Decimal(200), Decimal(38))


@pytest.mark.parametrize(("price", "quantity"), [(Decimal(-1), 1), (Decimal(1), 0)])
def test_what_is_no_line_is_refused(price: Decimal, quantity: int) -> None:
    with pytest.raises(ValueError, match=r"0|1"):
        line_amounts(unit_price=price, quantity=quantity, tax_percent=Decimal(19), currency="EUR")


def test_money_back_is_split_over_the_rates_to_the_cent() -> None:
    weights = {Decimal(19): Decimal(100), Decimal(7): Decimal(50), Decimal(0): Decimal(0)}
    parts = split_by_rate(Decimal("10.00"), weights, "EUR")
    assert [(one.percent, one.gross, one.tax) for one in parts] == [
        (Decimal(7), Decimal("3.33"), Decimal("0.22")),
        (Decimal(19), Decimal("6.67"), Decimal("1.06")),
    ]
    assert all(one.net + one.tax == one.gross for one in parts)
    assert (
        sum(one.gross for one in split_by_rate(Decimal(100), {Decimal(1): Decimal(3)}, "JPY"))
        == 100
    )
    with pytest.raises(ValueError, match="cannot be split"):
        split_by_rate(Decimal(1), {Decimal(19): Decimal(0)}, "EUR")
