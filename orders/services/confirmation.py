"""Turning a quoted order into a commitment, or asking when the promise could not be kept."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, DomainError, Sentence
from cosmo.lib.outbox import write_event
from cosmo.lib.ports import promise_source
from cosmo.lib.transitions import check_transition
from orders.lifecycle import ORDER_MOVES, ChangeStatus, OrderStatus
from orders.models import ChangeOrder, Order, Unit
from orders.services.mail import queue_mail
from orders.services.promises import latest_date, write_plants, write_promises
from orders.services.refunds import want_refund
from orders.signals import order_cancelled, order_confirmed

ASK_LASTS = timedelta(hours=24)


def lock_order(order_id: int) -> Order:
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


@transaction.atomic
def confirm_order(*, order_id: int) -> Order:
    """Confirm a quoted (or asked) order whose hold stands. A second call raises.

    Raises:
        DomainError: not to be confirmed (``bad_transition``), ``hold_expired``.
    """
    order = lock_order(order_id)
    check_transition(
        what=f"Order {order.number}",
        moves=ORDER_MOVES,
        source=order.status,
        target=OrderStatus.CONFIRMED,
    )
    order.status = OrderStatus.CONFIRMED
    order.confirmed_at = real_now()
    order.offered_date = None
    with chain(order.chain_id):  # a payment's answer comes with a chain of its own
        promise_source().confirm(order_id=order.pk)
        order.save(update_fields=["status", "confirmed_at", "offered_date"])
        write_event(
            topic="order.confirmed",
            key=str(order.public_id),
            body={"order": order.number, "promise_date": order.promise_date.isoformat()},
        )
    queue_mail(order=order, letter="order_confirmed")
    transaction.on_commit(partial(order_confirmed.send_robust, sender=Order, order_id=order.pk))
    return order


@transaction.atomic
def settle_paid_order(*, order_id: int) -> Order:
    """The money is there: confirm; or promise again where the hold had ended.

    A date no later than promised confirms at once. A later one is offered and the customer
    asked, while capacity is held. Where nothing can be promised, the money goes back.
    """
    order = lock_order(order_id)
    if order.status == OrderStatus.CANCELLED:
        want_refund(order=order)
        return order
    if order.status != OrderStatus.QUOTED:
        return order
    if promise_source().is_held(order_id=order.pk):
        return confirm_order(order_id=order.pk)
    return _promise_again(order)


def _promise_again(order: Order) -> Order:
    promised = order.promise_date
    try:
        with transaction.atomic():
            promises = promise_source().hold(order_id=order.pk, lasts=ASK_LASTS)
    except DomainError:
        return cancel_order(order_id=order.pk, reason="no_capacity")
    offered = latest_date(promises)
    if offered <= promised:
        write_promises(order, promises)
        return confirm_order(order_id=order.pk)
    write_plants(promises)
    order.status = OrderStatus.ASKED
    order.offered_date = offered
    order.held_until = real_now() + ASK_LASTS
    order.save(update_fields=["status", "offered_date", "held_until"])
    queue_mail(order=order, letter="order_asked", offered=offered.isoformat())
    return order


@transaction.atomic
def answer_offer(*, order_id: int, accepts: bool) -> Order:
    """The customer's answer to a later date: go on with it, or cancel and refund.

    Raises:
        DomainError: nothing was asked (``nothing_asked``).
    """
    order = lock_order(order_id)
    if order.status != OrderStatus.ASKED:
        raise Conflict(
            "nothing_asked",
            Sentence("Order %(order)s waits for no answer any more; its page says how it stands."),
            order=order.number,
        )
    if not accepts:
        return cancel_order(order_id=order.pk, reason="date_declined")
    if not promise_source().is_held(order_id=order.pk):
        # The answer came after the second hold ended too: hold what is possible now.
        promises = promise_source().hold(order_id=order.pk, lasts=ASK_LASTS)
        if order.offered_date and latest_date(promises) > order.offered_date:
            write_plants(promises)
            order.offered_date = latest_date(promises)
            order.held_until = real_now() + ASK_LASTS
            order.save(update_fields=["offered_date", "held_until"])
            return order
        write_promises(order, promises)
        return confirm_order(order_id=order.pk)
    order.lines.update(promise_date=order.offered_date)
    order.promise_date = order.offered_date or order.promise_date
    order.save(update_fields=["promise_date"])
    return confirm_order(order_id=order.pk)


@transaction.atomic
def cancel_order(*, order_id: int, reason: str, even_if_begun: bool = False) -> Order:
    """Cancel before work begins; capacity and money go back.

    Args:
        even_if_begun: What was begun is given up too: we did not keep our word.

    Raises:
        DomainError: ``bad_transition``; work on one of its units has begun
            (``already_in_production``) or is over (``already_made``).
    """
    order = lock_order(order_id)
    check_transition(
        what=f"Order {order.number}",
        moves=ORDER_MOVES,
        source=order.status,
        target=OrderStatus.CANCELLED,
    )
    if order.status == OrderStatus.CONFIRMED:
        units = live_units(order)
        promise_source().withdraw(unit_ids=units, even_if_begun=even_if_begun)
        drop_changes(unit_ids=units, reason="order_cancelled")
    else:
        promise_source().release(order_id=order.pk)
    order.status = OrderStatus.CANCELLED
    order.closed_at = real_now()
    order.close_reason = reason[:40]
    order.save(update_fields=["status", "closed_at", "close_reason"])
    want_refund(order=order)
    queue_mail(order=order, letter="order_cancelled", reason=reason)
    transaction.on_commit(partial(order_cancelled.send_robust, sender=Order, order_id=order.pk))
    return order


def live_units(order: Order) -> list[int]:
    """Units of the order that are or will be made."""
    return list(
        Unit.objects.filter(line__order=order, line__cancelled_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def drop_changes(*, unit_ids: list[int], reason: str) -> None:
    """Changes that were asked and not paid come to nothing."""
    ChangeOrder.objects.filter(unit_id__in=unit_ids, status=ChangeStatus.ASKED).update(
        status=ChangeStatus.DROPPED, closed_at=real_now(), close_reason=reason
    )
