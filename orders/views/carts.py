"""The cart."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosmo.accounts.models import User
from cosmo.lib.errors import Forbidden, Invalid, Sentence
from design.compile import compiled_offer, selection_from_json
from design.models import DesignRevision, Offer
from design.selectors.catalogue import access_product
from design.selectors.configured import complete_for_show
from design.selectors.design_access import reader_of
from design.selectors.designs import revision_by_code
from design.selectors.promises import inquire
from design.selectors.public_view import has_words
from design.selectors.studio_state import StudioState, read_state
from design.services.designs import save_design
from design.views.designs import keep_for_visitor, opened
from design.views.studio import back_to_studio
from design.views.versions import bring_up_to_date
from orders.models import Cart
from orders.selectors.carts import SESSION_CART, cart_lines, find_line, view_cart
from orders.services.carts import add_to_cart, cart_for, exchange_revision, set_quantity


def existing_cart(request: HttpRequest) -> Cart | None:
    """The visitor's cart, without making one for who only looks."""
    if isinstance(request.user, User):
        return Cart.objects.filter(user=request.user).first()
    cart_id = request.session.get(SESSION_CART)
    return Cart.objects.filter(public_id=cart_id, user=None).first() if cart_id else None


def _cart_to_fill(request: HttpRequest) -> Cart:
    known = request.session.get(SESSION_CART)
    user = request.user if isinstance(request.user, User) else None
    cart = cart_for(user=user, public_id=UUID(known) if known else None)
    if user is None:
        request.session[SESSION_CART] = str(cart.public_id)
    return cart


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/cart.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    found = existing_cart(request)
    lines = cart_lines(found) if found else []
    return {"cart": view_cart(lines, get_language() or "en")}


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a design into the cart: a saved one by its code, or the studio's choices as they are."""
    code = request.POST.get("design", "")
    if code:
        revision = revision_by_code(code)
        _check_readable(request, revision)
    else:
        product = access_product(request.POST.get("product", ""))
        offer = product.published_offer
        assert offer is not None  # noqa: S101 - access_product found it published
        compiled = compiled_offer(offer)
        state = read_state(compiled, request.POST)
        if (again := back_to_studio(request, product.slug, state)) is not None:
            return opened(request, again)
        revision = _save(request, offer, state)
    add_to_cart(cart_id=_cart_to_fill(request).pk, revision=revision)
    return opened(request, redirect("orders:cart"))


def _save(request: HttpRequest, offer: Offer, state: StudioState) -> DesignRevision:
    """What the studio shows, kept as a design, with the day that was said of it."""
    selection, _missing = complete_for_show(compiled_offer(offer), state.choices, state.prefer)
    promise, _refusal = inquire(offer, selection)
    revision = save_design(
        offer=offer,
        choices=state.choices,
        prefer=state.prefer,
        owner=request.user if isinstance(request.user, User) else None,
        said_date=promise.date if promise else None,
    )
    keep_for_visitor(request, revision)
    return revision


def _check_readable(request: HttpRequest, revision: DesignRevision) -> None:
    """Words that a visitor may not read cannot be ordered by them either."""
    if reader_of(request).may_read(revision.design):
        return
    selection = selection_from_json(revision.selection)
    if has_words(compiled_offer(revision.offer), selection):
        raise Forbidden(
            "words_private",
            Sentence(
                "What was written for design %(design)s is private. Ask for its private link, "
                "or start from it with words of your own."
            ),
            design=revision.design.code,
        )


@require_POST
def update_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Bring a line's design up to the offer of today; the cart says what it was before."""
    found = existing_cart(request)
    line = find_line(found, line_id) if found else None
    if line is None:
        return redirect("orders:cart")
    reader = reader_of(request)
    fresh = bring_up_to_date(request, line.revision, reader)
    exchange_revision(line_id=line.pk, revision=fresh)
    messages.success(request, _("Brought up to date. Look at it once more before you order."))
    return redirect("orders:cart")


@require_POST
def change_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    found = existing_cart(request)
    if found is None:
        return redirect("orders:cart")
    set_quantity(cart_id=found.pk, line_id=line_id, quantity=_quantity(request))
    if getattr(request, "htmx", False):
        return render(request, "orders/partials/cart.html", _context(request))
    return redirect("orders:cart")


def _quantity(request: HttpRequest) -> int:
    if "remove" in request.POST:
        return 0
    text = request.POST.get("quantity", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Invalid(
            "quantity_out_of_range",
            Sentence("“%(quantity)s” is no quantity. Write a whole number, like 2."),
            quantity=text[:20],
        )
    return int(text)
