"""A promise that cannot be kept: what the customer reads and decides, and the planner's list."""

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import Invalid, NotFound, Sentence
from design.compile import compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.texts import texts_in
from orders.lifecycle import ChangeStatus
from orders.models import Order
from orders.payments.base import usual_provider
from orders.selectors.access import grant, opens_with, units_visible_to, viewer_of
from orders.services.changes import SaidChange, start_change_payment
from production.compile import floor_of
from production.lifecycle import LIVE_WORK_ORDER, SlipStatus, WorkOrderStatus
from production.models import Slip, WorkOrder
from production.selectors.alternatives import sooner_alternatives
from production.selectors.board import (
    PLANNERS,
    access_plant,
    named_plants,
    plant_name,
    plants_visible_to,
)
from production.selectors.reasons import slip_text
from production.selectors.slip_words import said_of
from production.selectors.slips import closed_slips, open_slips
from production.services.slip_words import CUSTOMER, STAFF
from production.services.slips import change_for, give_back, wait_for

GIVEN_BACK_UNTIL = (WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD)


@never_cache
@require_safe
def slip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The slip's page. The signed link of a mail opens the whole order and leaves the address."""
    key = request.GET.get("key", "")
    if key:
        order = Order.objects.filter(lines__units__slips__public_id=public_id).first()
        if order is not None and opens_with(order.public_id, key):
            grant(request, order)
            return redirect("production:slip", public_id)
    found = access_slip(request, public_id)
    unit = found.unit
    texts = texts_in(unit.line.texts, get_language() or "en")
    is_open = found.status == SlipStatus.OPEN
    return render(
        request,
        "production/slip.html",
        {
            "slip": found,
            "unit": unit,
            "order": unit.line.order,
            "line": unit.line,
            "product_name": texts.product_name,
            "picture": elevation(
                compiled_offer(unit.line.offer), texts, selection_from_json(unit.line.selection)
            ),
            "reason": slip_text(found.cause),
            "is_open": is_open,
            "alternatives": sooner_alternatives(unit, than=found.expected) if is_open else [],
            "can_give_back": is_open
            and WorkOrder.objects.filter(
                unit=unit, status__in=set(GIVEN_BACK_UNTIL) & set(LIVE_WORK_ORDER)
            ).exists(),
            "said": [(word, said_of(word)) for word in found.words.select_related("by")],
            "zone": found.plant.time_zone,
        },
    )


def access_slip(request: HttpRequest, public_id: UUID) -> Slip:
    """The slip, when its unit's order may be seen; a foreign one looks like none.

    Raises:
        NotFound: ``unknown_slip``.
    """
    found = (
        Slip.objects.filter(public_id=public_id, unit__in=units_visible_to(viewer_of(request)))
        .select_related("unit__line__order", "unit__line__offer", "unit__line__texts", "plant")
        .first()
    )
    if found is None:
        raise NotFound(
            "unknown_slip",
            Sentence("There is no such message, or it is not yours. Open it from your mail."),
        )
    return found


@require_POST
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the customer decides: wait, change, refund. Staff may do it for them; it is noted."""
    found = access_slip(request, public_id)
    user = request.user if isinstance(request.user, User) else None
    speaker = _speaker(request, found.unit.line.order, user)
    match request.POST.get("decision", ""):
        case "wait":
            wait_for(slip_id=found.pk, user=user, speaker=speaker)
            messages.success(request, _("Thank you for waiting. We keep you up to date."))
        case "refund":
            give_back(slip_id=found.pk, user=user, speaker=speaker)
            messages.success(request, _("It is not made any more, and your money goes back."))
        case "change":
            change = change_for(
                slip_id=found.pk,
                feature=request.POST.get("feature", ""),
                option=request.POST.get("option", ""),
                said=_said(request),
                user=user,
                speaker=speaker,
            )
            if change.status == ChangeStatus.ASKED:
                started = start_change_payment(change_id=change.pk, provider=usual_provider())
                return redirect(started.pay_url)
            messages.success(request, _("Your unit is changed and planned anew."))
        case other:
            raise Invalid(
                "unknown_decision",
                Sentence("“%(decision)s” is no decision. Choose wait, change or refund."),
                decision=other[:20],
            )
    return redirect("production:slip", public_id)


def _speaker(request: HttpRequest, order: Order, user: User | None) -> str:
    is_own = user is None or order.user_id == user.pk
    return CUSTOMER if is_own or order.public_id in viewer_of(request).granted else STAFF


def _said(request: HttpRequest) -> SaidChange | None:
    try:
        return SaidChange(
            price=Decimal(request.POST.get("said_price", "")),
            promise_date=date.fromisoformat(request.POST.get("said_date", "")),
        )
    except (InvalidOperation, ValueError):
        return None


@for_roles(*PLANNERS)
@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    """For planners: whose answer is waited for, and how the last ones ended."""
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    language = get_language() or "en"
    return render(
        request,
        "production/slips.html",
        {
            "plants": named_plants(plants, language),
            "plant": plant,
            "plant_name": plant_name(floor_of(plant), language),
            "open": [(one, slip_text(one.cause)) for one in open_slips([plant])],
            "closed": [(one, slip_text(one.cause)) for one in closed_slips([plant])],
        },
    )
