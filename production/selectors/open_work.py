"""Everything of a plant that is still to be made, or kept for somebody, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cosmo.lib.clock import ceil_minute
from production.lifecycle import HoldStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, HeldUnit, Operation, Plant

OPEN_STATUSES = (WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD)
LOOK_BACK = timedelta(days=30)  # what stood on a lane longer ago says nothing of its state


@dataclass(frozen=True, slots=True)
class LaneHistory:
    """The last finished booking of a lane: until when, and the family it left behind."""

    ended_at: datetime
    family: str


class OpenBooking(NamedTuple):
    """Where something stands, without the weight of a row's object: a plant has thousands."""

    pk: int
    lane_id: int
    second_lane_id: int | None
    lower: datetime
    upper: datetime
    set_up_min: int


class OpenWorkOrder(NamedTuple):
    pk: int
    unit_id: int
    serial: str
    status: str
    dispatch: str
    due_at: datetime
    release_at: datetime
    change_until: datetime | None
    is_rush: bool
    created_at: datetime


class OpenOperation(NamedTuple):
    """Alternatives and predecessors are JSON as it is stored: few texts, many operations."""

    pk: int
    code: str
    work_centre_id: int
    alternatives: str
    after: str
    set_up_family: str
    status: str
    started_at: datetime | None
    is_pinned: bool
    work_order: OpenWorkOrder
    booking: OpenBooking | None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a plan has to place.

    Attributes:
        plant: As read first; its ``booking_seq`` says which bookings these are.
        now: Plant time, a whole minute: the earliest anything may be moved to.
        operations: Not done, of open work orders, by work order and position.
        held: Units of active holds, with engineering and order line.
        hold_bookings: By unit and operation code.
        history: By lane.
        left_over: Bookings that reach beyond ``now`` though nothing will use them.
    """

    plant: Plant
    now: datetime
    operations: Sequence[OpenOperation]
    held: Sequence[HeldUnit]
    hold_bookings: Mapping[tuple[int, str], OpenBooking]
    history: Mapping[int, LaneHistory]
    left_over: Sequence[Booking]


def read_open_work(plant_id: int) -> OpenWork:
    """Six statements, whatever the number of work orders."""
    plant = Plant.objects.defer("document").get(pk=plant_id)
    now = ceil_minute(plant.clock.now())
    return OpenWork(
        plant=plant,
        now=now,
        operations=_operations(plant),
        held=_held(plant),
        hold_bookings=_hold_bookings(plant),
        history=_history(plant, now),
        left_over=_left_over(plant, now),
    )


# Read faster than a range: the driver parses ranges in Python.
BOOKING = ("pk", "lane", "second_lane", "period__startswith", "period__endswith", "set_up_min")
WORK_ORDER = (
    *("pk", "unit", "unit__serial", "status", "dispatch"),
    *("due_at", "release_at", "change_until", "is_rush", "created_at"),
)
OPERATION = (
    *("pk", "code", "work_centre", "able", "waits", "set_up_family"),
    *("status", "started_at", "is_pinned"),
)


def _operations(plant: Plant) -> list[OpenOperation]:
    rows = (
        Operation.objects.filter(work_order__plant=plant, work_order__status__in=OPEN_STATUSES)
        .exclude(status=OperationStatus.DONE)
        .annotate(able=Cast("alternatives", TextField()), waits=Cast("after", TextField()))
        .order_by("work_order_id", "position")
        .values_list(
            *OPERATION,
            *(f"work_order__{name}" for name in WORK_ORDER),
            *(f"booking__{name}" for name in BOOKING),
        )
    )
    found: list[OpenOperation] = []
    of_order: OpenWorkOrder | None = None
    at, then = len(OPERATION), len(OPERATION) + len(WORK_ORDER)
    for row in rows:
        if of_order is None or of_order.pk != row[at]:
            of_order = OpenWorkOrder(*row[at:then])
        booking = None if row[then] is None else OpenBooking(*row[then:])
        found.append(OpenOperation._make((*row[:at], of_order, booking)))
    return found


def _hold_bookings(plant: Plant) -> dict[tuple[int, str], OpenBooking]:
    rows = Booking.objects.filter(plant=plant, hold__isnull=False).values_list(
        "unit", "operation_code", *BOOKING
    )
    return {(unit_id, code): OpenBooking(*rest) for unit_id, code, *rest in rows}


def _held(plant: Plant) -> list[HeldUnit]:
    return list(
        HeldUnit.objects.filter(plant=plant, hold__status=HoldStatus.ACTIVE)
        .select_related("unit__line", "engineering__plant", "engineering__offer")
        .defer("engineering__document", "engineering__plant__document")
        .defer("engineering__offer__document", "unit__line__price_lines")
        .order_by("id")
    )


def _history(plant: Plant, now: datetime) -> dict[int, LaneHistory]:
    last = (
        Booking.objects.filter(
            plant=plant,
            operation__status=OperationStatus.DONE,
            period__endswith__gt=now - LOOK_BACK,
            period__startswith__lt=now,
        )
        .order_by("lane_id", "-period")
        .distinct("lane_id")
    )
    return {
        booking.lane_id: LaneHistory(booking.period.upper, booking.set_up_family)
        for booking in last
    }


def _left_over(plant: Plant, now: datetime) -> list[Booking]:
    is_unused = Q(operation__status=OperationStatus.DONE) | ~Q(
        operation__work_order__status__in=OPEN_STATUSES
    )
    return list(
        Booking.objects.filter(
            is_unused, plant=plant, operation__isnull=False, period__endswith__gt=now
        ).select_related("operation__work_order")
    )
