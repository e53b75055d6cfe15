"""Something is wrong with a unit: the customer's page, and staff's."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.accounts.staff import for_roles
from cosmo.lib.errors import DomainError, NotFound, Sentence
from cosmo.lib.ports import parcel_desk
from cosmo.lib.sentences import sentence_of
from orders.account_forms import AnswerForm, ComplaintForm
from orders.lifecycle import ComplaintReason, ComplaintStatus
from orders.models import Complaint, Unit
from orders.selectors.access import LinkState, grant, link_state, units_visible_to, viewer_of
from orders.selectors.account import complaints_for
from orders.services.complaints import answer_complaint, refundable
from orders.services.complaints import complain as say_complaint

PAGE_SIZE = 20
MAY_ANSWER = (Role.PLANNER, Role.ADMINISTRATOR)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is wrong with a unit, and what became of it."""
    if (entered := _enter(request, public_id)) is not None:
        return entered
    viewer = viewer_of(request)
    unit = _unit(request, public_id)
    form = ComplaintForm(request.POST or None)
    refusal, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                say_complaint(
                    unit_id=unit.pk,
                    reason=ComplaintReason(form.cleaned_data["reason"]),
                    text=form.cleaned_data["text"],
                    by=viewer.user,
                )
            except DomainError as refused:
                refusal, status = sentence_of(refused), refused.status
            else:
                messages.success(request, _("We have your complaint and answer by mail."))
                return redirect("account:complain", public_id)
        else:
            status = 422
    said = list(unit.complaints.select_related("replacement").order_by("-id"))
    order = unit.line.order
    facts = {
        "unit": unit,
        "order": order,
        "form": form,
        "refusal": refusal,
        "complaints": said,
        "statuses": ComplaintStatus,
        "has_arrived": unit.pk in parcel_desk().arrived_units(order_ids=[order.pk]),
        "can_complain": not any(
            one.status in (ComplaintStatus.OPEN, ComplaintStatus.REMADE) for one in said
        ),
    }
    return render(request, "account/complain.html", facts, status=status)


def _enter(request: HttpRequest, public_id: UUID) -> HttpResponse | None:
    key = request.GET.get("key", "")
    if not key:
        return None
    unit = Unit.objects.select_related("line__order").filter(public_id=public_id).first()
    if unit is None or link_state(unit.line.order.public_id, key) is not LinkState.OPENS:
        return None
    grant(request, unit.line.order)
    return redirect("account:complain", public_id)


def _unit(request: HttpRequest, public_id: UUID) -> Unit:
    """
    Raises:
        NotFound: ``unknown_unit``.
    """
    visible = units_visible_to(viewer_of(request)).select_related("line__order")
    unit = visible.filter(public_id=public_id).first()
    if unit is None:
        raise NotFound(
            "unknown_unit",
            Sentence("There is no such unit, or it is not yours. Open it from your order's page."),
        )
    return unit


@for_roles(*MAY_ANSWER)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """What customers complain about, the unanswered first."""
    return _list(request)


def _list(
    request: HttpRequest, *, refused: Complaint | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = complaints_for(organisations_of(request.user, *MAY_ANSWER))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            AnswerForm(
                request.POST if refused is not None and one.pk == refused.pk else None,
                initial={"refund": refundable(one.unit)},
                auto_id=f"id_{one.pk}_%s",
            ),
            refundable(one.unit),
        )
        for one in page
    ]
    facts = {
        "page": page,
        "rows": rows,
        "refusal": refusal,
        "refused": refused,
        "statuses": ComplaintStatus,
    }
    return render(request, "account/complaints.html", facts, status=status)


@for_roles(*MAY_ANSWER)
@require_POST
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101
    found = (
        complaints_for(organisations_of(request.user, *MAY_ANSWER))
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound("unknown_complaint", Sentence("There is no such complaint."))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _list(request, refused=found, status=422)
    try:
        answer_complaint(complaint_id=found.pk, answer=form.answer(), by=request.user)
    except DomainError as refusal:
        return _list(request, refused=found, refusal=sentence_of(refusal), status=refusal.status)
    messages.success(request, _("Your answer is on its way to the customer."))
    return redirect("account:complaints")
