"""Orders opened by a signed link, by a session that may, or by who signed in."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cosmo.lib.ports import freeze_points
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order, Unit
from orders.selectors.access import (
    LinkState,
    access_by_link,
    access_order,
    grant,
    link_state,
    viewer_of,
)
from orders.selectors.lines import view_line
from orders.selectors.orders import open_payment, with_lines
from orders.selectors.papers import paper_day, seller_zone
from orders.selectors.quotes import is_kept
from orders.services.payments import settle_payment


def enter_by_link(request: HttpRequest, public_id: UUID, page: str) -> HttpResponse | None:
    """A signed link opens the order for this browser and is taken off the address."""
    key = request.GET.get("key", "")
    state = link_state(public_id, key) if key else LinkState.FORGED
    if state is LinkState.OPENS:
        grant(request, access_by_link(public_id))
        return redirect(page, public_id)
    if state is LinkState.ENDED:
        return redirect(f"{reverse('account:find-order')}?ended=1")
    return None


def order_facts(request: HttpRequest, public_id: UUID) -> dict[str, object]:
    """What the pages of an order show; a payment under way is asked after first."""
    found = access_order(viewer_of(request), public_id)
    payment = open_payment(found)
    if payment is not None:
        settle_payment(payment_id=payment.pk)
    found = with_lines(Order.objects.filter(pk=found.pk)).select_related("seller").get()
    payments = list(found.payments.filter(change=None).order_by("-id"))
    return {
        "order": found,
        "lines": [view_line(line) for line in found.lines.all()],
        "payment": payments[0] if payments else None,
        "is_waiting": bool(payments) and payments[0].status == PaymentStatus.PENDING,
        "is_refused": bool(payments) and payments[0].status == PaymentStatus.REFUSED,
        "is_kept": is_kept(found),
        "can_cancel": can_cancel(found),
        "statuses": OrderStatus,
        "country": settings.COSMO_SHIP_TO.get(found.country, found.country),
        "seller": settings.COSMO_SELLER,
        "zone": seller_zone().key,
        "placed_on": paper_day(found.created_at),
        "confirmed_on": paper_day(found.confirmed_at) if found.confirmed_at else None,
        "net_total": found.total - found.tax_total,
    }


def can_cancel(order: Order) -> bool:
    """Whether to offer it; the service decides. What is begun is fixed in some feature at least."""
    if order.status == OrderStatus.QUOTED:
        return True
    if order.status != OrderStatus.CONFIRMED:
        return False
    units = Unit.objects.filter(line__order=order, line__cancelled_at=None)
    return not any(freeze_points().frozen_features(unit_id=unit.pk) for unit in units)
