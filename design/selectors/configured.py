"""What a set of choices comes to: selection, what is still possible, price. One answer for all.

The studio, the partner API and the cart read it from here, so that none of them can differ.
"""

from dataclasses import dataclass
from decimal import Decimal

from cosmo.lib.money import PriceLine, round_money, tax_included
from design.compile import CompiledOffer
from design.rules import Choice, Choices, Conflict, Domains, Selection, TextNeeded

SAMPLE_TEXT = "Aa"


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
        missing_text: The feature whose text must still be written; "" when nothing is missing.
        domains: Per feature what can still be chosen so that a full design remains, complete.
    """

    choices: Choices
    dropped: tuple[Choice, ...]
    selection: Selection
    domains: Domains
    price: Price
    missing_text: str = ""


def price_of(compiled: CompiledOffer, selection: Selection) -> Price:
    lines = compiled.price_lines(selection)
    total = round_money(sum((line.amount for line in lines), Decimal(0)), compiled.currency)
    split = tax_included(total, compiled.tax_percent, compiled.currency)
    return Price(
        currency=compiled.currency,
        lines=lines,
        total=total,
        net=split.net,
        tax=split.tax,
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
    dropped: tuple[Choice, ...] = ()
    if not compiled.engine.is_valid(choices):
        kept, dropped = compiled.engine.keep_newest(choices)
    selection, missing_text = complete_for_show(compiled, kept, prefer)
    return Configured(
        choices=kept,
        dropped=dropped,
        selection=selection,
        domains=compiled.engine.domains(kept),
        price=price_of(compiled, selection),
        missing_text=missing_text,
    )


def complete_for_show(
    compiled: CompiledOffer, choices: Choices, prefer: Selection | None = None
) -> tuple[Selection, str]:
    """The selection, and the feature whose text is still to be written ("" when none is).

    Where a choice asks for a text that nobody has written yet, a sample stands in for it, so that
    picture and price can already be shown; the design cannot be saved or sold like that.
    """
    try:
        return compiled.engine.complete(choices, prefer), ""
    except TextNeeded as needed:
        feature = str(needed.facts["feature"])
    return compiled.engine.complete({**choices, feature: SAMPLE_TEXT}, prefer), feature


def why_not(
    compiled: CompiledOffer, choices: Choices, feature: str, option: str | int
) -> Conflict | None:
    """The fewest earlier choices, with the rules, that forbid ``option``; None when it is valid."""
    return compiled.engine.explain(choices, feature, option)
