"""Confirmed work orders, made the way real ones are."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.ports import promise_source
from orders.lifecycle import OrderStatus
from orders.models import Order
from production.lifecycle import DispatchStatus
from production.models import Plant, WorkOrder
from tests.factories.production import make_offer, make_order


def make_work_order(plant: Plant, **wanted: Any) -> WorkOrder:
    """One confirmed unit; the first of its order when several are wanted."""
    return make_work_orders(plant, **wanted)[0]


def make_work_orders(plant: Plant, **wanted: Any) -> list[WorkOrder]:
    order = make_order(make_offer(plant), wanted)
    with transaction.atomic():
        promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
        return confirm(order)


def confirm(order: Order) -> list[WorkOrder]:
    """The work orders of an order that is held."""
    with transaction.atomic():
        promise_source().confirm(order_id=order.pk)
    order.status, order.confirmed_at = OrderStatus.CONFIRMED, real_now()
    order.save()
    return list(WorkOrder.objects.filter(unit__line__order=order).order_by("pk"))


def make_due(work_order: WorkOrder) -> WorkOrder:
    """As the planner marks it when it is to be released."""
    work_order.dispatch, work_order.next_at = DispatchStatus.DUE, real_now()
    work_order.save()
    return work_order


def make_accepted(work_order: WorkOrder, *, epoch: str) -> WorkOrder:
    """As it is once the line has it."""
    work_order.dispatch, work_order.next_at = DispatchStatus.ACCEPTED, None
    work_order.applied_epoch, work_order.dispatched_at = epoch, real_now()
    work_order.save()
    return work_order
