"""Where the next unit of a demand would go, remembered for as long as nothing is booked.

Shoppers ask again and again for the same few demands. What was found for one minute is the answer
for every later minute up to its own beginning: no lane has become free earlier meanwhile, so each
operation still ends first where it did.
"""

from dataclasses import dataclass, field

from production.scheduling.gaps import GapIndex, NoRoom, UnitPlacement
from production.selectors.demands import Demand

KEPT = 2048  # of one plant; about a kilobyte each


@dataclass(frozen=True, slots=True)
class _Found:
    asked: int
    unit: UnitPlacement

    def answers(self, not_before: int) -> bool:
        return self.asked <= not_before <= min(one.start for one in self.unit.operations)


@dataclass(frozen=True, slots=True)
class FirstUnits:
    """One more unit, by demand and by the minute its components are there. Safe for threads."""

    _found: dict[tuple[int, int], _Found] = field(default_factory=dict)

    def place(
        self, index: GapIndex, demand: Demand, *, now: int, release: int
    ) -> UnitPlacement | NoRoom:
        """``index.earliest_unit`` from ``now``, but not before ``release``, of the plant whose
        free time ``index`` is."""
        key, not_before = (demand.place_key, release), max(now, release)
        known = self._found.get(key)
        if known is not None and known.answers(not_before):
            return known.unit
        unit = index.earliest_unit(demand.operations, not_before=not_before)
        if isinstance(unit, UnitPlacement):
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[key] = _Found(not_before, unit)
        return unit
