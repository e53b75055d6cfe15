"""What happens in the background when something is announced: here and nowhere else."""

import structlog
from django.dispatch import receiver
from kombu.exceptions import OperationalError

from orders import signals, tasks

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
