"""The cheapest design with some choices, and the cheapest with each single option."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from design.rules import (
    ANY_TEXT,
    Caps,
    Choices,
    ChoiceValue,
    Diagram,
    Engine,
    Selection,
    TextNeeded,
    scope_of,
)
from design.rules.diagram import build
from design.rules.diagram.flat import FAR
from design.rules.diagram.walk import DiagramAnswers, compiled
from design.rules.levels import levels_of, meaning_of

from .book import PriceBook
from .costs import ONE_CHARACTER, Costs, amounts_of, costs_of, tie
from .solved import solve


@dataclass(frozen=True, slots=True)
class Cheapest:
    """A cheap design.

    Attributes:
        total: Its price, as the price book says.
        is_exact: No design with these choices is cheaper.
        bound: No design with these choices costs less; None where that is not known.
    """

    selection: Selection
    total: Decimal
    is_exact: bool
    bound: Decimal | None


class CheapestAnswers:
    """Cheapest designs of one offer. Safe for threads as far as the engine is."""

    def __init__(self, book: PriceBook, engine: Engine, costs: Costs | None = None) -> None:
        """``costs`` stand for those of the book where they are given."""
        self._book = book
        self._engine = engine
        self._costs = costs or costs_of(book, engine.model)
        self._walk: DiagramAnswers | None = None
        self._row: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._texts: list[str] = []

    def compile(self, caps: Caps | None = None) -> Diagram | None:
        """A diagram that knows prices; None if it gets too large or a line cannot be tabulated."""
        if self._costs.left_out:
            return None
        encoding, features = self._engine.encoding, self._engine.model.features
        levels = list(levels_of(features))
        meaning = dict(meaning_of(features, encoding))
        formulas = [*encoding.structure, *encoding.formulas.values()]
        free = encoding.top + 1
        for joint in self._costs.joint:
            variables = list(range(free, free + len(joint.amounts)))
            free += len(variables)
            meaning |= {v: (len(levels), n, n) for n, v in enumerate(variables)}
            levels.append(joint.level)
            formulas.append(tie(joint, encoding.literals, variables))
        return build(levels, meaning, formulas, caps or Caps())

    def use(self, diagram: Diagram) -> None:
        """Answer from what ``compile`` gave for the same book and engine, perhaps long ago."""
        self._walk = DiagramAnswers(self._engine.model.by_id, diagram)
        self._row = self._cost_row(self._walk, {})
        self._texts = [f.id for f in self._engine.model.features if f.kind == "text"]

    def cheapest(self, choices: Choices, seconds: float = 1.0) -> Cheapest | None:
        """A cheapest design with ``choices``; None when no design has them.

        Exact with a diagram. Without one CP-SAT searches for up to ``seconds``; the result is then
        the best it found, with the bound it proved, or just some design if it found none in time.
        """
        if self._walk is None:
            return self._searched(choices, seconds)
        allowed, cost, skipped, down = self._prepared(self._walk, choices)
        if down[0] >= FAR:
            return None
        way = compiled().cheapest_way(*self._walk.arrays, allowed, cost, skipped, down)
        levels = self._walk.table.levels
        places = {(lev.feature, lev.option): int(way[n]) for n, lev in enumerate(levels)}
        selection = self._selection(places, choices)
        if not self._costs.are_true(choices):
            return Cheapest(selection, self._total(selection), False, None)
        total = self._money(int(down[0] + skipped[self._walk.diagram.level[0]]))
        return Cheapest(selection, total, True, total)

    def each(self, choices: Choices) -> dict[str, dict[str | int, Decimal]]:
        """For each option that can be chosen, the price of the cheapest design with it, given the
        choices in other features. Empty without a diagram, and where the length of a chosen text
        changes what other answers cost."""
        if self._walk is None or not self._costs.are_true(choices):
            return {}
        table = self._walk.table
        allowed, cost, skipped, down = self._prepared(self._walk, choices)
        best = compiled().cheapest_each(*self._walk.arrays, allowed, cost, skipped, down)
        found: dict[str, dict[str | int, Decimal]] = {}
        for feature in self._engine.model.features:
            places: dict[str | int, int]
            if feature.kind == "multi":
                places = {o: table.start(feature.id, o) + 1 for o in feature.option_ids}
            else:
                part = table.part(feature)
                places = dict(zip(feature.domain, range(part.start, part.stop), strict=True))
            found[feature.id] = {
                option: self._money(int(best[at]))
                for option, at in places.items()
                if best[at] < FAR
            }
        return found

    def _money(self, cost: int) -> Decimal:
        return self._book.total(()) + Decimal(cost + self._costs.base).scaleb(-4)

    def _prepared(
        self, walk: DiagramAnswers, choices: Choices
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        table = walk.table
        allowed, cost = table.allowed(choices), self._row
        if any(choices.get(name) for name in self._texts):  # a text costs by its length
            cost = self._cost_row(walk, choices)
        cheapest = np.where(allowed, cost, FAR)
        skipped = np.concatenate(([0], np.cumsum(np.minimum.reduceat(cheapest, table.base[:-1]))))
        down = compiled().descending(*walk.arrays, allowed, cost, skipped)
        return allowed, cost, skipped, down

    def _cost_row(self, walk: DiagramAnswers, choices: Choices) -> NDArray[np.int64]:
        cost = np.zeros(walk.table.width, dtype=np.int64)
        by_id = self._engine.model.by_id
        for name in self._costs.features:
            cost[walk.table.part(by_id[name])] = amounts_of(
                self._book, self._costs, by_id[name], choices
            )
        for joint in self._costs.joint:
            at = walk.table.start(joint.level.feature)
            cost[at : at + joint.level.size] = joint.amounts
        return cost

    def _selection(self, places: Mapping[tuple[str, str], int], choices: Choices) -> Selection:
        selection: dict[str, ChoiceValue] = {}
        for feature in self._engine.model.features:
            if feature.kind == "multi":
                chosen = (o for o in feature.option_ids if places[feature.id, o])
                selection[feature.id] = tuple(chosen)
                continue
            answer = feature.domain[places[feature.id, ""]]
            is_text = feature.kind == "text" and answer == ANY_TEXT
            selection[feature.id] = choices.get(feature.id, ONE_CHARACTER) if is_text else answer
        return selection

    def _total(self, selection: Selection) -> Decimal:
        return self._book.total(self._book.lines(scope_of(self._engine.model, selection)))

    def _searched(self, choices: Choices, seconds: float) -> Cheapest | None:
        if not self._engine.is_valid(choices):
            return None
        found = solve(self._book, self._costs, self._engine, choices, seconds)
        selection = None if found is None else self._selection(found.places, choices)
        if selection is None or not self._engine.is_valid(selection):
            # Nothing in time, or a design that only CP-SAT believes in: any design, and no bound.
            selection = self._completed(choices)
            return Cheapest(selection, self._total(selection), False, None)
        total = self._total(selection)
        is_known = not self._costs.left_out and self._costs.are_true(choices)
        bound = self._money(found.bound) if found is not None and is_known else None
        return Cheapest(selection, total, bound == total, bound)

    def completed_price(self, choices: Choices) -> Decimal:
        """The price of the design that the engine completes; one with ``choices`` must exist."""
        return self._total(self._completed(choices))

    def _completed(self, choices: Choices) -> Selection:
        """Some design; where it needs a text, one of one character."""
        try:
            return self._engine.complete(choices)
        except TextNeeded as needed:
            return self._completed({**choices, str(needed.facts["feature"]): ONE_CHARACTER})
