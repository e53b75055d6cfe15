"""What happens when something is announced: here and nowhere else."""

from uuid import UUID

import structlog
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from kombu.exceptions import OperationalError

from cosmo.accounts.models import User
from orders import signals, tasks
from orders.selectors.carts import SESSION_CART
from orders.services.carts import adopt_cart

log = structlog.get_logger(__name__)


@receiver(signals.mail_queued)
def send_queued_mail(event_id: int, **_: object) -> None:
    try:
        tasks.send_mail.delay(event_id)
    except OperationalError as error:
        log.warning("hint_lost", task="orders.send_mail", error=str(error))


@receiver(signals.payment_open)
def settle_open_payment(payment_id: int, **_: object) -> None:
    try:
        tasks.settle_payment.delay(payment_id)
    except OperationalError as error:
        log.warning("hint_lost", task="orders.settle_payment", error=str(error))


@receiver(user_logged_in)
def adopt_session_cart(request: HttpRequest | None, user: User, **_: object) -> None:
    """What was put into the cart before signing in moves into the user's."""
    if request is None or not hasattr(request, "session"):
        return
    known = request.session.pop(SESSION_CART, None)
    if known:
        adopt_cart(user=user, public_id=UUID(known))
