"""Tax and totals over price lines. Pure: amounts in, amounts out, no rounding but per currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cosmo.lib.money import round_money, tax_included

REBATE = "campaign_rebate"
"""Id of the price line that a campaign takes off."""


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """Amounts of one order line, all units together.

    Attributes:
        gross: Unit price times quantity.
        net: Gross without the included tax.
        tax: What is included; ``net + tax == gross`` exactly.
    """

    gross: Decimal
    net: Decimal
    tax: Decimal


def line_amounts(
    *, unit_price: Decimal, quantity: int, tax_percent: Decimal, currency: str
) -> LineAmounts:
    """Amounts of ``quantity`` units at a gross ``unit_price``.

    Raises:
        ValueError: a quantity below 1 or a negative price.
    """
    if quantity < 1:
        raise ValueError(f"A line has at least 1 unit, not {quantity}.")
    if unit_price < 0:
        raise ValueError(f"A unit price is 0 or more, not {unit_price}.")
    gross = round_money(unit_price * quantity, currency)
    split = tax_included(gross, tax_percent, currency)
    return LineAmounts(gross=gross, net=split.net, tax=split.tax)


@dataclass(frozen=True, slots=True)
class TaxPart:
    """A part of an amount at one rate; ``net + tax == gross`` exactly."""

    percent: Decimal
    gross: Decimal
    net: Decimal
    tax: Decimal


def split_by_rate(
    amount: Decimal, weights: Mapping[Decimal, Decimal], currency: str
) -> tuple[TaxPart, ...]:
    """``amount`` over the rates in proportion, the lowest first; the parts add up to it exactly.

    Args:
        weights: What there is at each rate; those of nothing have no part.

    Raises:
        ValueError: no rate has anything.
    """
    left, whole = amount, sum((one for one in weights.values() if one > 0), Decimal(0))
    if not whole:
        raise ValueError(f"{amount} cannot be split: no rate has anything.")
    parts = []
    for percent, weight in sorted((p, w) for p, w in weights.items() if w > 0):
        part = round_money(left * weight / whole, currency)
        split = tax_included(part, percent, currency)
        parts.append(TaxPart(percent, part, split.net, split.tax))
        left, whole = left - part, whole - weight
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of an order; delivery within the country is included in the prices."""

    gross: Decimal
    net: Decimal
    tax: Decimal


def totals(lines: Sequence[LineAmounts]) -> Totals:
    """The sum of the lines; tax is summed per line, as it is shown per line."""
    return Totals(
        gross=sum((line.gross for line in lines), Decimal(0)),
        net=sum((line.net for line in lines), Decimal(0)),
        tax=sum((line.tax for line in lines), Decimal(0)),
    )
