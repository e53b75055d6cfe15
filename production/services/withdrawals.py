"""Confirmed units that are not made after all, or made differently.

The order's row is locked by whoever calls; here the plants follow, then work orders.
"""

from collections.abc import Sequence

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.transitions import check_transition
from orders.models import Unit
from orders.services.units import already_begun
from production.freezing import has_begun
from production.lifecycle import (
    LIVE_WORK_ORDER,
    WORK_ORDER_MOVES,
    DispatchStatus,
    SlipStatus,
    Stage,
    WorkOrderStatus,
)
from production.locks import plant_locks
from production.models import Booking, Plant, Recall, WorkOrder
from production.selectors.bookings import gaps_of
from production.selectors.makers import makers_of
from production.selectors.places import (
    Place,
    best_place,
    change_until_at,
    first_minute_again,
    supplies_of,
)
from production.services.history import tell_now
from production.services.planning import mark_bookings_changed
from production.services.remake import BY_ORDER
from production.services.slip_words import close_slips
from production.services.work_orders import free_bookings, open_next, planned_day

MADE = (WorkOrderStatus.COMPLETED, WorkOrderStatus.CLOSED)
NEVER_SENT = (DispatchStatus.WAITING, DispatchStatus.REJECTED)


@transaction.atomic
def withdraw_units(*, unit_ids: Sequence[int], even_if_begun: bool) -> None:
    """End the units' work orders; capacity is free again, and the line is told.

    Raises:
        DomainError: work on one has begun (``already_in_production``, unless ``even_if_begun``),
            or is over (``already_made``). Nothing was changed.
    """
    plant_locks(
        WorkOrder.objects.filter(
            unit__in=unit_ids, status__in=[*LIVE_WORK_ORDER, WorkOrderStatus.ABORTED]
        ).values_list("plant_id", flat=True)
    )
    work_orders = _lock_live(unit_ids)
    for work_order in work_orders:
        _check_open(work_order, even_if_begun=even_if_begun)
    for work_order in work_orders:
        end_early(work_order)
        tell_now(work_order, Stage.CANCELLED)
    # What the line gave up and what waits for room to be made again is not made again.
    WorkOrder.objects.filter(unit__in=unit_ids, status=WorkOrderStatus.ABORTED).update(
        job_reason=BY_ORDER
    )
    close_slips(unit_ids=unit_ids, status=SlipStatus.OVER, said="cancelled")


@transaction.atomic
def replan_unit(*, unit_id: int) -> Place:
    """End the unit's work order, which has not begun, and open one for what its line says now.

    Raises:
        DomainError: ``already_in_production``, ``already_made``, ``no_plant``, ``no_capacity``.
    """
    unit = Unit.objects.select_related("line").get(pk=unit_id)
    makers = makers_of([unit.line.offer_id]).get(unit.line.offer_id, [])
    live = WorkOrder.objects.filter(unit=unit, status__in=LIVE_WORK_ORDER)
    plant_locks({*live.values_list("plant_id", flat=True), *(one.plant_id for one in makers)})
    (before,) = _lock_live([unit_id])
    _check_open(before, even_if_begun=False)
    end_early(before)
    before.unit = unit
    plants = Plant.objects.defer("document").in_bulk({maker.plant_id for maker in makers})
    for maker in makers:
        maker.plant = plants[maker.plant_id]
    gaps = {plant_id: gaps_of(plant) for plant_id, plant in plants.items()}
    place = best_place(
        makers,
        gaps,
        selection=unit.line.selection,
        quantity=1,
        not_before={
            plant_id: first_minute_again(plant, gaps[plant_id], change_until_at(plant, before))
            for plant_id, plant in plants.items()
        },
        supplies=supplies_of(plants.values()),
    )
    fresh = open_next(before, place, due_at=place.due_at)
    mark_bookings_changed({fresh.plant_id}, plan_for="unit changed")
    day = planned_day(fresh.plant, Booking.objects.filter(operation__work_order=fresh))
    tell_now(fresh, Stage.PLANNED, day=day.isoformat())
    close_slips(unit_ids=[unit_id], status=SlipStatus.CHANGED, said="changed")
    return place


def end_early(work_order: WorkOrder) -> None:
    """Nothing more is made of a locked work order; what it had booked is free."""
    is_begun = has_begun(work_order.status, work_order.operations.all())
    target = WorkOrderStatus.ABORTED if is_begun else WorkOrderStatus.CANCELLED
    check_transition(
        what=str(work_order), moves=WORK_ORDER_MOVES, source=work_order.status, target=target
    )
    work_order.status, work_order.job_reason = target, BY_ORDER
    work_order.save(update_fields=["status", "job_reason"])
    if work_order.dispatch not in NEVER_SENT:
        Recall.objects.get_or_create(work_order=work_order, defaults={"next_at": real_now()})
    free_bookings(work_order_id=work_order.pk)


def _lock_live(unit_ids: Sequence[int]) -> list[WorkOrder]:
    return list(
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .filter(unit__in=unit_ids, status__in=LIVE_WORK_ORDER)
        .select_related("plant", "unit")
        .defer("plant__document")
        .order_by("id")
    )


def _check_open(work_order: WorkOrder, *, even_if_begun: bool) -> None:
    if work_order.status in MADE:
        raise Conflict(
            "already_made",
            Sentence("Unit %(serial)s is made and on its way, so it cannot be cancelled here."),
            serial=work_order.unit.serial,
        )
    if not even_if_begun and has_begun(work_order.status, work_order.operations.all()):
        raise already_begun(work_order.unit.serial)
