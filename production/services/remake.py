"""A unit that did not come out right is made again: a new work order, the same serial."""

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from cosmo.lib.chain import chain
from cosmo.lib.errors import DomainError
from production.lifecycle import Stage, WorkOrderStatus
from production.models import Booking, WorkOrder
from production.services.dispatch import lock_work_order
from production.services.history import tell_now
from production.services.work_orders import free_bookings, planned_day, remake_unit

log = structlog.get_logger(__name__)
BY_ORDER = "aborted_by_order"  # we said so: whoever did goes on from there


def after_abort(work_order: WorkOrder) -> WorkOrder | None:
    """Give back what an aborted work order had booked and open the unit's next one.

    Under the plant's lock, in the transaction that aborted it. Where no room is left, nothing is
    opened and the sweep tries again.
    """
    if work_order.job_reason == BY_ORDER:
        free_bookings(work_order_id=work_order.pk)
        return None
    try:
        fresh = remake_unit(work_order_id=work_order.pk)
    except DomainError as error:
        free_bookings(work_order_id=work_order.pk)
        log.error("remake_waits", job=str(work_order.public_id), error=error.message)
        return None
    _tell_planned(fresh)
    log.info("remake_opened", job=str(fresh.public_id), before=str(work_order.public_id))
    return fresh


def _tell_planned(work_order: WorkOrder) -> None:
    plant = work_order.plant
    day = planned_day(plant, Booking.objects.filter(operation__work_order=work_order))
    tell_now(work_order, Stage.PLANNED, day=day.isoformat())


def units_to_remake(*, limit: int = 20) -> list[int]:
    """Aborted work orders whose unit has no later one."""
    later = WorkOrder.objects.filter(unit=OuterRef("unit"), generation__gt=OuterRef("generation"))
    return list(
        WorkOrder.objects.filter(~Exists(later), status=WorkOrderStatus.ABORTED)
        .exclude(job_reason=BY_ORDER)
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )


@transaction.atomic
def remake_waiting(*, work_order_id: int) -> WorkOrder | None:
    """What ``after_abort`` could not do for want of room. Safe to repeat."""
    work_order = lock_work_order(work_order_id)
    if work_order.status != WorkOrderStatus.ABORTED or _has_later(work_order):
        return None
    with chain(work_order.chain_id):
        return after_abort(work_order)


def _has_later(work_order: WorkOrder) -> bool:
    return WorkOrder.objects.filter(
        unit_id=work_order.unit_id, generation__gt=work_order.generation
    ).exists()
