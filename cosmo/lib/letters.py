"""Mails to a person about anything but an order: queued in the outbox, sent by a sweep.

A letter is three templates, ``email/<letter>.subject.txt``, ``.txt`` and ``.html``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from cosmo.lib.chain import chain, current_chain_id
from cosmo.lib.clock import real_now
from cosmo.lib.mail_choice import KINDS, is_wanted, refusal_address, refusal_headers
from cosmo.lib.models import OutboxEvent
from cosmo.lib.outbox import write_events

log = structlog.get_logger(__name__)
TOPIC = "letter."
RETRY_S = (5, 30, 120, 600, 3600)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person.

    Attributes:
        about: Public id of what it is about; the event's key.
        path: Of the page it leads to; the installation's address is put before it.
        facts: What its templates say, as ``facts``.
    """

    name: str
    to: str
    language: str
    about: str
    path: str
    facts: dict[str, str] = field(default_factory=dict)


def queue_letters(letters: Sequence[Letter]) -> None:
    """Write the letters into the outbox of this transaction, in a statement for each name."""
    for name in dict.fromkeys(letter.name for letter in letters):
        bodies = [
            (
                letter.about,
                {
                    "to": letter.to,
                    "language": letter.language,
                    "path": letter.path,
                    "facts": letter.facts,
                },
                current_chain_id(),
            )
            for letter in letters
            if letter.name == name and letter.to
        ]
        if bodies:
            write_events(topic=f"{TOPIC}{name}", bodies=bodies)


def send_waiting_letters(limit: int = 50) -> int:
    """Send what is due; how many went out. At least once: a kill sends one again, loses none."""
    due = OutboxEvent.objects.filter(
        topic__startswith=TOPIC, published_at=None, next_at__lte=real_now()
    ).order_by("id")
    return sum(_send(pk) for pk in due.values_list("pk", flat=True)[:limit])


def _send(event_id: int) -> bool:
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(pk=event_id, published_at=None)
            .first()
        )
        if event is None:
            return False
        with chain(event.chain_id):
            try:
                if is_wanted(letter=event.topic.removeprefix(TOPIC), email=event.body["to"]):
                    _message(event).send()
            except OSError as error:  # the mail server is away: later, with growing distance
                event.attempts += 1
                wait_s = RETRY_S[min(event.attempts, len(RETRY_S)) - 1]
                event.next_at = real_now() + timedelta(seconds=wait_s)
                log.warning("letter_failed", letter=event.topic, error=str(error), again_s=wait_s)
            else:
                event.published_at, event.next_at = real_now(), None
                log.info("letter_sent", letter=event.topic, about=event.key)
        event.save(update_fields=["attempts", "next_at", "published_at"])
        return event.published_at is not None


def _message(event: OutboxEvent) -> EmailMultiAlternatives:
    letter = event.topic.removeprefix(TOPIC)
    kind = KINDS.get(letter)
    to = event.body["to"]
    facts = {
        "facts": event.body["facts"],
        "address": settings.PUBLIC_URL + event.body["path"],
        "refusal_address": refusal_address(email=to, kind=kind) if kind else "",
    }
    with translation.override(event.body["language"]):
        subject = render_to_string(f"email/{letter}.subject.txt", facts).strip()
        text = render_to_string(f"email/{letter}.txt", facts)
        page = render_to_string(f"email/{letter}.html", facts)
    message = EmailMultiAlternatives(subject=subject, body=text, to=[to])
    message.extra_headers.update(refusal_headers(letter=letter, email=to))
    message.attach_alternative(page, "text/html")
    return message
