"""What one unit needs: its bill of materials and its operations, from the 150 % documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import (
    Composed,
    ExpressionError,
    Followed,
    Remembered,
    Scope,
    sharing,
)
from production.engineering.entries import (
    BomEntry,
    OperationKind,
    RoutingEntry,
    resolve_predecessors,
)
from production.engineering.plant import PlantBook
from production.engineering.reader import IsPossible, read_engineering
from production.scheduling.problem import topological_order


@dataclass(frozen=True, slots=True)
class BomLine:
    """``quantity`` (above zero) ``unit`` of one component in one unit of the product; as much of a
    substitute serves as well, the first named first.
    """

    component: str
    quantity: Decimal
    unit: str
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """One operation of one unit.

    Attributes:
        resources: Ids of the resources that can do it; None: all of the work centre.
        duration_min: Run time at 100 % speed, whole minutes, at least 1, without set-up.
        set_up_family: None: no set-up.
        after: Operations of this unit that end before it starts.
        freezes: Features that can no longer change once it has started.
    """

    id: str
    work_centre: str
    resources: tuple[str, ...] | None
    duration_min: int
    set_up_family: str | None
    after: tuple[str, ...]
    freezes: tuple[str, ...]
    kind: OperationKind


E = TypeVar("E", BomEntry, RoutingEntry)
T = TypeVar("T")

KEPT = 4096  # operations of a book, each in some hundred bytes

Precedence = tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]
"""An order in which operations can be done, and for each those it waits for."""


@dataclass(frozen=True, slots=True)
class EngineeringBook:
    """The engineering of one product at one plant. Build it with ``from_document``."""

    product: str
    plant: str
    bom_entries: tuple[BomEntry, ...]
    routing: tuple[RoutingEntry, ...]
    _lines: Followed[BomLine | None] = field(init=False, compare=False, repr=False)
    _steps: Followed[OperationPlan | None] = field(init=False, compare=False, repr=False)
    _plans: Composed[OperationPlan, tuple[OperationPlan, ...]] = field(
        init=False, compare=False, repr=False
    )
    _same: dict[tuple[OperationPlan, tuple[str, ...]], OperationPlan] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _precedences: dict[tuple[str, ...], Precedence] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        # Thirteen woods have the same boards: what they come to is worked out once for all.
        entries: Sequence[BomEntry | RoutingEntry] = (*self.bom_entries, *self.routing)
        twins = sharing(said for one in entries for said in one.expressions)
        bom_entries = tuple(one.with_twins(twins) for one in self.bom_entries)
        object.__setattr__(self, "bom_entries", bom_entries)
        object.__setattr__(self, "routing", tuple(one.with_twins(twins) for one in self.routing))
        object.__setattr__(self, "_lines", _followed(self.bom_entries, _line))
        object.__setattr__(self, "_steps", _followed(self.routing, _step))
        object.__setattr__(self, "_plans", Composed(self._in_order))

    @property
    def names(self) -> frozenset[str]:
        """Every name that any expression looks up."""
        components = [one.names for one in self.bom_entries]
        return frozenset().union(*components, *(one.names for one in self.routing))

    @classmethod
    def from_document(
        cls,
        document: Mapping[str, Any],
        *,
        offer_features: Sequence[Mapping[str, Any]] | None = None,
        plant: PlantBook | None = None,
        is_possible: IsPossible | None = None,
    ) -> "EngineeringBook":
        """Read a document that satisfies the engineering's JSON Schema.

        Args:
            offer_features: The offer document's ``features``: names, options and values are
                checked and every expression is tried with the choices it can meet.
            plant: Work centres, resources and windows are checked.
            is_possible: Whether some choices can go together under the offer's rules
                (``Engine.is_valid``); a fault only in impossible choices is none.

        Raises:
            DocumentError: with every fault of meaning that was found.
        """
        bom_entries, routing = read_engineering(document, offer_features, plant, is_possible)
        return cls(document["product"], document["plant"], bom_entries, routing)

    def bom(self, scope: Scope) -> tuple[BomLine, ...]:
        """The components of one unit, in the order of the document.

        Raises:
            Invalid: an expression gives no usable value (``bad_engineering``, ``bad_quantity``).
        """
        return tuple(line for line in self._lines(scope) if line is not None)

    def operations(self, scope: Scope) -> tuple[OperationPlan, ...]:
        """The operations of one unit, each after those it waits for; the same object where they
        are the same.

        A missing operation hands on what it would have waited for.

        Raises:
            Invalid: an expression gives no usable value (``bad_engineering``, ``bad_duration``),
                or nothing is to be done (``empty_routing``).
        """
        return self._plans(tuple(plan for plan in self._steps(scope) if plan is not None))

    def _in_order(self, alone: tuple[OperationPlan, ...]) -> tuple[OperationPlan, ...]:
        if not alone:
            raise Invalid("empty_routing", f"The routing of {self.product} has nothing to do here.")
        order, after = self._precedence(tuple(plan.id for plan in alone))
        return tuple(self._waiting(alone[number], after[number]) for number in order)

    def _waiting(self, alone: OperationPlan, after: tuple[str, ...]) -> OperationPlan:
        """One object for equal plans, so that what is made of them is made once."""
        known = self._same.get((alone, after))
        if known is None:
            if len(self._same) >= KEPT:
                self._same.clear()
            known = self._same[alone, after] = replace(alone, after=after)
        return known

    def _precedence(self, ids: tuple[str, ...]) -> Precedence:
        known = self._precedences.get(ids)
        if known is None:
            found = resolve_predecessors(self.routing, ids)
            after = tuple(found[one] for one in ids)
            position = {one: number for number, one in enumerate(ids)}
            order = topological_order([[position[b] for b in before] for before in after])
            if len(self._precedences) >= KEPT:
                self._precedences.clear()
            known = self._precedences[ids] = tuple(order), after
        return known


def _followed(entries: Sequence[E], work: Callable[[E, Scope], T]) -> Followed[T]:
    return Followed([(one.names, Remembered(one.names, partial(work, one))) for one in entries])


def _step(entry: RoutingEntry, scope: Scope) -> OperationPlan | None:
    """The operation by itself; None where the unit has none."""
    try:
        if not entry.exists_in(scope):
            return None
        duration, family = entry.duration_in(scope), entry.family_in(scope)
    except ExpressionError as error:
        raise _refusal(f"operation {entry.id}", error) from error
    return OperationPlan(
        id=entry.id,
        work_centre=entry.work_centre,
        resources=entry.resources,
        duration_min=duration,
        set_up_family=family,
        after=(),
        freezes=entry.freezes,
        kind=entry.kind,
    )


def _line(entry: BomEntry, scope: Scope) -> BomLine | None:
    try:
        quantity = entry.quantity_in(scope)
    except ExpressionError as error:
        raise _refusal(f"component {entry.component}", error) from error
    if not quantity:
        return None
    return BomLine(entry.component, quantity, entry.unit, entry.substitutes)


def _refusal(what: str, error: ExpressionError) -> Invalid:
    return Invalid("bad_engineering", f"The engineering's {what} cannot be worked out: {error}")
