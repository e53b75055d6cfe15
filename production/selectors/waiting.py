"""What a unit waits for, from its operations and their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from production.compile import floor_of
from production.freezing import begin_of
from production.lifecycle import OperationStatus, WorkOrderStatus
from production.models import Operation, Plant, WorkOrder
from production.scheduling.calendar import open_windows

NEVER = datetime.max.replace(tzinfo=UTC)  # of a step without a place: last
MINUTE = timedelta(minutes=1)
GOES_ON = frozenset({WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD})


@dataclass(frozen=True, slots=True)
class Waiting:
    """The step that comes next, while none is being done.

    Attributes:
        step: Code of the operation.
        begins_at: Plant time the plan has for it; None while it has no place or should have begun.
        is_closed: Nobody works where it is done: no shift, a break or a holiday.
        done: How many steps are done.
        count: How many there are.
    """

    step: str
    begins_at: datetime | None
    is_closed: bool
    done: int
    count: int


def waiting_for(work_order: WorkOrder | None, operations: Sequence[Operation]) -> Waiting | None:
    """None while a step is being done, when none is to come, and where nothing is made any more.

    Args:
        operations: Of the work order, each with its booking and work centre.
    """
    coming = [one for one in operations if one.status == OperationStatus.PLANNED]
    if work_order is None or work_order.status not in GOES_ON or not coming:
        return None
    if any(one.status == OperationStatus.RUNNING for one in operations):
        return None
    following = min(coming, key=lambda one: (begin_of(one) or NEVER, one.position))
    plant = work_order.plant
    begins, now = begin_of(following), plant.clock.now()
    return Waiting(
        step=following.code,
        begins_at=begins if begins is not None and begins > now else None,
        is_closed=_is_closed(plant, following.work_centre.code, now),
        done=sum(one.status == OperationStatus.DONE for one in operations),
        count=len(operations),
    )


def _is_closed(plant: Plant, centre: str, now: datetime) -> bool:
    book = floor_of(plant).book
    if centre not in book.work_centres:  # the plant has lost it
        return False
    shifts = book.calendars[book.work_centres[centre].calendar]
    minute = now.replace(second=0, microsecond=0)
    return not open_windows(shifts, zone=book.zone, origin=minute, until=minute + MINUTE)
