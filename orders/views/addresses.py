"""Where an order goes, changed until its parcel leaves."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cosmo.lib.errors import Conflict
from cosmo.lib.sentences import sentence_of
from orders.account_forms import DestinationForm
from orders.models import Order
from orders.selectors.access import access_order, viewer_of
from orders.services.addresses import can_change_address, change_address, destination_of
from orders.views.entering import enter_by_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if (entered := enter_by_link(request, public_id, "account:change-address")) is not None:
        return entered
    viewer = viewer_of(request)
    order = access_order(viewer, public_id)
    if request.method != "POST":
        return _page(request, order, DestinationForm(initial=asdict(destination_of(order))))
    form = DestinationForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        done = change_address(order_id=order.pk, destination=form.destination(), by=viewer.user)
    except Conflict as refusal:
        return _page(request, order, form, refusal=sentence_of(refusal), status=409)
    if done is not None:
        messages.success(request, _("It goes to the new address now."))
    return redirect("orders:order", public_id)


def _page(
    request: HttpRequest,
    order: Order,
    form: DestinationForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    facts = {
        "order": order,
        "form": form,
        "refusal": refusal,
        "can_change": can_change_address(order),
        "changes": order.address_changes.order_by("-id"),
    }
    return render(request, "account/change_address.html", facts, status=status)
