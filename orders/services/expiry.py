"""Orders nobody paid, and offers nobody answered."""

from datetime import timedelta

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order
from orders.services.confirmation import cancel_order

# A quoted order outlives its hold: who comes back later pays and is promised again.
UNPAID_LASTS = timedelta(days=2)


def close_silent_orders(limit: int = 100) -> int:
    """Cancel quoted orders long unpaid and offers unanswered past their hold (money back)."""
    now = real_now()
    unpaid = Order.objects.filter(
        status=OrderStatus.QUOTED, created_at__lt=now - UNPAID_LASTS
    ).exclude(payments__status=PaymentStatus.PENDING)
    unanswered = Order.objects.filter(status=OrderStatus.ASKED, held_until__lt=now)
    closed = 0
    for order in [*unpaid[:limit], *unanswered[:limit]]:
        try:
            cancel_order(order_id=order.pk, reason="no_answer")
        except DomainError:  # answered in this very moment: nothing to close
            continue
        closed += 1
    return closed
