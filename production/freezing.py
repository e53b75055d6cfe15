"""Answers the freeze port (cosmo/lib/ports.py) from what the line has begun."""

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
        operations = (
            Operation.objects.filter(
                work_order__unit_id=unit_id, work_order__status__in=LIVE_WORK_ORDER
            )
            .select_related("work_order__plant", "booking")
            .order_by("position")
        )
        return [_point(operation) for operation in operations]


def _point(operation: Operation) -> FreezePoint:
    booking: Booking | None = getattr(operation, "booking", None)
    planned = booking.period.lower if booking else None
    if planned is not None and planned <= operation.work_order.plant.clock.now():
        planned = None  # it should have begun: when it will nobody knows
    return FreezePoint(
        operation=operation.code,
        features=tuple(operation.freezes),
        begins_at=operation.started_at or planned,
        time_zone=operation.work_order.plant.time_zone,
        has_begun=operation.status != OperationStatus.PLANNED,
        not_before=_not_before(operation.work_order),
    )


def _not_before(work_order: WorkOrder) -> datetime | None:
    said = work_order.change_until
    return said if said is not None and said > work_order.plant.clock.now() else None
