"""From rules to a decision diagram, with OxiDD, under a cap of time and of nodes.

The answers of a question are numbered in binary, a few Boolean variables a question, where all
numbers beyond the last answer stand for the last answer. So every assignment means something, and a
question that does not matter leaves no trace. Rules are joined from the bottom of the order to its
top: what is joined so far mostly stays small that way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from oxidd.bcdd import BCDDFunction, BCDDManager

from design.rules.formula import All, Any, AtMost, Formula
from design.rules.levels import Level, Meaning, levels_in
from design.rules.sums import NEVER, SURE, layers

from .flat import FALSE, Diagram
from .orders import orders

Progress = Callable[[int, int], None]
"""Told how much of the work is done, and how much there is."""
CACHE_SHARE = 2
PATIENCE = 3
DRAWING = 2
"""Raised whenever the same document would lead to another diagram: stored ones are drawn again."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How far building may go.

    Attributes:
        seconds: Time for all orders together.
        nodes: Nodes that may exist at once while one order is tried.
        runs: Size of a diagram that is kept; 8 bytes each.
        tries: How many orders are tried.
    """

    seconds: float = 20.0
    nodes: int = 1_000_000
    runs: int = 1_000_000
    tries: int = 4


class CapReached(Exception):
    """This order leads to a diagram that is too large, or takes too long."""


def build(
    levels: Sequence[Level],
    meaning: Meaning,
    formulas: Sequence[Formula],
    caps: Caps,
    progress: Progress = lambda done, of: None,
) -> Diagram | None:
    """The smallest diagram of some orders; None when no order stays under the caps."""
    until = monotonic() + caps.seconds
    groups = [levels_in(formula, meaning) for formula in formulas]
    best: Diagram | None = None
    quickest = caps.seconds
    tried = list(orders(len(levels), groups, caps.tries))
    for index, order in enumerate(tried):

        def report(done: int, of: int, before: int = index) -> None:
            progress(before * of + done, len(tried) * of)

        # Once there is a diagram, another order has to be quick to be worth it.
        began = monotonic()
        end = min(until, began + PATIENCE * quickest + 1) if best else until
        try:
            found = _Builder(levels, meaning, order, caps, end).diagram(formulas, groups, report)
        except CapReached:
            continue
        quickest = min(quickest, monotonic() - began)
        if best is None or found.runs < best.runs:
            best = found
    return best


class _Builder:
    def __init__(
        self,
        levels: Sequence[Level],
        meaning: Meaning,
        order: Sequence[int],
        caps: Caps,
        until: float,
    ) -> None:
        self._levels = levels
        self._order = order
        self._caps = caps
        self._until = until
        self._position = {level: position for position, level in enumerate(order)}
        self._bits = {level: max((levels[level].size - 1).bit_length(), 0) for level in order}
        self._first_bit: dict[int, int] = {}
        self._owner: list[int] = []  # position of the question each Boolean variable belongs to
        for position, level in enumerate(order):
            self._first_bit[level] = len(self._owner)
            self._owner += [position] * self._bits[level]
        self._manager = BCDDManager(caps.nodes, caps.nodes // CACHE_SHARE, 1)
        self._manager.add_vars(len(self._owner))
        self._true, self._false = self._manager.true(), self._manager.false()
        self._meaning = meaning
        self._literals: dict[int, BCDDFunction] = {}

    def diagram(
        self, formulas: Sequence[Formula], groups: Sequence[frozenset[int]], report: Progress
    ) -> Diagram:
        """Raises CapReached."""
        tops = [min((self._position[x] for x in group), default=0) for group in groups]
        sequence = sorted(range(len(formulas)), key=lambda index: -tops[index])
        try:
            joined = self._true
            for done, index in enumerate(sequence):
                joined = joined & self._formula(formulas[index])
                if monotonic() > self._until:
                    raise CapReached
                report(done + 1, len(sequence))
            return _Flattening(self, joined).diagram()
        except MemoryError:
            raise CapReached from None

    def _formula(self, formula: Formula) -> BCDDFunction:
        if isinstance(formula, bool):
            return self._true if formula else self._false
        if isinstance(formula, int):
            return self._literal(formula)
        if isinstance(formula, AtMost):
            return self._sum(formula)
        parts = [self._formula(part) for part in formula.parts]
        if isinstance(formula, All):
            return self._balanced(parts, all_hold=True)
        assert isinstance(formula, Any)  # noqa: S101 - the last kind of formula
        return self._balanced(parts, all_hold=False)

    def _balanced(self, parts: list[BCDDFunction], *, all_hold: bool) -> BCDDFunction:
        """Neighbours are joined first: a large intermediate result is met as late as possible."""
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2], strict=False)
            joined = [a & b if all_hold else a | b for a, b in pairs]
            parts = joined + parts[len(joined) * 2 :]
        return parts[0] if parts else self._true if all_hold else self._false

    def _literal(self, literal: int) -> BCDDFunction:
        variable = abs(literal)
        if variable not in self._literals:
            self._literals[variable] = self._answers(*self._meaning[variable])
        found = self._literals[variable]
        return found if literal > 0 else ~found

    def _answers(self, level: int, first: int, last: int) -> BCDDFunction:
        """The answer of ``level`` is one of ``first`` to ``last``."""
        most = self._levels[level].size - 1
        highest = (1 << self._bits[level]) - 1 if last == most else last
        return self._from(level, first) & ~self._from(level, highest + 1)

    def _from(self, level: int, least: int) -> BCDDFunction:
        """The number of ``level`` is at least ``least``, decided from its lowest bit upwards."""
        if least >> self._bits[level]:
            return self._false
        holds = self._true
        for bit in range(self._bits[level]):
            variable = self._manager.var(self._first_bit[level] + self._bits[level] - 1 - bit)
            holds = variable & holds if least >> bit & 1 else variable | holds
        return holds

    def _sum(self, formula: AtMost) -> BCDDFunction:
        """Layer by layer from the last term: what each partial sum still allows."""
        below: dict[int, BCDDFunction] = {}
        for term, layer in reversed(list(zip(formula.terms, layers(formula), strict=True))):
            here: dict[int, BCDDFunction] = {}
            for total, runs in layer.items():
                allowed = []
                for run in runs:
                    if run.place == NEVER:
                        continue
                    then = self._true if run.place == SURE else below[int(run.place)]
                    cubes = [self._formula(All(c)) for c in term.cubes(run.first, run.last)]
                    allowed.append(self._balanced(cubes, all_hold=False) & then)
                here[total] = self._balanced(allowed, all_hold=False)
            below = here
        return below[0]

    # What _Flattening needs to know.

    @property
    def levels_in_order(self) -> tuple[Level, ...]:
        return tuple(self._levels[level] for level in self._order)

    @property
    def caps(self) -> Caps:
        return self._caps

    def position(self, function: BCDDFunction) -> int:
        """The question a function asks first; the number of questions for a constant."""
        level = function.node_level()
        return len(self._order) if level is None else self._owner[level]

    def runs(self, function: BCDDFunction) -> Iterator[tuple[int, BCDDFunction]]:
        """``(first answer, rest)`` for each run of answers to the question asked first."""
        position = self.position(function)
        level = self._order[position]
        bits, size = self._bits[level], self._levels[level].size
        base = self._first_bit[level]
        previous: BCDDFunction | None = None
        stack = [(function, 0, bits)]
        while stack:
            rest, number, open_bits = stack.pop()
            if number >= size:
                continue
            at = rest.node_level()
            if at is None or at >= base + bits or not open_bits:
                if previous is None or rest != previous:
                    yield number, rest
                previous = rest
                continue
            half = 1 << (open_bits - 1)
            if at != base + bits - open_bits:
                high = low = rest
            else:
                cofactors = rest.cofactors()
                assert cofactors is not None  # noqa: S101 - not a constant
                high, low = cofactors
            stack.append((high, number + half, open_bits - 1))
            stack.append((low, number, open_bits - 1))


class _Flattening:
    """Numbers the nodes question by question and writes their runs down."""

    def __init__(self, builder: _Builder, root: BCDDFunction) -> None:
        self._builder = builder
        self._root = root

    def diagram(self) -> Diagram:
        levels = self._builder.levels_in_order
        found: dict[BCDDFunction, list[tuple[int, BCDDFunction]]] = {}
        waiting = [self._root]
        size = 0
        while waiting:
            function = waiting.pop()
            if function in found or self._builder.position(function) == len(levels):
                continue
            found[function] = list(self._builder.runs(function))
            size += len(found[function])
            if size > self._builder.caps.runs:
                raise CapReached
            waiting += [rest for _, rest in found[function]]
        ordered = sorted(found, key=self._builder.position)
        return self._written(levels, ordered, found)

    def _written(
        self,
        levels: tuple[Level, ...],
        ordered: list[BCDDFunction],
        found: Mapping[BCDDFunction, list[tuple[int, BCDDFunction]]],
    ) -> Diagram:
        number = {function: index for index, function in enumerate(ordered)}
        if not ordered:
            return _constant(levels, holds=self._root.valid())
        first, start, child = [0], [], []
        for function in ordered:
            for answer, rest in found[function]:
                start.append(answer)
                end = len(ordered) if rest.valid() else FALSE
                child.append(number.get(rest, end))
            first.append(len(start))
        level = [self._builder.position(function) for function in ordered]
        return Diagram(
            levels,
            *(
                np.asarray(values, dtype=np.int32)
                for values in ([*level, len(levels)], first, start, child)
            ),
        )


def _constant(levels: tuple[Level, ...], *, holds: bool) -> Diagram:
    """Every design, or none: a diagram without nodes, or one whose only node leads nowhere."""
    if holds:
        rows: tuple[list[int], ...] = ([len(levels)], [0], [], [])
    else:
        rows = ([0, len(levels)], [0, 1], [0], [FALSE])
    return Diagram(levels, *(np.asarray(values, dtype=np.int32) for values in rows))
