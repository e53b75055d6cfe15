"""From a reviewed cart to a quoted order with held capacity. Everything is priced here again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction

from cosmo.accounts.models import Organisation, User
from cosmo.lib.chain import current_chain_id
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Invalid, Sentence
from cosmo.lib.ids import short_code
from design.compile import compiled_offer, selection_from_json
from design.models import DesignRevision
from design.selectors.configured import Price, price_of
from orders.models import Cart, Order, OrderLine, Unit
from orders.selectors.agreed import with_rebate
from orders.services.promises import hold_capacity
from orders.totals import LineAmounts, line_amounts, totals

TERMS_VERSION = "2026-12.2"  # one more whenever the text of orders/terms.html changes
# A quote outlives its hold: who comes back later pays this price and is promised a day again.
PRICE_LASTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who gets it and where; checked at the border."""

    email: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a campaign agreed on with its backers: its offer's price, less so many percent.

    That offer holds even where the catalogue has moved on since.
    """

    percent_off: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """``quantity`` units of a frozen revision. ``revision`` comes with its offer and product."""

    revision: DesignRevision
    quantity: int
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer read before ordering; the order must not be dearer or later."""

    total: Decimal
    promise_date: date


@dataclass(frozen=True, slots=True)
class _Priced:
    wanted: Wanted
    price: Price
    amounts: LineAmounts


def place_order(
    *,
    wanted: Sequence[Wanted],
    contact: Contact,
    language: str,
    checkout_key: str,
    said: Said | None,
    user: User | None = None,
    partner: Organisation | None = None,
    partner_reference: str = "",
    cart_id: int | None = None,
    hold_lasts: timedelta | None = None,
) -> Order:
    """A quoted order with its lines, units and hold, in one transaction.

    The same ``checkout_key`` again returns the first order: a double click orders once.

    Args:
        hold_lasts: So long capacity is kept unpaid; as for every order when not said.

    Raises:
        DomainError: ``cart_empty``; ``mixed_sellers``; ``offer_outdated``; ``price_moved`` or
            ``promise_moved`` (with the new value, nothing was ordered); the promise source's.
    """
    with transaction.atomic():
        _lock_checkout(checkout_key)
        known = Order.objects.filter(checkout_key=checkout_key).first()
        if known is not None:
            return known
        priced = _price(wanted)
        order = _write_order(
            priced, contact, language, checkout_key, user, partner, partner_reference
        )
        _write_lines(order, priced)
        hold_capacity(order, lasts=hold_lasts or settings.COSMO_HOLD)
        check_said(order, said)
        if cart_id is not None:
            Cart.objects.get(pk=cart_id).lines.all().delete()
        return order


def _lock_checkout(checkout_key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [checkout_key])


def _price(wanted: Sequence[Wanted]) -> list[_Priced]:
    if not wanted:
        raise Invalid(
            "cart_empty", Sentence("There is nothing to order. Put a design into the cart first.")
        )
    priced = []
    for item in wanted:
        if item.agreed is None:
            _check_offer(item.revision)
        _check_selection(item.revision)
        compiled = compiled_offer(item.revision.offer)
        selection = selection_from_json(item.revision.selection)
        price = price_of(compiled, selection)
        if item.agreed is not None:
            price = with_rebate(price, item.agreed.percent_off)
        amounts = line_amounts(
            unit_price=price.total,
            quantity=item.quantity,
            tax_percent=price.tax_percent,
            currency=price.currency,
        )
        priced.append(_Priced(item, price, amounts))
    sellers = {p.wanted.revision.design.product.organisation_id for p in priced}
    if len(sellers) > 1 or len({p.price.currency for p in priced}) > 1:
        raise Invalid(
            "mixed_sellers",
            Sentence("These designs are sold by different factories. Order them apart."),
        )
    return priced


def _check_offer(revision: DesignRevision) -> None:
    """Only what is on offer today is sold."""
    product = revision.design.product
    if product.published_offer_id != revision.offer_id:
        raise Conflict(
            "offer_outdated",
            Sentence(
                "The offer of %(product)s has changed since design %(design)s was saved. "
                "Open the design again to see what changed."
            ),
            product=product.slug,
            design=revision.design.code,
        )


def _check_selection(revision: DesignRevision) -> None:
    """SAT and the authored rules agree that it exists."""
    compiled = compiled_offer(revision.offer)
    selection = selection_from_json(revision.selection)
    if not compiled.engine.is_valid(selection) or compiled.engine.violations(selection):
        raise Invalid(
            "selection_invalid",
            Sentence("Design %(design)s cannot be made any more. Open it and change it."),
            design=revision.design.code,
        )


def _write_order(
    priced: Sequence[_Priced],
    contact: Contact,
    language: str,
    checkout_key: str,
    user: User | None,
    partner: Organisation | None,
    partner_reference: str,
) -> Order:
    sums = totals([p.amounts for p in priced])
    first = priced[0]
    return Order.objects.create(
        number=_next_number(),
        seller_id=first.wanted.revision.design.product.organisation_id,
        partner=partner,
        partner_reference=partner_reference,
        user=user,
        language=language,
        email=contact.email,
        name=contact.name,
        street=contact.street,
        postal_code=contact.postal_code,
        city=contact.city,
        country=contact.country,
        phone=contact.phone,
        currency=first.price.currency,
        total=sums.gross,
        tax_total=sums.tax,
        promise_date=date.max,  # replaced by the hold's promise in the same transaction
        price_until=real_now() + PRICE_LASTS,
        terms_version=TERMS_VERSION,
        terms_accepted_at=real_now(),
        checkout_key=checkout_key,
        chain_id=current_chain_id(),
    )


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_number')")
        (number,) = cursor.fetchone()
    return f"C-{real_now():%Y}-{number:06d}"


def _write_lines(order: Order, priced: Sequence[_Priced]) -> None:
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            product=item.wanted.revision.design.product,
            offer=item.wanted.revision.offer,
            texts=item.wanted.revision.design.product.published_texts,
            revision=item.wanted.revision,
            selection=item.wanted.revision.selection,
            price_lines=[
                {"id": line.id, "feature": line.feature, "amount": str(line.amount)}
                for line in item.price.lines
            ],
            unit_price=item.price.total,
            quantity=item.wanted.quantity,
            tax_percent=item.price.tax_percent,
            tax=item.amounts.tax,
            promise_date=date.max,
        )
        for position, item in enumerate(priced, start=1)
    )
    Unit.objects.bulk_create(
        Unit(
            line=line,
            position=position,
            gtin=item.wanted.revision.design.product.gtin,
            serial=_new_serial(item.wanted.revision.offer.document),
        )
        for line, item in zip(lines, priced, strict=True)
        for position in range(1, item.wanted.quantity + 1)
    )


def _new_serial(document: dict[str, object]) -> str:
    """Unguessable, so that the public passport cannot be walked; at most 20 characters (AI 21)."""
    return f"{document['serial_prefix']}{short_code(12).upper()}"[:20]


def check_said(order: Order, said: Said | None) -> None:
    if said is None:
        return
    if order.total != said.total:
        raise Conflict(
            "price_moved",
            Sentence(
                "The price is now %(new)s %(currency)s; it was %(old)s when you reviewed your "
                "order. Nothing was ordered. Please review it again."
            ),
            old=str(said.total),
            new=str(order.total),
            currency=order.currency,
        )
    if order.promise_date > said.promise_date:
        raise Conflict(
            "promise_moved",
            Sentence(
                "Delivery is now possible by %(new)s; it was %(old)s when you reviewed your "
                "order. Nothing was ordered. Please review it again."
            ),
            old=said.promise_date.isoformat(),
            new=order.promise_date.isoformat(),
        )
