"""Mails in the customer's language: queued in the outbox, sent after the commit."""

from datetime import date, datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from cosmo.lib.mail_choice import KINDS, is_wanted, refusal_address, refusal_headers
from cosmo.lib.models import OutboxEvent
from cosmo.lib.outbox import write_event
from orders.models import Order
from orders.selectors.access import link_key
from orders.signals import mail_queued

log = structlog.get_logger(__name__)
TOPIC = "mail."
LETTERS = frozenset(
    {
        *("quoted", "order_confirmed", "order_asked", "order_cancelled", "refunded"),
        *("unit_cancelled", "unit_changed", "slipped", "slip_kept", "slip_healed"),
        *("in_production", "shipped", "delivered", "address_changed", "order_link"),
        *("complaint_received", "complaint_answered"),
    }
)
RETRY_S = (5, 30, 120, 600, 3600)


def queue_mail(*, order: Order, letter: str, **facts: str) -> None:
    """Write the mail into the outbox of this transaction."""
    if letter not in LETTERS:
        raise ValueError(f"There is no letter called {letter!r}.")
    with chain(order.chain_id):
        event = write_event(topic=f"{TOPIC}{letter}", key=str(order.public_id), body=facts)
    transaction.on_commit(partial(mail_queued.send_robust, sender=Order, event_id=event.pk))


def order_address(order: Order, *, page: str = "", of: str = "") -> str:
    """The full address that opens the order for whoever got the mail; or a page of its own.

    Args:
        page: Name of the page's address, which takes one public id, ``of`` or the order's.
    """
    path = reverse(page or "orders:order", args=[of or order.public_id])
    return f"{settings.PUBLIC_URL}{path}?key={link_key(order)}"


def send_mail(*, event_id: int) -> bool:
    """Send one queued mail; False when another is at it or it is sent already.

    At least once: a kill between sending and the commit sends it again, never loses it.
    """
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(pk=event_id, published_at=None, topic__startswith=TOPIC)
            .first()
        )
        if event is None:
            return False
        with chain(event.chain_id):
            try:
                _send(event)
            except OSError as error:  # the mail server is away: later, with growing distance
                event.attempts += 1
                wait_s = RETRY_S[min(event.attempts, len(RETRY_S)) - 1]
                event.next_at = real_now() + timedelta(seconds=wait_s)
                log.warning("mail_failed", letter=event.topic, error=str(error), again_s=wait_s)
            else:
                event.published_at, event.next_at = real_now(), None
                log.info("mail_sent", letter=event.topic, order=event.key)
            event.save(update_fields=["attempts", "next_at", "published_at"])
        return event.published_at is not None


def waiting_mail_ids(limit: int = 50) -> list[int]:
    return list(
        OutboxEvent.objects.filter(
            topic__startswith=TOPIC, published_at=None, next_at__lte=real_now()
        )
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )


def was_queued(*, order: Order, letter: str, since: datetime) -> bool:
    """Whether the order had this letter lately; sent or not."""
    return OutboxEvent.objects.filter(
        topic=f"{TOPIC}{letter}", key=str(order.public_id), created_at__gte=since
    ).exists()


def _send(event: OutboxEvent) -> None:
    """What nobody wants, or what went to an account that is gone, is done without a mail."""
    order = Order.objects.select_related("user").get(public_id=event.key)
    letter = event.topic.removeprefix(TOPIC)
    if is_wanted(letter=letter, email=order.email):
        _letter(event, order, letter).send()


def language_of(order: Order) -> str:
    """What the account chose for mails, else what was ordered in."""
    chosen = order.user.mail_language if order.user is not None else ""
    return chosen or order.language


def _letter(event: OutboxEvent, order: Order, letter: str) -> EmailMultiAlternatives:
    kind = KINDS.get(letter)
    facts = {
        "order": order,
        "facts": event.body,
        "expected": _day(event.body.get("expected")),
        "said": _day(event.body.get("said")),
        "address": order_address(
            order, page=event.body.get("page", ""), of=event.body.get("of", "")
        ),
        "refusal_address": refusal_address(email=order.email, kind=kind) if kind else "",
    }
    with translation.override(language_of(order)):
        subject = render_to_string(f"email/{letter}.subject.txt", facts).strip()
        text = render_to_string(f"email/{letter}.txt", facts)
        page = render_to_string(f"email/{letter}.html", facts)
    message = EmailMultiAlternatives(subject=subject, body=text, to=[order.email])
    message.extra_headers.update(refusal_headers(letter=letter, email=order.email))
    message.attach_alternative(page, "text/html")
    return message


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
