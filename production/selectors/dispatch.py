"""What is said to lines, and which work orders wait for an operator."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict
from orders.models import OrderLine
from production.lifecycle import LIVE_WORK_ORDER, DispatchStatus, OperationStatus, WorkOrderStatus
from production.lines.base import JobOrder
from production.models import Booking, Line, Operation, Plant, WorkOrder

SILENT_AFTER = timedelta(seconds=12)  # a line tells its status every 2 s
FORMAT = "cosmo-joborder/1"


def job_order_of(work_order: WorkOrder) -> JobOrder:
    """The work order as the line reads it, with the times of the published plan.

    Raises:
        Conflict: an operation has no place in the plan (``not_planned``).
    """
    # First the number, then the times: they may be newer than it says, never older.
    plan = Plant.objects.values_list("booking_seq", flat=True).get(pk=work_order.plant_id)
    unit, order_line = work_order.unit, work_order.unit.line
    return JobOrder(
        job=work_order.public_id,
        plan=plan,
        chain=work_order.chain_id,
        body={
            "format": FORMAT,
            "job": str(work_order.public_id),
            "plan": plan,
            "chain": work_order.chain_id,
            "line": work_order.line.code,
            "unit": {"serial": unit.serial, "gs1": settings.PUBLIC_URL + unit.digital_link},
            "product": {
                "code": order_line.product.slug,
                "gtin": unit.gtin,
                "name": _product_name(order_line),
            },
            "bom": work_order.bom,
            "operations": [_planned(operation) for operation in planned_operations(work_order)],
        },
    )


def planned_operations(work_order: WorkOrder) -> list[Operation]:
    """All operations in order, each with its booking, lane and resource: one statement.

    Raises:
        Conflict: one has no booking (``not_planned``).
    """
    operations = list(
        work_order.operations.select_related("work_centre", "booking__lane__resource").order_by(
            "position"
        )
    )
    missing = [one.code for one in operations if not hasattr(one, "booking")]
    if missing:
        raise Conflict(
            "not_planned",
            f"Operations {', '.join(missing)} of {work_order} have no place in the plan; plan "
            f"{work_order.plant} first.",
        )
    return operations


def new_times(operation: Operation) -> dict[str, Any]:
    """When and where an operation is planned, in the words of joborder and reschedule."""
    booking, resource = operation.booking, operation.booking.lane.resource.code
    return {
        "id": operation.code,
        "resource": resource,
        "planned_start": plant_text(booking.period.lower),
        "planned_end": plant_text(booking.period.upper),
        "set_up_min": booking.set_up_min,
        "duration_min": _duration_min(operation, booking, resource),
    }


def _planned(operation: Operation) -> Mapping[str, Any]:
    return {
        **new_times(operation),
        "kind": operation.kind,
        "work_centre": operation.work_centre.code,
        "after": operation.after,
    }


def _duration_min(operation: Operation, booking: Booking, resource: str) -> int:
    """As frozen for this station; what is left of the booking where it is not listed."""
    frozen = dict(operation.alternatives)
    if resource in frozen:
        return int(frozen[resource])
    length: timedelta = booking.period.upper - booking.period.lower
    return max(1, length // timedelta(minutes=1) - booking.set_up_min)


def _product_name(order_line: OrderLine) -> str:
    """In English, the language of the documents that lines and operators get."""
    texts = order_line.texts.document
    spoken = texts.get("en") or next(iter(texts.values()))
    return str(spoken["product"]["name"])


def plant_text(moment: datetime) -> str:
    """A plant time as lines write it: UTC with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_silent(line: Line) -> bool:
    """Nothing heard of the line for longer than it takes to miss several of its statuses."""
    return line.seen_at is None or line.seen_at < real_now() - SILENT_AFTER


def operator_list(plants: Iterable[Plant]) -> QuerySet[WorkOrder]:
    """Work orders that go no further without a person, oldest first."""
    return (
        WorkOrder.objects.filter(
            plant__in=plants,
            status__in=LIVE_WORK_ORDER,
            dispatch__in=[DispatchStatus.STUCK, DispatchStatus.REJECTED, DispatchStatus.REVIEW],
        )
        .select_related("unit__line__order", "line", "plant")
        .order_by("id")
    )


def plans_to_push(*, limit: int = 50) -> list[int]:
    """Accepted work orders with an operation, not yet started, whose place changed since."""
    moved = Booking.objects.filter(
        operation__work_order=OuterRef("pk"),
        operation__status=OperationStatus.PLANNED,
        seq__gt=OuterRef("sent_plan"),
    )
    return list(
        WorkOrder.objects.filter(
            Exists(moved),
            dispatch=DispatchStatus.ACCEPTED,
            status__in=[WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD],
            line__seen_at__gt=real_now() - SILENT_AFTER,
        )
        .exclude(job_state="", applied_epoch="")
        .order_by(F("release_at"), "id")
        .values_list("pk", flat=True)[:limit]
    )
