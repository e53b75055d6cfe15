"""Planning a plant, pure: values in, values out, whole minutes after an origin.

Promise (gaps, pure Python)::

    windows = subtract(open_windows(calendar, zone=zone, origin=now, until=horizon), blocked)
    index = GapIndex({lane_id: LaneGaps(windows, [Booked(start, end, room_min), ...]), ...})
    place = index.earliest_unit([UnitOperation(name, candidates, after), ...], not_before=0)
    place.end                                   # or NoRoom(operation, code, sentence)
    index = index.insert(place)                 # a new index; the old one is unchanged
    promise_date(end, carrier=carrier, buffer_min=240)
"""

from production.scheduling.calendar import (
    ShiftCalendar,
    merge,
    minutes_after,
    open_windows,
    subtract,
)
from production.scheduling.delivery import Carrier, due_from_promise, latest_end, promise_date
from production.scheduling.gaps import (
    Booked,
    Candidate,
    GapIndex,
    LaneGaps,
    NoRoom,
    PlacedOperation,
    UnitOperation,
    UnitPlacement,
)
from production.scheduling.problem import (
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SequenceClass,
    SetUpMatrix,
)

__all__ = [
    "Booked",
    "Candidate",
    "Carrier",
    "GapIndex",
    "Job",
    "Lane",
    "LaneGaps",
    "NoRoom",
    "Operation",
    "PlacedOperation",
    "Placement",
    "Problem",
    "SequenceClass",
    "SetUpMatrix",
    "ShiftCalendar",
    "UnitOperation",
    "UnitPlacement",
    "due_from_promise",
    "latest_end",
    "merge",
    "minutes_after",
    "open_windows",
    "promise_date",
    "subtract",
]
