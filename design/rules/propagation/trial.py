"""Literals taken one after the other in one state of the compiled loops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clause_rows import Ints, in_a_row
from .loops import Truths, compiled_keeping, mask_of

State = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What has been taken so far, and a design that has all of it. Not for two threads at once.

    Attributes:
        arrays, rules: The clauses, and all rules in force.
        state: Of the compiled loops; lent, and given back by ``Search.trial``.
        near: The design, by variable.
        budget: Contradictions after which the search gives up.
        inner: Variables after it are inner ones.
    """

    arrays: tuple[Ints, ...]
    rules: Truths
    state: State
    near: Truths
    budget: int
    inner: int

    def keep(self, blocks: Sequence[Sequence[int]], *, is_one: bool = False) -> list[int]:
        """For each block of literals POSSIBLE if it goes with all that is taken, and is taken, else
        IMPOSSIBLE; UNKNOWN from the first of which neither is known.

        Args:
            is_one: Nothing after the first block that is taken is looked at; UNKNOWN, too.
        """
        verdicts: NDArray[np.int8] = compiled_keeping().keep(
            self.arrays,
            self.rules,
            self.state,
            *in_a_row(blocks),
            self.near,
            is_one,
            self.budget,
            self.inner,
        )
        found: list[int] = verdicts.tolist()
        return found

    def span(self, chain: Sequence[int]) -> tuple[int, int]:
        """How many literals of ``chain``, each implying all before it, hold at least and at most,
        as far as what is taken implies it at once; ``chain`` is of variables."""
        values = self.state[3][2 * np.array(chain, dtype=np.int64)]
        sure, out = np.count_nonzero(values > 0), np.count_nonzero(values < 0)
        return int(sure), len(chain) - int(out)

    def go_to(self, design: Truths) -> None:
        """Go on from another design that has what is taken."""
        self.near[:] = design

    @property
    def design(self) -> int:
        """As a mask of its true variables."""
        return mask_of(self.near)
