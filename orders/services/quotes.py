"""A quote kept, sent, and asked for again once its time is over."""

from django.conf import settings
from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.ports import promise_source
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order, OrderLine
from orders.selectors.quotes import AskedAgain, LineToday, ask_again, is_price_good
from orders.services.checkout import PRICE_LASTS, Said, check_said
from orders.services.confirmation import lock_order
from orders.services.mail import queue_mail
from orders.services.promises import hold_capacity


@transaction.atomic
def send_quote(*, order_id: int) -> None:
    """The quote's link to whoever wants to decide later."""
    queue_mail(order=lock_order(order_id), letter="quoted", page="orders:quote")


@transaction.atomic
def renew_quote(*, order_id: int, said: Said | None) -> Order:
    """The same designs at today's price and day, kept again. A quote that still stands stays.

    Raises:
        DomainError: no quote any more (``not_a_quote``), a payment is under way
            (``payment_pending``), it cannot be had any more (``quote_gone``), or it is dearer or
            later than the customer read (``price_moved``, ``promise_moved``; nothing changed).
    """
    order = lock_order(order_id)
    _check_renewable(order)
    if promise_source().is_held(order_id=order.pk) and is_price_good(order):
        return order
    today = ask_again(order)
    if today.sums is None:
        raise Conflict(
            "quote_gone",
            Sentence(
                "Quote %(order)s cannot be had as it was any more. Open the design and make a "
                "new one."
            ),
            order=order.number,
        )
    _write(order, today)
    hold_capacity(order, lasts=settings.COSMO_HOLD)
    check_said(order, said)
    return order


def _check_renewable(order: Order) -> None:
    if order.status != OrderStatus.QUOTED:
        raise Conflict(
            "not_a_quote",
            Sentence("%(order)s is no quote any more; its page says how it stands."),
            order=order.number,
        )
    if order.payments.filter(status=PaymentStatus.PENDING).exists():
        raise Conflict(
            "payment_pending",
            Sentence("A payment of %(order)s is being checked. Wait for its result."),
            order=order.number,
        )


def _write(order: Order, today: AskedAgain) -> None:
    assert today.sums is not None  # noqa: S101 - checked by the caller
    for line in today.lines:
        _write_line(line)
    order.total, order.tax_total = today.sums.gross, today.sums.tax
    order.price_until = real_now() + PRICE_LASTS
    order.hold_extensions = 0
    order.save(update_fields=["total", "tax_total", "price_until", "hold_extensions"])


def _write_line(today: LineToday) -> None:
    line: OrderLine = today.line
    assert today.amounts is not None  # noqa: S101 - the whole can be had
    line.offer = today.offer
    is_of_today = line.offer_id == line.product.published_offer_id
    if is_of_today and line.product.published_texts_id is not None:
        line.texts_id = line.product.published_texts_id
    line.price_lines = [
        {"id": one.id, "feature": one.feature, "amount": str(one.amount)}
        for one in today.price_lines
    ]
    line.unit_price, line.tax_percent = today.unit_price, today.tax_percent
    line.tax = today.amounts.tax
    line.save(update_fields=["offer", "texts", "price_lines", "unit_price", "tax_percent", "tax"])
