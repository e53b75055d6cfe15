"""What a set of choices comes to: selection, what is still possible, price. One answer for all.

The studio, the partner API and the cart read it from here, so that none of them can differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cosmo.lib.money import PriceLine, round_money, tax_included
from design.compile import CompiledOffer
from design.rules import Choices, Conflict, Selection


@dataclass(frozen=True, slots=True)
class Price:
    """Gross price lines that add up to ``total``; ``tax`` is included in it."""

    currency: str
    lines: tuple[PriceLine, ...]
    total: Decimal
    net: Decimal
    tax: Decimal
    tax_percent: Decimal


@dataclass(frozen=True, slots=True)
class Configured:
    """The answer to a set of choices.

    Attributes:
        choices: What was chosen, oldest first, without what had to give way.
        dropped: Earlier choices that the newest one displaced; empty unless asked to go ahead.
        selection: Every feature's answer.
        domains: Per feature what can still be chosen so that a full design remains, complete.
    """

    choices: Choices
    dropped: Choices
    selection: Selection
    domains: Mapping[str, frozenset[str] | frozenset[int]]
    price: Price


def price_of(compiled: CompiledOffer, selection: Selection) -> Price:
    lines = compiled.price_lines(selection)
    total = round_money(sum((line.amount for line in lines), Decimal(0)), compiled.currency)
    net, tax = tax_included(total, compiled.tax_percent, compiled.currency)
    return Price(
        currency=compiled.currency,
        lines=lines,
        total=total,
        net=net,
        tax=tax,
        tax_percent=compiled.tax_percent,
    )


def configure(
    compiled: CompiledOffer, choices: Choices, *, prefer: Selection | None = None
) -> Configured:
    """What ``choices`` come to. Choices that contradict each other keep the newest.

    Args:
        choices: Answers, oldest first, each already checked against the model.
        prefer: The selection before, so that nothing moves that need not.
    """
    kept: Choices = choices
    dropped: Choices = {}
    if not compiled.engine.is_valid(choices):
        kept, dropped = compiled.engine.keep_newest(choices)
    selection = compiled.engine.complete(kept, prefer)
    return Configured(
        choices=kept,
        dropped=dropped,
        selection=selection,
        domains=compiled.engine.domains(kept),
        price=price_of(compiled, selection),
    )


def why_not(compiled: CompiledOffer, choices: Choices, feature: str, option: str) -> Conflict:
    """The smallest set of earlier choices, with the rules, that forbids ``option``."""
    return compiled.engine.explain(choices, feature, option)
