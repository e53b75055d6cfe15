"""Answers the freeze port (cosmo/lib/ports.py) from what the line has begun."""

from collections.abc import Sequence
from datetime import datetime

from cosmo.lib.ports import FreezePoint
from production.lifecycle import LIVE_WORK_ORDER, OperationStatus
from production.models import Booking, Operation, WorkOrder


class RoutingFreezePoints:
    """A feature is fixed once an operation that freezes it has started. One statement."""

    def frozen_features(self, *, unit_id: int) -> frozenset[str]:
        begun = Operation.objects.filter(
            work_order__unit_id=unit_id, work_order__status__in=LIVE_WORK_ORDER
        ).exclude(status=OperationStatus.PLANNED)
        return frozenset().union(*begun.values_list("freezes", flat=True))

    def freeze_plan(self, *, unit_id: int) -> list[FreezePoint]:
        operations = list(
            Operation.objects.filter(
                work_order__unit_id=unit_id, work_order__status__in=LIVE_WORK_ORDER
            )
            .select_related("work_order__plant", "booking")
            .order_by("position")
        )
        return points_of(operations[0].work_order, operations) if operations else []


def points_of(work_order: WorkOrder, operations: Sequence[Operation]) -> list[FreezePoint]:
    """The freeze plan of a work order whose operations are at hand; empty where it is over."""
    if work_order.status not in LIVE_WORK_ORDER:
        return []
    now, said = work_order.plant.clock.now(), work_order.change_until
    not_before = said if said is not None and said > now else None
    return [
        _point(operation, work_order.plant.time_zone, now, not_before) for operation in operations
    ]


def _point(
    operation: Operation, time_zone: str, now: datetime, not_before: datetime | None
) -> FreezePoint:
    planned, has_begun = begin_of(operation), operation.status != OperationStatus.PLANNED
    return FreezePoint(
        operation=operation.code,
        features=tuple(operation.freezes),
        begins_at=operation.started_at or planned,
        time_zone=time_zone,
        has_begun=has_begun,
        not_before=not_before,
        is_overdue=not has_begun and planned is not None and planned <= now,
    )


def begin_of(operation: Operation) -> datetime | None:
    """Plant time the plan has for it; None while it has no place."""
    booking: Booking | None = getattr(operation, "booking", None)
    return booking.period.lower if booking is not None else None
