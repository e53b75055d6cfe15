"""Money: exact amounts, rounded per currency in this one place. Pure; never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

# Digits after the point where a currency does not have two (ISO 4217).
_DIGITS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a price; a price is a list of these and its total is their sum.

    Attributes:
        id: Key of the line's text; unique within one price.
        feature: The feature it is shown with, or None.
        amount: With tax, rounded to the currency; negative for a discount.
    """

    id: str
    feature: str | None
    amount: Decimal


class TaxSplit(NamedTuple):
    """A total taken apart: ``net + tax`` is the total again, exactly."""

    net: Decimal
    tax: Decimal


def round_money(amount: Decimal | int, currency: str) -> Decimal:
    """``amount`` to the smallest unit of ``currency``; halves are rounded away from zero."""
    unit = Decimal(1).scaleb(-_DIGITS.get(currency, 2))
    return Decimal(amount).quantize(unit, rounding=ROUND_HALF_UP) + 0


def sum_money(amounts: "list[Decimal] | tuple[Decimal, ...]", currency: str) -> Decimal:
    """The sum of rounded amounts, with the digits of the currency even when there are none."""
    return sum(amounts, round_money(0, currency))


def tax_included(total: Decimal, percent: Decimal, currency: str = "EUR") -> TaxSplit:
    """What of ``total`` is tax at ``percent``, both rounded to ``currency``.

    The net amount is rounded and the tax is what remains, so nothing is lost between them.
    """
    if percent < 0:
        raise ValueError(f"A tax of {percent} percent is below zero.")
    net = round_money(total * 100 / (100 + percent), currency)
    return TaxSplit(net=net, tax=total - net)
