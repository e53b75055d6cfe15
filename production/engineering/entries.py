"""The lines of the 150 % documents, and what each comes to for one unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from typing import Literal

from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import Expression, Number, Scope

OperationKind = Literal["make", "inspect", "pack"]
COUNTED_UNITS = frozenset({"piece", "set"})
PLACES = 6
"""Decimal places of a quantity."""


@dataclass(frozen=True, slots=True)
class BomEntry:
    """A line of the 150 % bill of materials."""

    component: str
    when: Expression | None
    quantity: Expression
    unit: str
    substitutes: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name that is looked up for it."""
        return _names(self.expressions)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(one for one in (self.when, self.quantity) if one is not None)

    def with_twins(self, twins: Mapping[Expression, Expression]) -> "BomEntry":
        """The same with other expressions that come to the same."""
        when = self.when and twins[self.when]
        return replace(self, when=when, quantity=twins[self.quantity])

    def quantity_in(self, scope: Scope) -> Decimal:
        """How much one unit needs, 0 if none.

        Raises:
            Invalid: negative, or a broken number of pieces (``bad_quantity``).
        """
        if self.when is not None and not self.when.evaluate_truth(scope):
            return Decimal(0)
        quantity = self.quantity.evaluate_decimal(scope)
        is_broken = self.unit in COUNTED_UNITS and quantity != int(quantity)
        if quantity < 0 or is_broken:
            wanted = "a whole number, 0 or more" if self.unit in COUNTED_UNITS else "0 or more"
            raise Invalid(
                "bad_quantity",
                f"Component {self.component} comes to {quantity} {self.unit}; it must be {wanted}."
                f" Correct `{self.quantity.source}`.",
            )
        return Decimal(int(quantity)) if quantity == int(quantity) else round(quantity, PLACES)


@dataclass(frozen=True, slots=True)
class RoutingEntry:
    """An operation of the 150 % routing.

    Attributes:
        after: Ids; None: the nearest entry before it that the unit has.
    """

    id: str
    work_centre: str
    when: Expression | None
    duration: Expression
    resources: tuple[str, ...] | None
    set_up_family: Expression | None
    after: tuple[str, ...] | None
    freezes: tuple[str, ...]
    kind: OperationKind

    @property
    def names(self) -> frozenset[str]:
        """Every name that is looked up for it."""
        return _names(self.expressions)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        said = (self.when, self.duration, self.set_up_family)
        return tuple(one for one in said if one is not None)

    def with_twins(self, twins: Mapping[Expression, Expression]) -> "RoutingEntry":
        """The same with other expressions that come to the same."""
        return replace(
            self,
            when=self.when and twins[self.when],
            duration=twins[self.duration],
            set_up_family=self.set_up_family and twins[self.set_up_family],
        )

    def exists_in(self, scope: Scope) -> bool:
        return self.when is None or self.when.evaluate_truth(scope)

    def duration_in(self, scope: Scope) -> int:
        """Whole minutes at 100 % speed, rounded up.

        Raises:
            Invalid: zero or less (``bad_duration``).
        """
        minutes: Number = self.duration.evaluate_number(scope)
        if minutes <= 0:
            raise Invalid(
                "bad_duration",
                f"Operation {self.id} comes to {minutes} min; it must take more than 0. "
                f"Correct `{self.duration.source}` or say `when` it exists.",
            )
        return ceil(minutes)

    def family_in(self, scope: Scope) -> str | None:
        if self.set_up_family is None:
            return None
        return self.set_up_family.evaluate_text(scope) or None


def _names(expressions: Iterable[Expression]) -> frozenset[str]:
    return frozenset().union(*(one.names for one in expressions))


def resolve_predecessors(
    routing: Sequence[RoutingEntry], existing: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """By operation of the unit, the operations of the unit it waits for, in routing order."""
    ids = [entry.id for entry in routing]
    present = set(existing)
    named = {entry.id: _named(entry, ids, present) for entry in routing}

    def waits_for(name: str) -> set[str]:
        found: set[str] = set()
        open_names, seen = list(named[name]), set()
        while open_names:
            before = open_names.pop()
            if before in present:
                found.add(before)
            elif before not in seen:
                seen.add(before)
                open_names.extend(named[before])
        return found

    return {name: tuple(sorted(waits_for(name), key=ids.index)) for name in existing}


def _named(entry: RoutingEntry, ids: Sequence[str], present: set[str]) -> tuple[str, ...]:
    if entry.after is not None:
        return entry.after
    earlier = ids[: ids.index(entry.id)]
    return next(((name,) for name in reversed(earlier) if name in present), ())
