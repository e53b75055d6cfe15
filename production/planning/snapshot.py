"""A plant's open work as a problem of the engine, and what its steps stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from production.compile import Floor
from production.lifecycle import LIVE_WORK_ORDER, OperationStatus
from production.models import Booking, HeldUnit, Plant
from production.scheduling.problem import Placement, Problem
from production.selectors.open_work import OpenBooking, OpenOperation, OpenWork, OpenWorkOrder


class Owner(NamedTuple):
    """What one step of the problem stands for.

    Attributes:
        operation: None for a step of a held unit.
        held: None for an operation of a work order.
        booking: Where it stands now; None for nowhere.
        set_up_min: Worst set-up that a held step carries inside its run; 0 otherwise.
    """

    code: str
    unit_id: int
    set_up_family: str
    booking: OpenBooking | None
    operation: OpenOperation | None = None
    held: HeldUnit | None = None
    set_up_min: int = 0


@dataclass(frozen=True, slots=True)
class Remnant:
    """A booking of finished work that lies ahead, and the minute it shrinks to."""

    booking: Booking
    place: Placement


def is_finished(booking: Booking) -> bool:
    """Whether the booking is the history of a work order that counts."""
    operation = booking.operation
    return (
        operation is not None
        and operation.status == OperationStatus.DONE
        and operation.work_order.status in LIVE_WORK_ORDER
    )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A plant's open work as a problem.

    Attributes:
        origin: Plant time of the problem's minute 0.
        owners: What each step of the problem stands for, in its order.
        work_orders: By job; None for a held unit.
        previous: Where the movable steps stand now.
        fresh: Steps to be placed as if they had no place yet: of work orders that no published
            plan has placed (they stand where the promise put them, which may be later than they
            could), and of holds whose time has come before they were paid.
        lane_ids: Row of each lane of the problem.
    """

    work: OpenWork
    floor: Floor
    origin: datetime
    problem: Problem
    owners: tuple[Owner, ...]
    work_orders: tuple[OpenWorkOrder | None, ...]
    previous: Mapping[int, Placement]
    fresh: frozenset[int]
    remnants: tuple[Remnant, ...]
    lane_ids: tuple[int, ...]

    @property
    def published(self) -> Mapping[int, Placement]:
        """What a plan has placed, or a hold: it is not moved without need."""
        return {n: place for n, place in self.previous.items() if n not in self.fresh}

    @property
    def plant(self) -> Plant:
        return self.work.plant

    def moment(self, minute: int) -> datetime:
        return self.origin + timedelta(minutes=minute)
