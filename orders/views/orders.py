"""Orders as their customers see them."""

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from design.compile import compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.studio import line_name
from design.selectors.texts import texts_in
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order, OrderLine
from orders.selectors.access import access_order, grant, opens_with, viewer_of
from orders.selectors.carts import chosen_facts
from orders.selectors.orders import open_payment, orders_of, with_lines
from orders.services.confirmation import answer_offer
from orders.services.payments import settle_payment

PAGE_SIZE = 20


@require_safe
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The order's page. A signed link from a mail opens it and is taken off the address."""
    key = request.GET.get("key", "")
    if key and opens_with(public_id, key):
        grant(request, Order.objects.get(public_id=public_id))
        return redirect("orders:order", public_id)
    return render(request, "orders/order.html", _facts(request, public_id))


@require_safe
def order_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while a payment is being checked."""
    return render(request, "orders/partials/state.html", _facts(request, public_id))


def _facts(request: HttpRequest, public_id: UUID) -> dict[str, object]:
    found = access_order(viewer_of(request), public_id)
    payment = open_payment(found)
    if payment is not None:
        settle_payment(payment_id=payment.pk)
    found = with_lines(Order.objects.filter(pk=found.pk)).get()
    payments = list(found.payments.order_by("-id"))
    return {
        "order": found,
        "lines": [_line(line) for line in found.lines.all()],
        "payment": payments[0] if payments else None,
        "is_waiting": bool(payments) and payments[0].status == PaymentStatus.PENDING,
        "is_refused": bool(payments) and payments[0].status == PaymentStatus.REFUSED,
        "statuses": OrderStatus,
        "country": settings.COSMO_SHIP_TO.get(found.country, found.country),
    }


def _line(line: OrderLine) -> dict[str, object]:
    texts = texts_in(line.texts, get_language() or "en")
    compiled = compiled_offer(line.offer)
    selection = selection_from_json(line.selection)
    return {
        "line": line,
        "name": texts.product_name,
        "facts": chosen_facts(compiled, texts, selection),
        "picture": elevation(compiled, texts, selection),
        "gross": line.unit_price * line.quantity,
        "net": line.unit_price * line.quantity - line.tax,
        "price_lines": [
            (line_name(compiled, texts, selection, entry["id"], entry["feature"]), amount)
            for entry in line.price_lines
            if (amount := Decimal(entry["amount"]))
        ],
    }


@require_safe
def invoice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The invoice page, made to be printed."""
    facts = _facts(request, public_id)
    found = facts["order"]
    assert isinstance(found, Order)  # noqa: S101
    if found.confirmed_at is None:
        return redirect("orders:order", public_id)
    facts["net_total"] = found.total - found.tax_total
    facts["seller"] = settings.COSMO_SELLER
    return render(request, "orders/invoice.html", facts)


@require_POST
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The customer takes the later date, or the money back."""
    found = access_order(viewer_of(request), public_id)
    answer_offer(order_id=found.pk, accepts=request.POST.get("answer") == "accept")
    return redirect("orders:order", public_id)


@login_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    page = Paginator(orders_of(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "orders/list.html", {"page": page})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/terms.html")
