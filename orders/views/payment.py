"""Paying, and the simulated provider's own page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cosmo.lib.clock import real_now
from cosmo.lib.errors import NotFound, Sentence
from orders.models import Payment
from orders.payments.base import usual_provider
from orders.payments.simulator import access_charge, decide_charge
from orders.selectors.access import access_order, viewer_of
from orders.services.payments import settle_payment, start_payment


@require_POST
def pay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pay an order that waits for it; after a refusal, again."""
    order = access_order(viewer_of(request), public_id)
    return redirect(start_payment(order_id=order.pk, provider=usual_provider()).pay_url)


@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest, reference: str) -> HttpResponse:
    """The provider's page: it knows an amount and a reference, nothing of the order.

    Only who may see the order gets here: a reference alone opens nothing.
    """
    charge = access_charge(reference)
    payment = Payment.objects.select_related("order").filter(provider_reference=reference).first()
    if payment is None:
        raise NotFound("unknown_payment", Sentence("The provider knows no such payment."))
    order = access_order(viewer_of(request), payment.order.public_id)
    if request.method != "POST":
        return render(request, "orders/simulator.html", {"charge": charge, "order": order})
    held_until = order.held_until or real_now()
    decide_charge(reference=reference, choice=request.POST.get("choice", ""), late_until=held_until)
    settle_payment(payment_id=payment.pk)
    return redirect("orders:order", order.public_id)
