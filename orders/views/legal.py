"""Who sells, by what terms, and what is kept about whom: read before anybody orders."""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.services.sketches import LASTS
from orders.selectors.sellers import seller_names
from orders.services.expiry import GUESTS_KEPT


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/terms.html")


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    facts = {"sellers": seller_names(), "lines": settings.COSMO_SELLER, "contact": _contact()}
    return render(request, "orders/imprint.html", facts)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    facts = {
        "contact": _contact(),
        "sketch_days": LASTS.days,
        "guest_days": GUESTS_KEPT.days,
    }
    return render(request, "orders/privacy.html", facts)


def _contact() -> str:
    """The address that letters come from, and answers go to."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
