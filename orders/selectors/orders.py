"""Orders with all a page needs, in a handful of statements."""

from django.db.models import Prefetch, QuerySet

from orders.lifecycle import PaymentStatus
from orders.models import Order, OrderLine, Payment, Unit
from orders.selectors.access import Viewer


def with_lines(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with lines, products, documents and units: four statements for any number."""
    lines = (
        OrderLine.objects.select_related("product", "offer", "texts", "revision__design")
        .prefetch_related(Prefetch("units", queryset=Unit.objects.order_by("position")))
        .order_by("position")
    )
    return orders.prefetch_related(Prefetch("lines", queryset=lines))


def open_payment(order: Order) -> Payment | None:
    """The payment the customer has begun and not finished, if any."""
    return (
        order.payments.filter(status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING])
        .order_by("-id")
        .first()
    )


def paid_payment(order: Order) -> Payment | None:
    return order.payments.filter(status=PaymentStatus.PAID).first()


def orders_of(viewer: Viewer) -> QuerySet[Order]:
    """What the viewer bought (not what staff may see besides), newest first."""
    return Order.objects.filter(user=viewer.user).order_by("-id")
