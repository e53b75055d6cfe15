"""What the search reads and never writes: the core's tables, laid out for looking at one operation.

One row an operation, lane or unit (``job``), one column a fact. Lists of different lengths lie flat
one after the other; the owner's row has where its part begins and ends. The compiled functions take
the tables one by one: numba copies a tuple of arrays with every call, which was eight times slower.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from production.scheduling import tables
from production.scheduling.arrays import prepared_of
from production.scheduling.problem import Placement, Problem
from production.scheduling.tables import Given, Ints

UNDERSTOOD = frozenset({"set_ups", "fixed", "sent", "transfers"})
"""Features of a problem that sequences of lanes with earliest times express."""

# Columns of Ground.operations. The lists of an operation are ``near[BEFORE_AT : BEFORE_END]`` and
# so on. IS_LAST: its job may end with it. OLD_LANE and OLD_RUN: the published plan. IS_SET: neither
# lane nor turn may be chosen, because it is fixed or the line has it.
(FAMILY, JOB, IS_FIXED, IS_LAST, BEFORE_AT, BEFORE_END, AFTER_AT, AFTER_END) = range(8)
(PRIORITY, OLD_LANE, OLD_RUN, IS_SET, ALTERNATIVE_AT, ALTERNATIVE_END, EARLIEST) = range(8, 15)
OPERATION_COLUMNS = 15

# Columns of Ground.lanes. MATRIX_AT is -1 without set-ups.
(WINDOW_AT, WINDOW_END, MATRIX_AT, MATRIX_SIZE, PLACE) = range(5)
LANE_COLUMNS = 5

# Columns of Ground.jobs. The last operations of a job decide its end.
(DUE, WEIGHT, LAST_AT, LAST_END, OWN_AT, OWN_END) = range(6)
JOB_COLUMNS = 6


class Ground(NamedTuple):
    """The tables; -1 stands for none everywhere.

    ``operations`` ends with a row a lane: the beginning of its sequence, of which only the family
    counts.
    """

    operations: Ints
    lanes: Ints
    jobs: Ints
    windows: Ints  # start, end, lane by lane
    set_ups: Ints  # flat, by matrix: the row of the unknown state, then a row a family
    transfers: Ints  # places x places
    alternatives: Ints  # lane, minutes
    near: Ints  # operations before and after each, last of and all of each job


def ground_of(problem: Problem, previous: Mapping[int, Placement] | None = None) -> Ground:
    """O(size of the problem), in whole columns.

    Args:
        previous: The published plan, for the moves.
    """
    given = prepared_of(problem).given
    rows = given.operation[:-1]
    count, lanes = len(rows), len(problem.lanes)
    table = np.full((count + lanes, OPERATION_COLUMNS), -1, dtype=np.int64)
    table[count:, FAMILY] = given.lane[:-1, tables.INITIAL_FAMILY]
    for column, theirs in (
        (FAMILY, tables.FAMILY),
        (JOB, tables.JOB),
        (IS_FIXED, tables.IS_FIXED),
        (PRIORITY, tables.PRIORITY),
        (EARLIEST, tables.EARLIEST),
    ):
        table[:count, column] = rows[:, theirs]
    table[:count, IS_SET] = (rows[:, tables.IS_FIXED] != 0) | (rows[:, tables.SENT_LANE] >= 0)
    for number, place in (previous or {}).items():
        table[number, OLD_LANE], table[number, OLD_RUN] = place.lane, place.run_start
    before = given.before.size
    _enter(table, ALTERNATIVE_AT, given.operation[:, tables.ALTERNATIVE_AT])
    _enter(table, BEFORE_AT, given.operation[:, tables.BEFORE_AT])
    _enter(table, AFTER_AT, before + given.operation[:, tables.AFTER_AT])
    is_last = _is_last(given)
    table[:count, IS_LAST] = is_last
    job, last = rows[:, tables.JOB], np.flatnonzero(is_last)
    jobs = np.zeros((len(given.job), JOB_COLUMNS), dtype=np.int64)
    jobs[:, DUE], jobs[:, WEIGHT] = given.job[:, tables.DUE], given.job[:, tables.WEIGHT]
    _enter(jobs, LAST_AT, 2 * before + _offsets(job[last], len(jobs)))
    _enter(jobs, OWN_AT, 2 * before + last.size + _offsets(job, len(jobs)))
    return Ground(
        operations=table,
        lanes=_lanes(given),
        jobs=jobs,
        windows=given.window,
        set_ups=given.set_up,
        transfers=_square(given.transfer),
        alternatives=given.alternative,
        near=np.concatenate(
            (
                given.before,
                given.after,
                last[np.argsort(job[last], kind="stable")],
                np.argsort(job, kind="stable"),
            )
        ),
    )


def _lanes(given: Given) -> Ints:
    table = np.zeros((len(given.lane) - 1, LANE_COLUMNS), dtype=np.int64)
    _enter(table, WINDOW_AT, given.lane[:, tables.WINDOW_AT])
    for column, theirs in (
        (MATRIX_AT, tables.MATRIX_AT),
        (MATRIX_SIZE, tables.MATRIX_SIZE),
        (PLACE, tables.PLACE),
    ):
        table[:, column] = given.lane[:-1, theirs]
    return table


def _is_last(given: Given) -> npt.NDArray[np.bool_]:
    """Whether an operation may be the one its job ends with: none that moves comes after it."""
    rows = given.operation[:-1]
    waits = np.repeat(np.arange(len(rows)), np.diff(given.operation[:, tables.BEFORE_AT]))
    within = rows[given.before, tables.JOB] == rows[waits, tables.JOB]
    within &= rows[waits, tables.IS_FIXED] == 0
    is_last = np.ones(len(rows), dtype=np.bool_)
    is_last[given.before[within]] = False
    return is_last


def _square(transfer: Ints) -> Ints:
    places = round(transfer.size**0.5)
    return transfer.reshape(places, places) if places else np.zeros((1, 1), dtype=np.int64)


def _offsets(owners: Ints, count: int) -> Ints:
    return np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=count))))


def _enter(table: Ints, column: int, at: Ints) -> None:
    """Where each row's part of a flat list begins, and in the next column where it ends."""
    rows = len(at) - 1
    table[:rows, column], table[:rows, column + 1] = at[:-1], at[1:]
