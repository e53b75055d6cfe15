"""After ordering: another answer for one unit while that is possible, and the order on paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, DomainError
from cosmo.lib.ports import promise_source
from cosmo.lib.qr import qr_svg
from cosmo.lib.sentences import sentence_of
from design.selectors.texts import texts_in
from orders.lifecycle import ChangeStatus
from orders.models import Order, Unit
from orders.payments.base import usual_provider
from orders.selectors.access import access_order, link_key, viewer_of
from orders.selectors.changing import (
    OtherAnswer,
    other_answers,
    unit_of_order,
    window_of,
)
from orders.services.changes import SaidChange, ask_change, changed, start_change_payment
from orders.views.entering import order_facts

MOVED = ("price_moved", "promise_moved")


@dataclass(frozen=True, slots=True)
class Preview:
    """A change before it is asked for."""

    answer: OtherAnswer
    before: str
    old_price: Decimal
    new_price: Decimal
    old_date: date
    new_date: date


def preview_of(unit: Unit, answer: OtherAnswer) -> Preview:
    """What the change comes to now.

    Raises:
        DomainError: ``selection_invalid``, ``no_plant``, ``no_capacity``.
    """
    selection, price = changed(unit, answer.feature, answer.option)
    promise = promise_source().inquire_again(unit_id=unit.pk, selection=selection)
    texts = texts_in(unit.line.texts, get_language() or "en")
    return Preview(
        answer=answer,
        before=texts.option(answer.feature, str(unit.line.selection[answer.feature])),
        old_price=unit.line.unit_price,
        new_price=price.total,
        old_date=unit.line.promise_date,
        new_date=promise.date,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: UUID, unit_id: UUID) -> HttpResponse:
    """Choose another answer, look at what it comes to, then have it done."""
    order = access_order(viewer_of(request), public_id)
    unit = unit_of_order(order, unit_id)
    asked = request.POST if request.method == "POST" else request.GET
    answer = next((one for one in other_answers(unit) if one.key == asked.get("answer")), None)
    if request.method != "POST" or answer is None:
        return _page(request, order, unit, answer)
    try:
        done = ask_change(
            unit_id=unit.pk,
            feature=answer.feature,
            option=answer.option,
            said=_said(request),
            user=request.user if isinstance(request.user, User) else None,
        )
    except Conflict as moved:
        if moved.code not in MOVED:
            raise
        return _page(request, order, unit, answer, refusal=sentence_of(moved))
    if done.status == ChangeStatus.ASKED:
        return redirect(start_change_payment(change_id=done.pk, provider=usual_provider()).pay_url)
    messages.success(request, _("Changed. We have written to you what it comes to now."))
    return redirect("orders:order", public_id)


def _said(request: HttpRequest) -> SaidChange | None:
    try:
        price = Decimal(request.POST.get("said_price", ""))
        day = date.fromisoformat(request.POST.get("said_date", ""))
    except (InvalidOperation, ValueError):
        return None
    return SaidChange(price=price, promise_date=day)


def _page(
    request: HttpRequest,
    order: Order,
    unit: Unit,
    answer: OtherAnswer | None,
    *,
    refusal: str = "",
) -> HttpResponse:
    window = window_of(unit)
    preview = None
    if answer is not None:
        try:
            preview = preview_of(unit, answer)
        except DomainError as error:
            refusal = sentence_of(error)
    facts = {
        "order": order,
        "unit": unit,
        "window": window,
        "answers": other_answers(unit) if window and window.is_open else (),
        "preview": preview,
        "refusal": refusal,
    }
    return render(request, "orders/change.html", facts, status=409 if refusal else 200)


@never_cache
@require_safe
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The order on one sheet of A4; its code opens the order, so it is as private as the mail."""
    facts = order_facts(request, public_id)
    found = facts["order"]
    assert isinstance(found, Order)  # noqa: S101
    address = request.build_absolute_uri(f"/orders/{found.public_id}/?key={link_key(found)}")
    facts["qr"] = qr_svg(address, label=_("QR code of the link to this order"))
    return render(request, "orders/sheet.html", facts)
