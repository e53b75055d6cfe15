"""From demands to lots: what is on hand, on its way, bought, brought or made, the way frePPLe nets.

Demands are served in the order of priority and due day. A lot that is larger than what asked for it
leaves the rest to later ones. What nobody supplies is taken as at hand, and said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from cosmo.lib.errors import Invalid
from production.importing.frepple import Demand, ForeignOperation, Shop, Sourcing
from production.importing.rows import Rows

MOST_STEPS = 200_000
Place = tuple[str, str]
"""An item and a location."""


class Source(NamedTuple):
    """Where a quantity comes from: a step, and minutes of transport after it; or just a minute."""

    step: int | None
    lag: int
    ready: int


@dataclass(slots=True)
class _Heap:
    """Some of one item at one location that is not spoken for."""

    quantity: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one lot.

    Attributes:
        demand: Position of the demand that asked first.
        duration_min: Run time, whole minutes, at least 1.
        after: Positions of steps, with the minutes of transport behind them.
        ready: Minute from which what is bought or on its way is there.
    """

    operation: str
    demand: int
    quantity: Decimal
    duration_min: int
    after: tuple[tuple[int, int], ...]
    ready: int


@dataclass(frozen=True, slots=True)
class Served:
    """What a demand is served from."""

    demand: Demand
    sources: tuple[Source, ...]


@dataclass(slots=True)
class Works:
    """Everything that is to be done."""

    steps: list[Step] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)


def work_out(shop: Shop, rows: Rows, longest_min: Mapping[str, int]) -> Works:
    """The lots that serve all open demands.

    Args:
        longest_min: By operation, the longest a run may take to fit a window; larger lots are
            split.

    Raises:
        Invalid: an operation that cannot be split fits no window (``operation_too_long``), or
            there is too much to do (``too_large``).
    """
    return _Netting(shop, rows, longest_min).run()


class _Netting:
    def __init__(self, shop: Shop, rows: Rows, longest_min: Mapping[str, int]) -> None:
        self.shop = shop
        self.rows = rows
        self.longest_min = longest_min
        self.works = Works()
        self.heaps: dict[Place, list[_Heap]] = {}
        self.makers = self._makers()
        self.demand = 0
        for coming in sorted(shop.comings, key=lambda one: one.at or shop.now):
            self._put((coming.item, coming.location), coming.quantity, self._at(coming.at))

    def run(self) -> Works:
        wanted = [one for one in self.shop.demands if one.is_open]
        for demand in sorted(wanted, key=lambda one: (one.priority, one.due, one.name)):
            self.demand = len(self.works.served)
            if demand.operation:
                sources = self._make_by(demand)
            else:
                sources = self._obtain((demand.item, demand.location), demand.quantity, ())
            self.works.served.append(Served(demand, tuple(sources)))
        used = {step.operation for step in self.works.steps}
        for one in self.shop.operations.values():
            if one.name not in used and not used.intersection(one.steps):
                self.rows.note("input.operation", "no open demand needs it")
        return self.works

    def _makers(self) -> dict[Place, list[ForeignOperation]]:
        """Operations by what they make; steps of a routing make what their routing makes."""
        found: dict[Place, list[ForeignOperation]] = {}
        for one in self.shop.operations.values():
            if one.owner:
                continue
            made = self._made_by(one)
            if one.item and made and one.item != made:
                self.rows.note("input.operation.item", "its materials name another, which is made")
            if made or one.item:
                found.setdefault((made or one.item, one.location), []).append(one)
        for makers in found.values():
            makers.sort(key=lambda one: (one.priority, one.name))
        return found

    def _made_by(self, operation: ForeignOperation) -> str:
        for one in (operation, *self._steps_of(operation)):
            for material in one.materials:
                if material.quantity > 0:
                    return material.item
        return ""

    def _steps_of(self, operation: ForeignOperation) -> list[ForeignOperation]:
        steps = [self.shop.operations[name] for name in operation.steps]
        if operation.kind in ("alternate", "split") and steps:
            self.rows.note("input.operation.type", f"{operation.kind}: the first of them is taken")
            return steps[:1]
        return steps

    # Supply

    def _obtain(self, place: Place, quantity: Decimal, path: Sequence[Place]) -> list[Source]:
        sources = self._take(place, quantity)
        missing = quantity - sum((part for part, _ in sources), Decimal(0))
        found = [source for _, source in sources]
        if missing > 0:
            found += self._supply(place, missing, path)
        return found

    def _supply(self, place: Place, missing: Decimal, path: Sequence[Place]) -> list[Source]:
        ways: list[tuple[int, int, ForeignOperation | Sourcing]] = []
        if place not in path:
            ways += [(one.priority, 0, one) for one in self.makers.get(place, ())]
            ways += [(one.priority, 1, one) for one in self._sourcings(place)]
        ways = [way for way in ways if way[0] > 0]
        if not ways:
            self.rows.note("input.item", "nobody supplies it there: taken as at hand")
            return [Source(None, 0, 0)]
        chosen = min(ways, key=lambda way: way[:2])[2]
        if isinstance(chosen, Sourcing):
            return self._fetch(chosen, place, missing, (*path, place))
        made = self._make(chosen, missing, (*path, place))
        left = sum((part for part, _ in made), Decimal(0)) - missing
        if left > 0:
            self.heaps.setdefault(place, []).append(_Heap(left, made[-1][1]))
        return [source for _, source in made]

    def _sourcings(self, place: Place) -> list[Sourcing]:
        """Of the item or a group it belongs to, to this location or to all."""
        item, location = place
        names = [item]
        while (owner := self.shop.items.get(names[-1], "")) and owner not in names:
            names.append(owner)
        return [
            one
            for one in self.shop.sourcings
            if one.item in names and one.location in ("", location) and one.origin != location
        ]

    def _fetch(
        self, way: Sourcing, place: Place, missing: Decimal, path: Sequence[Place]
    ) -> list[Source]:
        lag = minutes(way.lead_s)
        lot = _rounded(missing, way.smallest, way.multiple)
        if not way.origin:
            source = Source(None, 0, lag)
            if lot > missing:
                self.heaps.setdefault(place, []).append(_Heap(lot - missing, source))
            return [source]
        # What a lorry takes along beyond the need is not asked of those before it.
        found = self._obtain((place[0], way.origin), missing, path)
        return [
            Source(one.step, one.lag + lag, one.ready + (0 if one.step is not None else lag))
            for one in found
        ]

    def _take(self, place: Place, quantity: Decimal) -> list[tuple[Decimal, Source]]:
        taken: list[tuple[Decimal, Source]] = []
        heaps = self.heaps.get(place, [])
        while heaps and quantity > 0:
            part = min(heaps[0].quantity, quantity)
            taken.append((part, heaps[0].source))
            heaps[0].quantity -= part
            quantity -= part
            if heaps[0].quantity <= 0:
                heaps.pop(0)
        return taken

    def _put(self, place: Place, quantity: Decimal, ready: int) -> None:
        """More, or less: what is on its way to elsewhere is taken from what was there first."""
        if quantity > 0:
            self.heaps.setdefault(place, []).append(_Heap(quantity, Source(None, 0, ready)))
        elif quantity < 0:
            self._take(place, -quantity)

    def _at(self, moment: datetime | None) -> int:
        if moment is None:
            return 0
        return max(0, minutes(Decimal(int((moment - self.shop.now).total_seconds()))))

    # Making

    def _make_by(self, demand: Demand) -> list[Source]:
        operation = self.shop.operations.get(demand.operation)
        if operation is None:
            raise Invalid(
                "bad_fixture",
                f"{self.rows.source}: demand {demand.name!r} asks for operation "
                f"{demand.operation!r}, which is not in the file.",
            )
        path = ((demand.item, demand.location),)
        return [source for _, source in self._make(operation, demand.quantity, path)]

    def _make(
        self, operation: ForeignOperation, quantity: Decimal, path: Sequence[Place]
    ) -> list[tuple[Decimal, Source]]:
        """Lots one beside the other; each with what comes out of it."""
        per_lot = self._lot_limit(operation)
        made: list[tuple[Decimal, Source]] = []
        while quantity > 0:
            lot = _rounded(quantity, operation.smallest, operation.multiple)
            if per_lot is not None:
                lot = min(lot, per_lot)
            last = self._add_lot(operation, lot, path)
            made.append((lot, Source(last, 0, 0)))
            quantity -= lot
        return made

    def _lot_limit(self, operation: ForeignOperation) -> Decimal | None:
        limits = [operation.largest] if operation.largest else []
        for one in (operation, *self._steps_of(operation)):
            longest = self.longest_min.get(one.name)
            if longest is None or one.steps:
                continue
            if not one.per_piece_s:
                if minutes(one.fixed_s) > longest:
                    raise self._too_long(one, longest)
                continue
            most = (Decimal(longest * 60) - one.fixed_s) // one.per_piece_s
            if most < 1:
                raise self._too_long(one, longest)
            limits.append(most)
        return min(limits, default=None)

    def _too_long(self, one: ForeignOperation, longest: int) -> Invalid:
        return Invalid(
            "operation_too_long",
            f"{self.rows.source}: operation {one.name!r} takes {minutes(one.fixed_s)} min at "
            f"least; the longest open window of its resources has {longest} min.",
        )

    def _add_lot(
        self, operation: ForeignOperation, quantity: Decimal, path: Sequence[Place]
    ) -> int:
        steps = self._steps_of(operation) or [operation]
        before: list[tuple[int, int]] = []
        for number, one in enumerate(steps):
            wanted = [*one.materials]
            if number == 0 and one is not operation:
                wanted += operation.materials
            sources = [
                source
                for material in wanted
                if material.quantity < 0
                for source in self._obtain(
                    (material.item, one.location or operation.location),
                    -material.quantity * quantity,
                    path,
                )
            ]
            before = [self._add_step(one, quantity, before, sources)]
        return before[0][0]

    def _add_step(
        self,
        operation: ForeignOperation,
        quantity: Decimal,
        before: Sequence[tuple[int, int]],
        sources: Sequence[Source],
    ) -> tuple[int, int]:
        lags: dict[int, int] = dict(before)
        for source in sources:
            if source.step is not None:
                lags[source.step] = max(source.lag, lags.get(source.step, 0))
        if len(self.works.steps) >= MOST_STEPS:
            raise Invalid(
                "too_large", f"{self.rows.source}: more than {MOST_STEPS} operations to plan."
            )
        per_piece = operation.per_piece_s if operation.kind != "fixed_time" else Decimal(0)
        self.works.steps.append(
            Step(
                operation=operation.name,
                demand=self.demand,
                quantity=quantity,
                duration_min=max(1, minutes(operation.fixed_s + per_piece * quantity)),
                after=tuple(sorted(lags.items())),
                ready=max((one.ready for one in sources), default=0),
            )
        )
        return len(self.works.steps) - 1, 0


def minutes(seconds: Decimal) -> int:
    """Whole minutes, rounded up."""
    return int((seconds / 60).to_integral_value(rounding=ROUND_CEILING))


def _rounded(quantity: Decimal, smallest: Decimal, multiple: Decimal) -> Decimal:
    """At least the smallest lot, in its multiples."""
    wanted = max(quantity, smallest)
    if multiple > 0:
        return (wanted / multiple).to_integral_value(rounding=ROUND_CEILING) * multiple
    return wanted
