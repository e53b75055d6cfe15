"""The price lines of one offer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from cosmo.lib.expressions import (
    BOOLEAN,
    NUMBER,
    Expression,
    Reading,
    Remembered,
    Scope,
    sharing,
    suggestion,
)
from cosmo.lib.money import PriceLine, TaxSplit, round_money, sum_money, tax_included
from design.rules import Model, first_fault

BASE = "base"
"""Id of the first line of every price."""


@dataclass(frozen=True, slots=True)
class ConditionalLine:
    """A line that counts when its condition holds.

    Attributes:
        amount: Expression of the amount with tax, rounded after evaluation.
        names: The features the line depends on.
    """

    id: str
    feature: str | None
    when: Expression | None
    amount: Expression
    names: frozenset[str]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.amount,) if self.when is None else (self.when, self.amount)

    def with_twins(self, twins: Mapping[Expression, Expression]) -> "ConditionalLine":
        """The same with other expressions that come to the same."""
        return replace(self, when=self.when and twins[self.when], amount=twins[self.amount])

    def value(self, scope: Scope) -> Decimal | None:
        """The amount, not yet rounded; None when the line does not count."""
        if self.when is not None and not self.when.evaluate_truth(scope):
            return None
        return self.amount.evaluate_decimal(scope)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Every line a price of this offer can have.

    Attributes:
        currency: ISO 4217 code of all amounts.
        tax_percent: Tax that all amounts include.
        base: Price before any line.
    """

    currency: str
    tax_percent: Decimal
    base: Decimal
    conditional: tuple[ConditionalLine, ...]
    _amounts: Mapping[str, Remembered[Decimal | None]] = field(
        init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        twins = sharing(said for one in self.conditional for said in one.expressions)
        conditional = tuple(one.with_twins(twins) for one in self.conditional)
        object.__setattr__(self, "conditional", conditional)
        amounts = {
            one.id: Remembered(one.names, partial(self._rounded, one)) for one in self.conditional
        }
        object.__setattr__(self, "_amounts", amounts)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], model: Model | None = None) -> "PriceBook":
        """Read an offer document; with ``model`` every expression is also tried on its features.

        Raises:
            DocumentError: with every fault that was found.
        """
        reading = Reading()
        entries = document["price"]["lines"]
        reading.unique_ids(("price", "lines"), entries, "Price line")
        lines = [
            _read_line(reading, entry, ("price", "lines", index), model)
            for index, entry in enumerate(entries)
        ]
        reading.finish()
        currency = document["currency"]
        return cls(
            currency=currency,
            tax_percent=Decimal(str(document["tax_percent"])),
            base=round_money(Decimal(str(document["price"]["base"])), currency),
            conditional=tuple(line for line in lines if line is not None),
        )

    def amount(self, line: ConditionalLine, scope: Scope) -> Decimal | None:
        """The rounded amount of one line; None when it does not count or is nothing."""
        return self._amounts[line.id](scope)

    def _rounded(self, line: ConditionalLine, scope: Scope) -> Decimal | None:
        value = line.value(scope)
        return round_money(value, self.currency) or None if value is not None else None

    def lines(self, scope: Scope) -> tuple[PriceLine, ...]:
        """The base and every line that counts, in the order of the document."""
        counting = (
            PriceLine(line.id, line.feature, amount)
            for line in self.conditional
            if (amount := self.amount(line, scope)) is not None
        )
        return (PriceLine(BASE, None, self.base), *counting)

    def total(self, lines: Iterable[PriceLine]) -> Decimal:
        """The sum of ``lines``, exactly."""
        return sum_money([line.amount for line in lines], self.currency)

    def tax(self, total: Decimal) -> TaxSplit:
        """``total`` as net amount and tax."""
        return tax_included(total, self.tax_percent, self.currency)


def _read_line(
    reading: Reading,
    entry: Mapping[str, Any],
    path: Sequence[str | int],
    model: Model | None,
) -> ConditionalLine | None:
    environment = model.environment if model else None
    place = tuple(path)
    if entry["id"] == BASE:
        sentence = f"'{BASE}' is the id of the base price; choose another."
        reading.note((*place, "id"), "duplicate_id", sentence)
    feature = entry.get("feature")
    if model is not None and feature is not None and feature not in model.by_id:
        sentence = f"There is no feature '{feature}'.{suggestion(feature, model.by_id)}"
        reading.note((*place, "feature"), "unknown_feature", sentence)
    amount = reading.expression((*place, "amount"), entry["amount"], environment, NUMBER)
    when = None
    if "when" in entry:
        when = reading.expression((*place, "when"), entry["when"], environment, BOOLEAN)
        if when is None:
            return None
    if amount is None:
        return None
    names = amount.names | (when.names if when else frozenset())
    line = ConditionalLine(entry["id"], feature, when, amount, names)
    if model is not None:
        fault = first_fault(model, names, partial(ConditionalLine.value, line))
        if fault is not None:
            reading.note_error((*place, "amount"), fault)
    return line
