"""Carts, checkouts and payments over the small documents, by the services a shopper meets."""

from datetime import timedelta
from typing import Any

from cosmo.lib.clock import real_now
from design.models import DesignRevision, Offer
from design.services.designs import save_design
from orders.models import Order, Payment
from orders.payments.simulator import decide_charge
from orders.services.checkout import Contact, Wanted, place_order
from orders.services.payments import settle_payment, start_payment
from production.models import Hold
from tests.factories.production import numbers

CONTACT = Contact(
    email="ada@example.org",
    name="Ada",
    street="1 Loom Street",
    postal_code="10115",
    city="Berlin",
    country="DE",
)


def make_revision(offer: Offer, **choices: Any) -> DesignRevision:
    revision = save_design(offer=offer, choices=choices)
    return DesignRevision.objects.select_related("offer", "design__product__published_texts").get(
        pk=revision.pk
    )


def place(offer: Offer, *, quantity: int = 1, **extra: Any) -> Order:
    """A quoted order with its hold, as the review page places it."""
    wanted = [Wanted(revision=make_revision(offer), quantity=quantity)]
    key = extra.pop("checkout_key", f"checkout-{next(numbers)}")
    facts: dict[str, Any] = {"said": None, "language": "en", "contact": CONTACT, **extra}
    return place_order(wanted=wanted, checkout_key=key, **facts)


def begin_payment(order: Order) -> Payment:
    start_payment(order_id=order.pk, provider="simulator")
    return order.payments.latest("id")


def pay(order: Order, choice: str = "accept") -> Order:
    """Pay as the visitor does on the provider's page, and learn the result."""
    payment = begin_payment(order)
    decide_charge(reference=payment.provider_reference, choice=choice)
    settle_payment(payment_id=payment.pk)
    order.refresh_from_db()
    return order


def let_hold_expire(order: Order) -> None:
    Hold.objects.filter(order=order, status="active").update(
        expires_at=real_now() - timedelta(seconds=1)
    )
