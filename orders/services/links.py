"""How guests come back: a new link by mail, and orders that follow them into an account."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from orders.models import Order
from orders.services.mail import queue_mail, was_queued

AGAIN_AFTER = timedelta(minutes=10)  # nobody's inbox is filled by somebody else


@transaction.atomic
def send_link(*, email: str, number: str) -> None:
    """A new link to the order's own address, if there is such an order. Says nothing either way.

    Asked again within minutes, the first mail is still on its way.
    """
    order = Order.objects.filter(email__iexact=email, number__iexact=number, partner=None).first()
    if order is None or not order.email:
        return
    if was_queued(order=order, letter="order_link", since=real_now() - AGAIN_AFTER):
        return
    queue_mail(order=order, letter="order_link")


def adopt_orders(*, user: User) -> int:
    """Orders placed as a guest with an address that ``user`` has confirmed become theirs."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return _adopt(user, confirmed.values_list("email", flat=True))


def _adopt(user: User, emails: Iterable[str]) -> int:
    wanted = Q()
    for email in emails:
        wanted |= Q(email__iexact=email)
    if not wanted:
        return 0
    return Order.objects.filter(wanted, user=None, partner=None).update(user=user)
