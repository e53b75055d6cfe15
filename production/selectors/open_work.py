"""Everything of a plant that is still to be made, or kept for somebody, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

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


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a plan has to place.

    Attributes:
        plant: As read first; its ``booking_seq`` says which bookings these are.
        now: Plant time, a whole minute: the earliest anything may be moved to.
        operations: Not done, of open work orders, with work order, unit and booking.
        held: Units of active holds, with engineering and order line.
        hold_bookings: By unit and operation code.
        history: By lane.
        left_over: Bookings that reach beyond ``now`` though nothing will use them.
    """

    plant: Plant
    now: datetime
    operations: Sequence[Operation]
    held: Sequence[HeldUnit]
    hold_bookings: Mapping[tuple[int, str], Booking]
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
        hold_bookings={
            (booking.unit_id, booking.operation_code): booking
            for booking in Booking.objects.filter(plant=plant, hold__isnull=False)
        },
        history=_history(plant, now),
        left_over=_left_over(plant, now),
    )


def _operations(plant: Plant) -> list[Operation]:
    return list(
        Operation.objects.filter(work_order__plant=plant, work_order__status__in=OPEN_STATUSES)
        .exclude(status=OperationStatus.DONE)
        .select_related("work_order__unit", "booking")
        .defer("work_order__bom", "freezes")
        .order_by("work_order_id", "position")
    )


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
