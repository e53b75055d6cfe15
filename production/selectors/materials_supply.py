"""When components can be had: from stock, from what is on its way, or by ordering. Plain values.

A claim takes the first of a bill's component and its substitutes that is there now; where none is,
the one that can be had earliest, the bill's own first among equals. A component that the plant does
not count is always there, and stands in for no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

OVERDUE = timedelta(days=1)
"""A delivery that should be there and is not is counted on a day from now."""


@dataclass(frozen=True, slots=True)
class Need:
    """``quantity`` of one component for one unit; ``substitutes`` in the order of preference."""

    component: str
    quantity: Decimal
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """What serves a need.

    Attributes:
        component: The code that is taken.
        stock_id: None where the plant does not count the component: always at hand.
        instead_of: Code of the bill's own component when this is a substitute, else empty.
        available_at: None: it is there.
    """

    component: str
    quantity: Decimal
    stock_id: int | None
    instead_of: str = ""
    available_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """What all needs together come to.

    Attributes:
        at: Moment from which everything is there; None: it is there now.
        deciding: Components that are there last, empty when ``at`` is None.
        picks: One a need, in their order.
    """

    at: datetime | None
    deciding: tuple[str, ...]
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class ComponentSupply:
    """One component at one plant.

    Attributes:
        free: On hand and not kept for anybody, less what earlier claims wait for; may be negative.
        receipts: ``(expected at, quantity still to come)``, earliest first.
    """

    stock_id: int
    free: Decimal
    receipts: tuple[tuple[datetime, Decimal], ...]
    lead_time_days: int

    def when(self, quantity: Decimal, at: datetime) -> datetime | None:
        """The moment ``quantity`` more can be had, None for at once (``at``, plant time)."""
        if self.free >= quantity:
            return None
        by_order = at + timedelta(days=self.lead_time_days)
        total = self.free
        for expected_at, coming in self.receipts:
            total += coming
            if total >= quantity:
                due = expected_at if expected_at > at else at + OVERDUE
                return min(due, by_order)
        return by_order


@dataclass(frozen=True, slots=True)
class PlantSupply:
    """The counted components of one plant by code, as of its ``material_seq``. Immutable."""

    plant_id: int
    seq: int
    components: Mapping[str, ComponentSupply] = field(default_factory=dict)

    def availability(self, needs: Iterable[Need], at: datetime) -> Availability:
        """When one set of needs can be had; nobody else takes anything meanwhile."""
        return Counter(self, at).take(needs)


class Counter:
    """Serves needs one set after the other, each from what the ones before have left."""

    def __init__(self, supply: PlantSupply, at: datetime) -> None:
        self.supply = supply
        self.at = at
        self.taken: dict[str, Decimal] = {}
        self._first: dict[Need, Pick] = {}  # what serves a need of which nothing is taken yet

    def copy(self) -> "Counter":
        """One that goes on from here by itself."""
        twin = Counter(self.supply, self.at)
        twin.taken = dict(self.taken)
        twin._first = self._first
        return twin

    def take(self, needs: Iterable[Need]) -> Availability:
        picks = tuple(self._pick(need) for need in needs)
        last = max((pick.available_at for pick in picks if pick.available_at), default=None)
        deciding = tuple(
            dict.fromkeys(p.component for p in picks if last and p.available_at == last)
        )
        return Availability(last, deciding, picks)

    def _pick(self, need: Need) -> Pick:
        best = self._best_first(need) if self._is_untouched(need) else self._best(need)
        if best.stock_id is not None:
            self.taken[best.component] = self._taken(best.component) + best.quantity
        return best

    def _is_untouched(self, need: Need) -> bool:
        taken = self.taken
        return need.component not in taken and not any(code in taken for code in need.substitutes)

    def _best_first(self, need: Need) -> Pick:
        found = self._first.get(need)
        if found is None:
            found = self._first[need] = self._best(need)
        return found

    def _best(self, need: Need) -> Pick:
        known = self.supply.components
        others = [c for c in need.substitutes if c in known] if need.component in known else []
        offers = [self._offer(need, code) for code in (need.component, *others)]
        return min(offers, key=lambda pick: pick.available_at or self.at)

    def _offer(self, need: Need, code: str) -> Pick:
        instead_of = "" if code == need.component else need.component
        known = self.supply.components.get(code)
        if known is None:
            return Pick(code, need.quantity, None, instead_of)
        moment = known.when(need.quantity + self._taken(code), self.at)
        return Pick(code, need.quantity, known.stock_id, instead_of, moment)

    def _taken(self, code: str) -> Decimal:
        return self.taken.get(code, Decimal(0))


def needs_in(wanted: Mapping[str, Decimal] | Sequence[Need]) -> Sequence[Need]:
    """Needs given as such, or by component."""
    if isinstance(wanted, Mapping):
        return [Need(code, quantity) for code, quantity in wanted.items()]
    return wanted


def times(needs: Iterable[Need], count: int) -> list[Need]:
    """What ``count`` like units need."""
    return [Need(need.component, need.quantity * count, need.substitutes) for need in needs]
