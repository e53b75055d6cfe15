"""What goes into a cart and out again."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from cosmo.accounts.models import User
from cosmo.lib.errors import Invalid, NotFound, Sentence
from design.models import DesignRevision
from orders.models import Cart, CartLine

MAX_QUANTITY = 20
MAX_LINES = 20


def cart_for(*, user: User | None, public_id: UUID | None) -> Cart:
    """The cart of the user, else the one named in the session, else a new one."""
    if user is not None:
        cart, _ = Cart.objects.get_or_create(user=user)
        return cart
    found = Cart.objects.filter(public_id=public_id, user=None).first() if public_id else None
    return found or Cart.objects.create()


@transaction.atomic
def add_to_cart(*, cart_id: int, revision: DesignRevision, quantity: int = 1) -> CartLine:
    """Put ``quantity`` units of a design into the cart; the same design again adds up.

    Raises:
        DomainError: more than a cart holds (``cart_full``, ``quantity_out_of_range``).
    """
    Cart.objects.select_for_update(no_key=True).get(pk=cart_id)
    line = CartLine.objects.filter(cart_id=cart_id, revision=revision).first()
    check_quantity((line.quantity if line else 0) + quantity)
    if line is not None:
        CartLine.objects.filter(pk=line.pk).update(quantity=F("quantity") + quantity)
        line.refresh_from_db()
        return line
    if CartLine.objects.filter(cart_id=cart_id).count() >= MAX_LINES:
        raise Invalid(
            "cart_full",
            Sentence("A cart holds %(most)s designs. Order these first, or remove one."),
            most=MAX_LINES,
        )
    return CartLine.objects.create(cart_id=cart_id, revision=revision, quantity=quantity)


@transaction.atomic
def set_quantity(*, cart_id: int, line_id: UUID, quantity: int) -> None:
    """Change how many; 0 removes the line.

    Raises:
        DomainError: ``unknown_line``, ``quantity_out_of_range``.
    """
    line = CartLine.objects.select_for_update().filter(cart_id=cart_id, public_id=line_id).first()
    if line is None:
        raise NotFound("unknown_line", Sentence("This design is no longer in your cart."))
    if quantity == 0:
        line.delete()
        return
    check_quantity(quantity)
    line.quantity = quantity
    line.save(update_fields=["quantity"])


@transaction.atomic
def exchange_revision(*, line_id: int, revision: DesignRevision) -> None:
    """The line is of another design; where the cart holds that already, both add up."""
    line = CartLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None or line.revision_id == revision.pk:
        return
    Cart.objects.select_for_update(no_key=True).get(pk=line.cart_id)
    known = CartLine.objects.filter(cart_id=line.cart_id, revision=revision).first()
    if known is None:
        line.revision = revision
        line.save(update_fields=["revision"])
        return
    known.quantity = min(known.quantity + line.quantity, MAX_QUANTITY)
    known.save(update_fields=["quantity"])
    line.delete()


def check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise Invalid(
            "quantity_out_of_range",
            Sentence(
                "%(quantity)s units of one design cannot be ordered here. "
                "Choose 1 to %(most)s, or write to us."
            ),
            quantity=quantity,
            most=MAX_QUANTITY,
        )


@transaction.atomic
def adopt_cart(*, user: User, public_id: UUID) -> None:
    """What was in the cart before signing in moves into the user's, as far as that has room.

    The same design in both adds up. Safe to repeat: the first cart is gone afterwards.
    """
    before = Cart.objects.select_for_update().filter(public_id=public_id, user=None).first()
    if before is None:
        return
    cart = cart_for(user=user, public_id=None)
    Cart.objects.select_for_update(no_key=True).get(pk=cart.pk)
    room = MAX_LINES - cart.lines.count()
    for line in before.lines.order_by("id"):
        known = cart.lines.filter(revision_id=line.revision_id).first()
        if known is not None:
            known.quantity = min(known.quantity + line.quantity, MAX_QUANTITY)
            known.save(update_fields=["quantity"])
        elif room > 0:
            line.cart = cart
            line.save(update_fields=["cart"])
            room -= 1
    before.delete()
