"""Questions to the compiled loops, and their answers as the solver has them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from design.rules.encoding import Encoding

from .clause_rows import ClauseRows, clause_rows, codes_of, in_a_row, starts_of
from .loops import Truths, compiled, compiled_keeping, mask_of
from .trial import State, Trial

BUDGET = 10
ROOM = 256
POSSIBLE, UNKNOWN = 1, -1


def warm() -> None:
    """Compile and cache the loops, so that no shopper waits for that."""
    tiny = Search(Encoding({}, 4, 4, ((1, 2, 3), (3, 4)), {}, {}, ()))
    tiny.decide([1])
    tiny.cover([1], np.array([2]), near=0b1110)
    rules = np.array([True])
    tiny.propagate([1], rules)
    tiny.minimise([1], rules, lambda _: True)
    tiny.reach([1], [(3, 2)], [0], [2], near=0b1110)
    tiny.switch([(1,)], [0], [[(2,)]], near=0b1110)
    tiny.switch_far([(1,)], [0], [((3, 2), (4,))], near=0b1110)
    with tiny.trial(near=0b1110) as trial:
        trial.keep([(2, 3), (4,)])


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether literals can hold together; None where the search gave up.

    Attributes:
        rules: By place: the rules that forbid it, perhaps with others that do not matter.
        needed: The literals that are forbidden together, perhaps with others likewise.
    """

    is_possible: bool | None
    rules: Truths
    needed: frozenset[int]


class Search:
    """Looks for designs near others, and follows what choices imply. Safe for threads."""

    def __init__(self, encoding: Encoding) -> None:
        self._rows: ClauseRows = clause_rows(encoding)
        self._arrays = self._rows.arrays
        self._inner = encoding.width
        self._all = np.ones(len(encoding.rules) + 1, dtype=np.bool_)
        self._variables = len(self._rows.heads) // 2
        self._states: list[tuple[State, int]] = []

    @property
    def all_rules(self) -> Truths:
        """Every rule in force; the last entry stands for what always holds."""
        return self._all.copy()

    def decide(
        self, literals: Sequence[int], rules: Truths | None = None, near: int = 0
    ) -> Decision:
        """Whether a design has ``literals`` and keeps ``rules`` (all, unless given).

        Args:
            near: A design to look near of, as a mask of its true variables, inner ones too; 0 for
                none.
        """
        verdict, why, needed = compiled().decide(
            self._arrays,
            self._all if rules is None else rules,
            _codes(literals),
            self._rows.order,
            self.values(near),
            near > 0,
            BUDGET,
            self._inner,
        )
        is_possible = None if verdict < 0 else bool(verdict)
        return Decision(
            is_possible,
            why,
            frozenset(x for x, is_it in zip(literals, needed, strict=True) if is_it),
        )

    def propagate(self, literals: Sequence[int], rules: Truths) -> Truths | None:
        """The rules of ``rules`` from which propagation sees that ``literals`` cannot hold
        together, perhaps with others that do not matter; None where it does not see it."""
        refuted, why = compiled().refute(self._arrays, rules, _codes(literals))
        return why if refuted else None

    def minimise(
        self, literals: Sequence[int], rules: Truths, is_possible: Callable[[Truths], bool]
    ) -> Truths:
        """Those of ``rules``, which forbid ``literals``, without any one of which they do not.

        Rules are left out one after the other, in their order, where the rest forbids them still.
        ``is_possible`` is asked where the search gives up.
        """
        left, codes, rule = rules.copy(), _codes(literals), 0
        while rule < len(left) - 1:
            rule = compiled().minimise(
                self._arrays, left, codes, self._rows.order, self._links, BUDGET, rule
            )
            if rule < 0:
                break
            left[rule] = False
            left[rule] = is_possible(left)
            rule += 1
        return left

    @cached_property
    def _links(self) -> NDArray[np.int64]:
        """See ``questions.linked``; all variables as one where not even that has a design."""
        links: NDArray[np.int64] = compiled().linked(self._arrays, len(self._all) - 1)
        nothing = np.zeros_like(self._all)
        nothing[-1] = True
        return links if self.decide((), nothing).is_possible else np.zeros_like(links)

    def cover(
        self, literals: Sequence[int], wanted: NDArray[np.int64], near: int
    ) -> tuple[NDArray[np.int8], list[int]]:
        """For each of ``wanted``: 1 if it goes with ``literals``, 0 if not, -1 if that is not
        known; and designs that show it, as masks. ``near`` is one with ``literals``."""
        verdicts, designs = compiled().cover(
            self._arrays,
            self._all,
            _codes(literals),
            codes_of(wanted),
            self.values(near),
            BUDGET,
            ROOM,
            self._inner,
        )
        return verdicts, _masks(designs)

    def switch(
        self,
        choices: Sequence[Sequence[int]],
        skipped: Sequence[int],
        wanted: Sequence[Sequence[Sequence[int]]],
        near: int,
    ) -> NDArray[np.int8]:
        """What choices, each given by its literals, can be switched to while all others stand.

        Question n leaves out choice ``skipped[n]`` and asks for each block of literals of
        ``wanted[n]``. ``near`` is a design with all choices. Gives verdicts like ``cover``, of all
        questions in one row.
        """
        blocks = [block for few in wanted for block in few]
        verdicts: NDArray[np.int8] = compiled().switch(
            self._arrays,
            self._all,
            *in_a_row(choices),
            np.array(skipped, dtype=np.int64),
            *in_a_row(blocks),
            starts_of(wanted),
            self.values(near),
            BUDGET,
            self._inner,
        )
        return verdicts

    def switch_far(
        self,
        choices: Sequence[Sequence[int]],
        skipped: Sequence[int],
        chains: Sequence[tuple[Sequence[int], Sequence[int]]],
        near: int,
    ) -> tuple[list[int], list[int]]:
        """The same for two chains a question, one after the other: how many of their steps go with
        all other choices, at least and at most. They differ only where the search gave up."""
        every = [chain for both in chains for chain in both]
        ends = np.array([len(chain) for chain in every], dtype=np.int64)
        sure = compiled().switch_far(
            self._arrays,
            self._all,
            *in_a_row(choices),
            np.array(skipped, dtype=np.int64),
            *in_a_row(every),
            ends,
            self.values(near),
            BUDGET,
            self._inner,
        )
        return sure.tolist(), ends.tolist()

    def reach(
        self,
        literals: Sequence[int],
        chains: Sequence[Sequence[int]],
        sure: Sequence[int],
        ends: Sequence[int],
        near: int,
    ) -> tuple[list[int], list[int], list[int]]:
        """How many steps of each chain go with ``literals``: at least, and at most; and designs.

        They differ only where the search gave up. ``sure`` and ``ends`` are known limits.
        """
        low, high = np.array(sure, dtype=np.int64), np.array(ends, dtype=np.int64)
        designs = compiled().reach(
            self._arrays,
            self._all,
            _codes(literals),
            *in_a_row(chains),
            low,
            high,
            self.values(near),
            BUDGET,
            ROOM,
            self._inner,
        )
        return low.tolist(), high.tolist(), _masks(designs)

    @contextmanager
    def trial(self, near: int) -> Iterator[Trial]:
        """Take literals one after the other; ``near`` is a design.

        States are lent out again: of a large model, a new one costs as much as a question.
        """
        loops = compiled_keeping()
        state, taken = self._states.pop() if self._states else loops.begin(self._arrays, self._all)
        try:
            yield Trial(self._arrays, self._all, state, self.values(near), BUDGET, self._inner)
        finally:
            loops.back(state, taken)
            self._states.append((state, taken))

    def values(self, design: int) -> Truths:
        """A mask of true variables as truths by variable."""
        size = self._variables // 8 + 1
        bits = np.frombuffer(design.to_bytes(size, "little"), dtype=np.uint8)
        return np.unpackbits(bits, count=self._variables, bitorder="little").astype(np.bool_)


def _codes(literals: Sequence[int]) -> NDArray[np.int32]:
    return codes_of(np.array(literals, dtype=np.int64))


def _masks(designs: Truths) -> list[int]:
    return [mask_of(design) for design in designs]
