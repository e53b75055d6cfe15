"""Orders as their customers see them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.models import Order
from orders.selectors.access import access_order, viewer_of
from orders.selectors.changing import windows_of
from orders.selectors.orders import orders_of
from orders.selectors.papers import billed_to
from orders.services.confirmation import answer_offer, cancel_order
from orders.views.entering import enter_by_link, order_facts

PAGE_SIZE = 20


@require_safe
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The order's page. A signed link from a mail opens it and is taken off the address."""
    if (entered := enter_by_link(request, public_id, "orders:order")) is not None:
        return entered
    facts = order_facts(request, public_id)
    found = facts["order"]
    assert isinstance(found, Order)  # noqa: S101
    facts["windows"] = list(windows_of(found).values())
    return render(request, "orders/order.html", facts)


@require_safe
def order_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while a payment is being checked."""
    return render(request, "orders/partials/state.html", order_facts(request, public_id))


@require_safe
def invoice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The invoice page, made to be printed."""
    facts = order_facts(request, public_id)
    found = facts["order"]
    assert isinstance(found, Order)  # noqa: S101
    if found.confirmed_at is None:
        return redirect("orders:order", public_id)
    facts["billed"] = billed_to(found)
    return render(request, "orders/invoice.html", facts)


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The customer, or staff for them, cancels before work begins."""
    viewer = viewer_of(request)
    found = access_order(viewer, public_id)
    is_own = viewer.user is None or found.user_id == viewer.user.pk
    is_own = is_own or found.public_id in viewer.granted
    cancel_order(order_id=found.pk, reason="customer" if is_own else "staff")
    messages.success(request, _("The order is cancelled."))
    return redirect("orders:order", public_id)


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
