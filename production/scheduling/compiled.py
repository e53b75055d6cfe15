"""The two ways of placing, compiled: called like ``reference`` and giving the same plans.

Apart from ``dispatch`` so that numpy and numba are loaded with the first plan, not before.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from production.scheduling import core
from production.scheduling.infeasible import no_place
from production.scheduling.problem import Placement, Problem
from production.scheduling.rule import Indexed
from production.scheduling.tables import LATEST, Board, board_of, enter_index, placements_of


def decode(
    problem: Problem,
    order: Sequence[int],
    *,
    preferred: Mapping[int, int],
    patience_min: int,
) -> list[Placement]:
    """Place operations one after the other; ``order`` respects precedence and holds all not fixed.

    Raises:
        Infeasible: an operation found no place.
    """
    board = board_of(problem, preferred)
    core.put_fixed(board)
    stuck = core.place_all(board, np.array(order, dtype=np.int64), patience_min, False)
    return _finished(problem, board, stuck)


def dispatch(problem: Problem, first: Sequence[int], indexed: Indexed) -> list[Placement]:
    """Place ``first`` in order, then always the most urgent operation of the earliest idle pool.

    Raises:
        Infeasible: an operation found no place.
    """
    board = board_of(problem, {})
    core.put_fixed(board)
    stuck = core.place_all(board, np.array(first, dtype=np.int64), 0, True)
    if stuck == core.DONE:
        urgency = enter_index(board, indexed)
        stuck = core.dispatch_all(board, urgency, indexed.per_slack_min, indexed.per_set_up_min)
    return _finished(problem, board, stuck)


def _finished(problem: Problem, board: Board, stuck: int) -> list[Placement]:
    if stuck != core.DONE:
        raise no_place(problem, int(stuck), int(board.operation[stuck, LATEST]))
    return placements_of(board)
