"""The planner's components: what is short, what to order, what is expected, what is there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, Invalid, NotFound, Sentence
from cosmo.lib.sentences import sentence_of
from production.compile import floor_of
from production.models import Plant, PurchaseOrder, PurchaseProposal, Stock
from production.selectors.board import (
    PLANNERS,
    access_plant,
    named_plants,
    plant_name,
    plants_visible_to,
)
from production.selectors.materials_page import (
    open_proposals,
    open_purchases,
    shortages,
    stocks,
)
from production.services import materials as services

LARGEST = Decimal(1_000_000_000)


@for_roles(*PLANNERS)
@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    language, now = get_language() or "en", plant.clock.now()
    return render(
        request,
        "production/materials.html",
        {
            "plants": named_plants(plants, language),
            "plant": plant,
            "plant_name": plant_name(floor_of(plant), language),
            "now": now,
            "tomorrow": (now + timedelta(days=1)).astimezone(ZoneInfo(plant.time_zone)).date(),
            "shortages": shortages(plant, language),
            "proposals": open_proposals(plant, language, now),
            "purchases": open_purchases(plant, language, now),
            "stocks": stocks(plant, language),
        },
    )


@for_roles(*PLANNERS)
@require_POST
def accept_proposal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Order what is proposed."""
    proposal = _proposal(request, public_id)
    return _done(
        request,
        proposal.plant,
        lambda: services.accept_proposal(proposal_id=proposal.pk, user=_user(request)),
        _("%(component)s is ordered."),
        proposal.stock,
    )


@for_roles(*PLANNERS)
@require_POST
def decide_purchase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``act``: receive (``quantity``), postpone (``day``) or cancel."""
    purchase = _purchase(request, public_id)
    act = request.POST.get("act", "")
    if act not in PURCHASE_ACTS:
        raise Invalid("unknown_act", f"Say one of {', '.join(PURCHASE_ACTS)}.")
    return _done(
        request,
        purchase.plant,
        lambda: PURCHASE_ACTS[act](request, purchase),
        _("Noted for %(component)s."),
        purchase.stock,
    )


@for_roles(*PLANNERS)
@require_POST
def count_stock(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``act``: scrap, found or lost, with ``quantity`` and ``reason``; by the component's id."""
    stock = (
        Stock.objects.select_related("plant", "component")
        .filter(
            component__public_id=public_id,
            plant__in=plants_visible_to(request.user, *PLANNERS),
            plant__code=request.POST.get("plant", ""),
        )
        .first()
    )
    if stock is None:
        raise NotFound("unknown_component", f"There is no component {public_id} here.")
    act = request.POST.get("act", "")
    if act not in STOCK_ACTS:
        raise Invalid("unknown_act", f"Say one of {', '.join(STOCK_ACTS)}.")
    return _done(
        request,
        stock.plant,
        lambda: STOCK_ACTS[act](request, stock),
        _("Noted for %(component)s."),
        stock,
    )


def _receive(request: HttpRequest, purchase: PurchaseOrder) -> None:
    services.receive(purchase_id=purchase.pk, quantity=_quantity(request), user=_user(request))


def _postpone(request: HttpRequest, purchase: PurchaseOrder) -> None:
    text = request.POST.get("day", "")
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day, given its zone below
    except ValueError:
        raise Invalid(
            "bad_day", Sentence("%(day)s is no day. Choose one."), day=text[:20] or "–"
        ) from None
    moment = day.replace(hour=12, tzinfo=ZoneInfo(purchase.plant.time_zone))
    services.postpone_purchase(purchase_id=purchase.pk, expected_at=moment, user=_user(request))


def _cancel(request: HttpRequest, purchase: PurchaseOrder) -> None:
    services.cancel_purchase(purchase_id=purchase.pk, user=_user(request))


def _scrap(request: HttpRequest, stock: Stock) -> None:
    services.scrap(
        stock_id=stock.pk,
        quantity=_quantity(request),
        reason=request.POST.get("reason", ""),
        user=_user(request),
    )


def _found(request: HttpRequest, stock: Stock, sign: int = 1) -> None:
    services.adjust(
        stock_id=stock.pk,
        change=sign * _quantity(request),
        reason=request.POST.get("reason", ""),
        user=_user(request),
    )


def _lost(request: HttpRequest, stock: Stock) -> None:
    _found(request, stock, sign=-1)


PURCHASE_ACTS: dict[str, Callable[[HttpRequest, PurchaseOrder], None]] = {
    "receive": _receive,
    "postpone": _postpone,
    "cancel": _cancel,
}
STOCK_ACTS: dict[str, Callable[[HttpRequest, Stock], None]] = {
    "scrap": _scrap,
    "found": _found,
    "lost": _lost,
}


def _quantity(request: HttpRequest) -> Decimal:
    text = request.POST.get("quantity", "").strip().replace(",", ".")[:20]
    try:
        quantity = Decimal(text)
    except InvalidOperation:
        quantity = Decimal(0)
    if not (quantity.is_finite() and 0 < quantity < LARGEST):
        raise Invalid(
            "bad_quantity",
            Sentence("%(quantity)s is no quantity. Say more than 0."),
            quantity=text or "–",
        )
    return quantity.quantize(Decimal("0.000001")).normalize()


def _purchase(request: HttpRequest, public_id: UUID) -> PurchaseOrder:
    found = (
        PurchaseOrder.objects.select_related("plant", "stock__component")
        .filter(public_id=public_id, plant__in=plants_visible_to(request.user, *PLANNERS))
        .first()
    )
    if found is None:
        raise NotFound("unknown_purchase", f"There is no purchase {public_id} here.")
    return found


def _proposal(request: HttpRequest, public_id: UUID) -> PurchaseProposal:
    found = (
        PurchaseProposal.objects.select_related("plant", "stock__component")
        .filter(public_id=public_id, plant__in=plants_visible_to(request.user, *PLANNERS))
        .first()
    )
    if found is None:
        raise NotFound("unknown_proposal", f"There is no proposal {public_id} here.")
    return found


def _done(
    request: HttpRequest, plant: Plant, act: Callable[[], Any], sentence: str, stock: Stock
) -> HttpResponse:
    """Do it, say what became of it, and show the page again."""
    try:
        act()
    except DomainError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, sentence % {"component": stock.component.code})
    return HttpResponseRedirect(f"{reverse('production:materials')}?plant={plant.code}")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - for_roles let it in
    return request.user
