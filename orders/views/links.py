"""A new link for guests whose old one is lost or has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.account_forms import FindOrderForm
from orders.services.links import send_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_order(request: HttpRequest) -> HttpResponse:
    """Says the same whether there is such an order or not; what differs is in the inbox."""
    form = FindOrderForm(request.POST or None)
    is_sent = False
    if request.method == "POST" and form.is_valid():
        send_link(email=form.cleaned_data["email"], number=form.cleaned_data["number"].strip())
        is_sent = True
    facts = {"form": form, "is_sent": is_sent, "has_ended": "ended" in request.GET}
    return render(request, "account/find_order.html", facts)
