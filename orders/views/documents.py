"""The papers of an order: listed, as pages, as PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cosmo.lib.errors import NotFound, Sentence
from orders.models import Order
from orders.paper import Sheet, render_pdf
from orders.selectors.access import access_order, viewer_of
from orders.selectors.documents import (
    confirmation_sheet,
    credit_of,
    credit_sheet,
    documents_of,
)
from orders.selectors.lines import view_line
from orders.selectors.orders import with_lines
from orders.views.entering import enter_by_link


def _order(request: HttpRequest, public_id: UUID) -> Order:
    found = access_order(viewer_of(request), public_id)
    return with_lines(Order.objects.filter(pk=found.pk)).select_related("seller").get()


def paper_page(request: HttpRequest, order: Order, sheet: Sheet, pdf: str) -> HttpResponse:
    """Any sheet as a page made to be printed; ``pdf`` is the address of the same as PDF."""
    return render(request, "account/paper.html", {"order": order, "sheet": sheet, "pdf": pdf})


def paper_pdf(sheet: Sheet, name: str) -> HttpResponse:
    response = HttpResponse(render_pdf(sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@never_cache
@require_safe
def papers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if (entered := enter_by_link(request, public_id, "account:papers")) is not None:
        return entered
    order = _order(request, public_id)
    return render(
        request, "account/papers.html", {"order": order, "documents": documents_of(order)}
    )


def _confirmation(request: HttpRequest, public_id: UUID) -> tuple[Order, Sheet]:
    order = _order(request, public_id)
    if order.confirmed_at is None:
        raise NotFound("not_confirmed", Sentence("This order is not confirmed yet."))
    return order, confirmation_sheet(order, [view_line(line) for line in order.lines.all()])


@never_cache
@require_safe
def confirmation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    order, sheet = _confirmation(request, public_id)
    return paper_page(request, order, sheet, "../confirmation.pdf")


@never_cache
@require_safe
def confirmation_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    order, sheet = _confirmation(request, public_id)
    return paper_pdf(sheet, f"confirmation-{order.number}")


@never_cache
@require_safe
def credit(request: HttpRequest, public_id: UUID, place: int) -> HttpResponse:
    order = _order(request, public_id)
    sheet = credit_sheet(order, credit_of(order, place))
    return paper_page(request, order, sheet, f"../../credit-{place}.pdf")


@never_cache
@require_safe
def credit_pdf(request: HttpRequest, public_id: UUID, place: int) -> HttpResponse:
    order = _order(request, public_id)
    found = credit_of(order, place)
    return paper_pdf(credit_sheet(order, found), f"credit-{found.number}")
