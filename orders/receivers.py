"""What happens when something is announced: here and nowhere else."""

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from cosmo.accounts.models import User
from cosmo.lib.hints import send_hint
from orders import signals, tasks
from orders.selectors.carts import SESSION_CART
from orders.services.carts import adopt_cart
from orders.services.links import adopt_orders


@receiver(signals.mail_queued)
def send_queued_mail(event_id: int, **_: object) -> None:
    send_hint(tasks.send_mail, event_id)


@receiver(signals.payment_open)
def settle_open_payment(payment_id: int, **_: object) -> None:
    send_hint(tasks.settle_payment, payment_id)


@receiver(user_logged_in)
def adopt_session_cart(request: HttpRequest | None, user: User, **_: object) -> None:
    """What was put into the cart before signing in moves into the user's."""
    if request is None or not hasattr(request, "session"):
        return
    known = request.session.pop(SESSION_CART, None)
    if known:
        adopt_cart(user=user, public_id=UUID(known))


@receiver(user_logged_in)
def adopt_guest_orders(user: User, **_: object) -> None:
    """What was ordered as a guest with an address that is proven theirs."""
    adopt_orders(user=user)


@receiver(email_confirmed)
def adopt_orders_of_address(email_address: EmailAddress, **_: object) -> None:
    adopt_orders(user=email_address.user)
