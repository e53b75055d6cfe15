"""Orders nobody paid, and offers nobody answered."""

from datetime import timedelta

from django.db.models import Q

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order
from orders.services.checkout import PRICE_LASTS
from orders.services.confirmation import cancel_order

GUESTS_KEPT = timedelta(days=30)
MONEY_MOVES = (PaymentStatus.PENDING, PaymentStatus.REFUNDING)  # its letter is still to come


def close_silent_orders(limit: int = 100) -> int:
    """Cancel quotes whose price has ended and offers unanswered past their hold (money back)."""
    now = real_now()
    is_over = Q(price_until__lt=now) | Q(price_until=None, created_at__lt=now - PRICE_LASTS)
    unpaid = Order.objects.filter(is_over, status=OrderStatus.QUOTED).exclude(
        payments__status=PaymentStatus.PENDING
    )
    unanswered = Order.objects.filter(status=OrderStatus.ASKED, held_until__lt=now)
    closed = 0
    for order in [*unpaid[:limit], *unanswered[:limit]]:
        try:
            cancel_order(order_id=order.pk, reason="no_answer")
        except DomainError:  # answered in this very moment: nothing to close
            continue
        closed += 1
    return closed


def forget_unpaid_guests() -> int:
    """Who has no account, and whose order ended before it was confirmed: nothing was made and no
    invoice written, so a month later name and addresses go, once no money is on its way back. How
    many. Safe to repeat."""
    over = Order.objects.filter(
        user=None,
        partner=None,
        confirmed_at=None,
        status=OrderStatus.CANCELLED,
        closed_at__lt=real_now() - GUESTS_KEPT,
    )
    over = over.exclude(email="").exclude(payments__status__in=MONEY_MOVES)
    return over.update(email="", name="", phone="", street="", postal_code="", city="")
