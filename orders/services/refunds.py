"""Money that goes back. Wanted in a transaction, done by the provider afterwards."""

from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Sum

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.transitions import check_transition
from orders.lifecycle import PAYMENT_MOVES, REFUND_MOVES, PaymentStatus, RefundStatus
from orders.models import Order, Payment, Refund
from orders.payments.base import provider_called
from orders.services.mail import queue_mail
from orders.signals import payment_open


def want_refund(*, order: Order) -> None:
    """Whatever was paid for the order is to go back. Call inside a transaction."""
    for payment in order.payments.select_for_update().filter(status=PaymentStatus.PAID):
        move_payment(payment, PaymentStatus.REFUNDING)


def want_part_refund(
    *, order: Order, key: str, amount: Decimal, tax_percent: Decimal | None = None
) -> None:
    """A part of what was paid is to go back while the order goes on. Call inside a transaction.

    The same ``key`` again is the same refund. What is paid on account is settled there.

    Args:
        tax_percent: Included in what it goes back for; for the credit note.

    Raises:
        DomainError: more than was paid (``refund_too_large``).
    """
    if order.partner_id is not None or Refund.objects.filter(key__startswith=f"{key}:").exists():
        return
    left = amount
    paid = order.payments.select_for_update().filter(status=PaymentStatus.PAID).order_by("-id")
    for payment in paid:
        part = min(left, remaining(payment))
        if part > 0:
            Refund.objects.create(
                key=f"{key}:{payment.pk}", payment=payment, amount=part, tax_percent=tax_percent
            )
            _announce(payment)
            left -= part
    if left > 0:
        raise Conflict(
            "refund_too_large",
            Sentence("%(amount)s cannot be given back: less than that was paid for %(order)s."),
            amount=str(amount),
            order=order.number,
        )


def remaining(payment: Payment) -> Decimal:
    """What of a payment has not gone back, nor is about to."""
    gone = payment.refunds.aggregate(gone=Sum("amount"))["gone"] or Decimal(0)
    return payment.amount - gone


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
    _announce(payment)


def _announce(payment: Payment) -> None:
    transaction.on_commit(partial(payment_open.send_robust, sender=Payment, payment_id=payment.pk))


def pay_back(*, payment_id: int) -> bool:
    """Ask the provider to refund what is left; safe to repeat. True once it is certain."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.REFUNDING:
        return payment.status == PaymentStatus.REFUNDED
    # What was made again for nothing was paid with nothing: nobody has anything to send back.
    if payment.amount and not provider_called(payment.provider).refund(
        reference=payment.provider_reference
    ):
        return False
    with transaction.atomic():
        locked = Payment.objects.select_for_update().select_related("order").get(pk=payment_id)
        if locked.status == PaymentStatus.REFUNDING:
            move_payment(locked, PaymentStatus.REFUNDED)
            if locked.amount:
                amount = str(remaining(locked))
                queue_mail(order=locked.order, letter="refunded", amount=amount)
    return True


def pay_back_parts(*, payment_id: int) -> None:
    """Ask the provider for every part that is to go back; safe to repeat."""
    parts = Refund.objects.filter(payment_id=payment_id, status=RefundStatus.REFUNDING)
    for refund in parts.select_related("payment").order_by("id"):
        gateway = provider_called(refund.payment.provider)
        if gateway.refund_part(
            reference=refund.payment.provider_reference, key=refund.key, amount=refund.amount
        ):
            _note_part(refund.pk)


@transaction.atomic
def _note_part(refund_id: int) -> None:
    refund = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("payment__order")
        .get(pk=refund_id)
    )
    if refund.status == RefundStatus.REFUNDED:
        return
    check_transition(
        what=f"Refund {refund.key}",
        moves=REFUND_MOVES,
        source=refund.status,
        target=RefundStatus.REFUNDED,
    )
    refund.status, refund.settled_at = RefundStatus.REFUNDED, real_now()
    refund.save(update_fields=["status", "settled_at"])
    queue_mail(order=refund.payment.order, letter="refunded", amount=str(refund.amount))
