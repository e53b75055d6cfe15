"""Planning a plant, pure: values in, values out, whole minutes after an origin.

Promise (gaps, pure Python)::

    windows = subtract(open_windows(calendar, zone=zone, origin=now, until=horizon), blocked)
    index = GapIndex({lane_id: LaneGaps(windows, [Booked(start, end, room_min), ...]), ...})
    place = index.earliest_unit([UnitOperation(name, candidates, after), ...], not_before=0)
    place.end                                   # or NoRoom(operation, code, sentence)
    index = index.insert(place)                 # a new index; the old one is unchanged
    promise_date(end, carrier=carrier, buffer_min=240)

Plan (dispatch, compiled at first use)::

    problem = Problem(lanes, jobs, operations, set_up_matrices)       # minute 0 is now
    solution = make_plan(problem, previous={operation: Placement, ...})   # or Infeasible
    refusals = violations(problem, solution.placements)     # shares no code; store only if empty
    solution.weighted_tardiness, solution.late_jobs, solution.set_up_min, solution.makespan
    solution.moves(previous), solution.load(until=10080)[work_centre].percent

Many plans without an object an operation (``arrays``, ``facts``)::

    prepared = prepare(Facts.of_arrays(lanes, ...))     # or prepared_of(problem)
    run = prepared.dispatch(Rule(k1=1.0))               # nogil; run.placed, run.weighted_tardiness
    run = prepared.decode(order)
"""

from production.scheduling.calendar import (
    ShiftCalendar,
    merge,
    minutes_after,
    open_windows,
    subtract,
)
from production.scheduling.check import Violation, violations
from production.scheduling.delivery import Carrier, due_from_promise, latest_end, promise_date
from production.scheduling.dispatch import decode, dispatch, make_plan, warm
from production.scheduling.gaps import (
    Candidate,
    GapIndex,
    NoRoom,
    PlacedOperation,
    UnitOperation,
    UnitPlacement,
)
from production.scheduling.infeasible import Infeasible
from production.scheduling.lane_gaps import Booked, LaneGaps
from production.scheduling.problem import (
    Job,
    Lane,
    MixRule,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
)
from production.scheduling.rule import RULES, Rule
from production.scheduling.solution import Load, Move, Solution, Weights
from production.scheduling.stop import Stop, after_plans, after_seconds, never

__all__ = [
    "RULES",
    "Booked",
    "Candidate",
    "Carrier",
    "GapIndex",
    "Infeasible",
    "Job",
    "Lane",
    "LaneGaps",
    "Load",
    "MixRule",
    "Move",
    "NoRoom",
    "Operation",
    "PlacedOperation",
    "Placement",
    "Problem",
    "Rule",
    "SequenceClass",
    "SetUpMatrix",
    "ShiftCalendar",
    "Solution",
    "Stop",
    "UnitOperation",
    "UnitPlacement",
    "Violation",
    "Weights",
    "after_plans",
    "after_seconds",
    "decode",
    "dispatch",
    "due_from_promise",
    "latest_end",
    "make_plan",
    "merge",
    "minutes_after",
    "never",
    "open_windows",
    "promise_date",
    "subtract",
    "violations",
    "warm",
]
