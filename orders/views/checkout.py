"""Address, review, order."""

import secrets
from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, DomainError
from orders.forms import ContactForm
from orders.lifecycle import OrderStatus
from orders.models import CartLine, Order
from orders.payments.base import usual_provider
from orders.selectors.access import grant
from orders.selectors.carts import cart_lines, view_cart
from orders.services.checkout import Said, Wanted, place_order
from orders.services.payments import start_payment
from orders.services.quotes import send_quote
from orders.views.carts import existing_cart

SESSION_CONTACT = "contact"
MOVED = ("price_moved", "promise_moved", "offer_outdated")


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    found = existing_cart(request)
    if found is None or not found.lines.exists():
        return redirect("orders:cart")
    initial = request.session.get(SESSION_CONTACT) or _known_contact(request)
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_CONTACT] = form.cleaned_data
        return redirect("orders:review")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/address.html", {"form": form}, status=status)


def _known_contact(request: HttpRequest) -> dict[str, str]:
    if not isinstance(request.user, User):
        return {}
    last = request.user.orders.order_by("-id").first()
    if last is None:
        return {"email": request.user.email}
    return {name: getattr(last, name) for name in ContactForm.base_fields}


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """All there is to know before paying; the order itself on POST."""
    found = existing_cart(request)
    lines = cart_lines(found) if found else []
    # Empty after the other of two clicks, or after Back: that page has placed its order.
    if not lines and (known := _ordered_already(request)) is not None:
        return _after_ordering(request, known)
    form = ContactForm(request.session.get(SESSION_CONTACT) or {})
    if found is None or not lines:
        return redirect("orders:cart")
    if not form.is_valid():
        return redirect("orders:address")
    if request.method != "POST":
        return _review_page(request, lines, form)
    if request.POST.get("terms") != "on":
        return _review_page(request, lines, form, refusal=_("Please accept the terms first."))
    try:
        order = place_order(
            wanted=[Wanted(revision=line.revision, quantity=line.quantity) for line in lines],
            contact=form.contact(),
            language=get_language() or "en",
            checkout_key=request.POST.get("checkout_key", "")[:64] or secrets.token_urlsafe(24),
            said=_said(request, lines),
            user=request.user if isinstance(request.user, User) else None,
            cart_id=found.pk,
        )
    except Conflict as moved:
        if moved.code not in MOVED:
            raise
        return _review_page(request, lines, form, moved=moved)
    if request.POST.get("then") == "quote":
        send_quote(order_id=order.pk)
    return _after_ordering(request, order)


def _ordered_already(request: HttpRequest) -> Order | None:
    """The order this very page has placed before: by the first of two clicks, or before Back.

    Its key is the proof: nobody else has seen the page.
    """
    key = request.POST.get("checkout_key", "")[:64]
    return Order.objects.filter(checkout_key=key).first() if key else None


def _after_ordering(request: HttpRequest, order: Order) -> HttpResponse:
    """On to the payment; where there is none to be made, the order's page says how it stands."""
    grant(request, order)
    if request.POST.get("then") == "quote":
        return redirect("orders:quote", order.public_id)
    if order.status != OrderStatus.QUOTED:
        return redirect("orders:order", order.public_id)
    started = start_payment(order_id=order.pk, provider=usual_provider())
    return redirect(started.pay_url)


def _said(request: HttpRequest, lines: list[CartLine]) -> Said | None:
    """What the page said when it was shown; unreadable values fall back to what holds now."""
    try:
        total = Decimal(request.POST.get("said_total", ""))
        day = date.fromisoformat(request.POST.get("said_date", ""))
    except (InvalidOperation, ValueError):
        view = view_cart(lines, get_language() or "en")
        if view.promise_date is None:
            return None
        return Said(total=view.sums.gross, promise_date=view.promise_date)
    return Said(total=total, promise_date=day)


def _review_page(
    request: HttpRequest,
    lines: list[CartLine],
    form: ContactForm,
    *,
    refusal: str = "",
    moved: DomainError | None = None,
) -> HttpResponse:
    view = view_cart(lines, get_language() or "en")
    promised = view.promise_date
    if moved is not None and moved.code == "promise_moved":
        # The hold places all units together and knows better than one inquiry a line.
        promised = date.fromisoformat(moved.facts["new"])
    facts = {
        "cart": view,
        "old_total": Decimal(moved.facts["old"]) if moved and moved.code == "price_moved" else None,
        "old_date": date.fromisoformat(moved.facts["old"])
        if moved and moved.code == "promise_moved"
        else None,
        "contact": form.cleaned_data,
        "country": dict(form.fields["country"].choices).get(form.cleaned_data["country"]),  # type: ignore[attr-defined]
        "promise_date": promised,
        "checkout_key": secrets.token_urlsafe(24),
        "refusal": refusal,
        "moved": moved,
    }
    status = 409 if moved else 422 if refusal else 200
    return render(request, "orders/review.html", facts, status=status)
