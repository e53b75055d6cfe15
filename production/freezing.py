"""Answers the freeze port (cosmo/lib/ports.py) from what the line has begun."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from cosmo.lib.ports import FreezePoint
from production.lifecycle import LIVE_WORK_ORDER, MAY_BE_UNTOUCHED, OperationStatus
from production.models import Booking, Operation, WorkOrder


class RoutingFreezePoints:
    """A feature is fixed once an operation that freezes it has started. One statement."""

    def frozen_features(self, *, unit_id: int) -> frozenset[str]:
        begun = Operation.objects.filter(
            work_order__unit_id=unit_id, work_order__status__in=LIVE_WORK_ORDER
        ).exclude(status=OperationStatus.PLANNED, started_at=None)
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
    is_work_begun = has_begun(work_order.status, operations)
    return [
        FreezePoint(
            operation=operation.code,
            features=tuple(operation.freezes),
            begins_at=operation.started_at or begin_of(operation),
            time_zone=work_order.plant.time_zone,
            has_begun=was_begun(operation),
            is_work_begun=is_work_begun,
            not_before=not_before,
            is_overdue=_is_overdue(operation, now),
        )
        for operation in operations
    ]


class Step(Protocol):
    """An operation, as a row or as what a plan read of it."""

    @property
    def status(self) -> str: ...

    @property
    def started_at(self) -> datetime | None: ...


def has_begun(status: str, operations: Iterable[Step]) -> bool:
    """Whether anything was done to the unit: then it is neither changed nor cancelled any more.

    Args:
        status: The work order's.
        operations: All of it.
    """
    return status not in MAY_BE_UNTOUCHED or any(map(was_begun, operations))


def was_begun(operation: Step) -> bool:
    """Also what failed and waits to be done again."""
    return operation.status != OperationStatus.PLANNED or operation.started_at is not None


def _is_overdue(operation: Operation, now: datetime) -> bool:
    planned = begin_of(operation)
    return not was_begun(operation) and planned is not None and planned <= now


def begin_of(operation: Operation) -> datetime | None:
    """Plant time the plan has for it; None while it has no place."""
    booking: Booking | None = getattr(operation, "booking", None)
    return booking.period.lower if booking is not None else None
