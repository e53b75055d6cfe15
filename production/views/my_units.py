"""Every unit of an account on one page, and what goes along in the parcel."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cosmo.accounts.models import User
from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.formats import format_moment
from orders.models import Order
from orders.paper import Sheet
from orders.selectors.access import viewer_of
from orders.selectors.documents import delivery_sheet, written_address
from orders.selectors.lines import view_line
from orders.selectors.papers import order_address, seller_zone
from orders.views.documents import paper_page, paper_pdf
from production.models import Shipment
from production.selectors.my_units import unit_cards, units_of
from production.selectors.units import access_unit

PAGE_SIZE = 12
LOOK_AGAIN_S = 10


@never_cache
@login_required
@require_safe
def my_units(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    page = Paginator(units_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = unit_cards(list(page))
    shown = {
        "page": page,
        "cards": cards,
        "moves": any(card.moves for card in cards),
        "look_again_s": LOOK_AGAIN_S,
    }
    if getattr(request, "htmx", False) and cards:
        return render(request, "production/partials/unit_cards.html", shown)
    return render(request, "production/my_units.html", shown)


@never_cache
@require_safe
def delivery_note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    order, sheet = _note(request, public_id)
    return paper_page(request, order, sheet, "../delivery-note.pdf")


@never_cache
@require_safe
def delivery_note_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    _order, sheet = _note(request, public_id)
    return paper_pdf(sheet, f"delivery-{sheet.number}")


def _note(request: HttpRequest, public_id: UUID) -> tuple[Order, Sheet]:
    """
    Raises:
        NotFound: ``unknown_unit``, or nothing has left yet (``not_sent``).
    """
    unit = access_unit(viewer_of(request), public_id)
    parcel = Shipment.objects.filter(unit=unit).first()
    if parcel is None or parcel.handed_over_at is None:
        raise NotFound("not_sent", Sentence("This unit has not left yet; its page says when."))
    order = unit.line.order
    to = written_address(parcel.goes_to) if parcel.goes_to else order_address(order)
    facts = [
        (_("Parcel"), parcel.parcel_number),
        (_("Left"), format_moment(parcel.handed_over_at, seller_zone())),
    ]
    return order, delivery_sheet(order, view_line(unit.line), unit, to=to, facts=facts)
