"""Paying an order: begin, learn the result, and do what follows from it. All of it repeatable."""

from django.db import transaction
from django.db.models import Q

from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.ids import new_public_id
from orders.lifecycle import OrderStatus, PaymentStatus, RefundStatus
from orders.models import Order, Payment, Refund
from orders.payments.base import Started, provider_called
from orders.services.changes import settle_paid_change
from orders.services.confirmation import lock_order, settle_paid_order
from orders.services.promises import extend_hold
from orders.services.refunds import move_payment, pay_back, pay_back_parts

OPEN = (PaymentStatus.CREATED, PaymentStatus.PENDING)


def start_payment(*, order_id: int, provider: str) -> Started:
    """Begin to pay a quoted order, or go on with the payment already begun; its hold lasts longer.

    Raises:
        DomainError: the order is not waiting for payment (``not_payable``), ``unknown_provider``.
    """
    gateway = provider_called(provider)
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status != OrderStatus.QUOTED:
            raise Conflict(
                "not_payable",
                Sentence("Order %(order)s waits for no payment; its page says how it stands."),
                order=order.number,
            )
        payment = order.payments.filter(
            provider=provider, status__in=OPEN, change=None, amount=order.total
        ).first()
        extend_hold(order)
        if payment is None:
            reference = str(new_public_id())
            payment = Payment.objects.create(
                order=order,
                provider=provider,
                provider_reference=reference,
                amount=order.total,
                currency=order.currency,
            )
    return gateway.start(
        reference=payment.provider_reference, amount=payment.amount, currency=payment.currency
    )


def settle_payment(*, payment_id: int) -> Payment:
    """Ask the provider what became of a payment and do what follows. Safe to repeat at any time."""
    payment = Payment.objects.get(pk=payment_id)
    pay_back_parts(payment_id=payment.pk)
    if payment.status == PaymentStatus.REFUNDING:
        pay_back(payment_id=payment.pk)
    if payment.status not in OPEN:
        return payment
    result = provider_called(payment.provider).query(reference=payment.provider_reference)
    if result == "unknown":
        return payment
    return _record_result(payment_id=payment.pk, result=result)


@transaction.atomic
def _record_result(*, payment_id: int, result: str) -> Payment:
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = lock_order(order_id)  # the order first, always: one order of locks, no deadlock
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.status not in OPEN:
        return payment
    if result == "pending":
        if payment.status == PaymentStatus.CREATED:
            move_payment(payment, PaymentStatus.PENDING)
    elif result == "refused":
        move_payment(payment, PaymentStatus.REFUSED)
    elif payment.change_id is not None:
        move_payment(payment, PaymentStatus.PAID)
        settle_paid_change(change_id=payment.change_id)
    elif _is_paid_already(order) or _is_of_an_older_price(payment, order):
        move_payment(payment, PaymentStatus.REFUNDING)
    else:
        move_payment(payment, PaymentStatus.PAID)
        settle_paid_order(order_id=order.pk)
    return payment


def _is_paid_already(order: Order) -> bool:
    return order.payments.filter(status=PaymentStatus.PAID, change=None).exists()


def _is_of_an_older_price(payment: Payment, order: Order) -> bool:
    """Begun before the quote was asked for again at another price."""
    return order.status == OrderStatus.QUOTED and payment.amount != order.total


def open_payment_ids(limit: int = 100) -> list[int]:
    """Payments whose result is not known, and refunds not yet certain: the sweep's work."""
    giving_back = Refund.objects.filter(status=RefundStatus.REFUNDING).values("payment")
    return list(
        Payment.objects.filter(
            Q(status__in=[*OPEN, PaymentStatus.REFUNDING]) | Q(pk__in=giving_back)
        )
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )
