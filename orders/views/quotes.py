"""A quote as page and as PDF, and asking for it again."""

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.lib.errors import Conflict, DomainError
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.paper import Sheet, render_pdf
from orders.selectors.access import access_order, viewer_of
from orders.selectors.lines import LineView
from orders.selectors.papers import invoice_sheet, quote_sheet
from orders.selectors.quotes import ask_again, is_price_good
from orders.services.checkout import Said
from orders.services.quotes import renew_quote
from orders.views.entering import enter_by_link, order_facts

MOVED = ("price_moved", "promise_moved")


@never_cache
@require_safe
def quote(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The quote's page. Once its time is over, what asking again would give stands beside it."""
    if (entered := enter_by_link(request, public_id, "orders:quote")) is not None:
        return entered
    return _page(request, public_id)


def _page(
    request: HttpRequest, public_id: UUID, *, moved: DomainError | None = None
) -> HttpResponse:
    facts = order_facts(request, public_id)
    found = _order(facts)
    if found.status != OrderStatus.QUOTED:
        return redirect("orders:order", public_id)
    is_good = bool(facts["is_kept"]) and is_price_good(found)
    facts |= {
        "is_good": is_good,
        "again": None if is_good else ask_again(found),
        "is_price_good": is_price_good(found),
        "moved": moved,
    }
    if moved is not None and moved.code == "promise_moved":
        facts["moved_date"] = date.fromisoformat(moved.facts["new"])
    return render(request, "orders/quote.html", facts, status=409 if moved else 200)


@never_cache
@require_safe
def quote_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if (entered := enter_by_link(request, public_id, "orders:quote-pdf")) is not None:
        return entered
    facts = order_facts(request, public_id)
    found = _order(facts)
    if found.status != OrderStatus.QUOTED:
        return redirect("orders:order", public_id)
    return _pdf(quote_sheet(found, _lines(facts)), name=f"quote-{found.number}")


@never_cache
@require_safe
def invoice_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if (entered := enter_by_link(request, public_id, "orders:invoice-pdf")) is not None:
        return entered
    facts = order_facts(request, public_id)
    found = _order(facts)
    if found.confirmed_at is None:
        return redirect("orders:order", public_id)
    return _pdf(invoice_sheet(found, _lines(facts)), name=f"invoice-{found.number}")


@require_POST
def renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The customer takes today's day and price, as read on the page."""
    found = access_order(viewer_of(request), public_id)
    try:
        renew_quote(order_id=found.pk, said=_said(request))
    except Conflict as moved:
        if moved.code not in MOVED:
            raise
        return _page(request, public_id, moved=moved)
    messages.success(request, _("We keep it for you again."))
    return redirect("orders:quote", public_id)


def _said(request: HttpRequest) -> Said | None:
    try:
        total = Decimal(request.POST.get("said_total", ""))
        day = date.fromisoformat(request.POST.get("said_date", ""))
    except (InvalidOperation, ValueError):
        return None
    return Said(total=total, promise_date=day)


def _pdf(sheet: Sheet, *, name: str) -> HttpResponse:
    response = HttpResponse(render_pdf(sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _order(facts: dict[str, object]) -> Order:
    found = facts["order"]
    assert isinstance(found, Order)  # noqa: S101
    return found


def _lines(facts: dict[str, object]) -> list[LineView]:
    found = facts["lines"]
    assert isinstance(found, list)  # noqa: S101
    return found
