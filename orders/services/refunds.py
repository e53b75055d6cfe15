"""Money that goes back. Wanted in a transaction, done by the provider afterwards."""

from functools import partial

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.transitions import check_transition
from orders.lifecycle import PAYMENT_MOVES, PaymentStatus
from orders.models import Order, Payment
from orders.payments.base import provider_called
from orders.services.mail import queue_mail
from orders.signals import payment_open


def want_refund(*, order: Order) -> None:
    """Whatever was paid for the order is to go back. Call inside a transaction."""
    for payment in order.payments.select_for_update().filter(status=PaymentStatus.PAID):
        move_payment(payment, PaymentStatus.REFUNDING)


def move_payment(payment: Payment, target: PaymentStatus) -> None:
    check_transition(
        what=f"Payment {payment.provider_reference}",
        moves=PAYMENT_MOVES,
        source=payment.status,
        target=target,
    )
    payment.status = target
    payment.settled_at = real_now()
    payment.save(update_fields=["status", "settled_at"])
    transaction.on_commit(partial(payment_open.send_robust, sender=Payment, payment_id=payment.pk))


def pay_back(*, payment_id: int) -> bool:
    """Ask the provider to refund; safe to repeat. True once it is certain."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.REFUNDING:
        return payment.status == PaymentStatus.REFUNDED
    if not provider_called(payment.provider).refund(reference=payment.provider_reference):
        return False
    with transaction.atomic():
        locked = Payment.objects.select_for_update().select_related("order").get(pk=payment_id)
        if locked.status == PaymentStatus.REFUNDING:
            move_payment(locked, PaymentStatus.REFUNDED)
            queue_mail(order=locked.order, letter="refunded", amount=str(locked.amount))
    return True
