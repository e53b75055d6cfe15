"""Mails in the customer's language, sent once, with the way back to the order."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from kombu.exceptions import OperationalError

from cosmo.lib import hints
from cosmo.lib.models import OutboxEvent
from design.models import Offer
from orders import tasks
from orders.models import Order
from orders.services.mail import LETTERS, queue_mail, send_mail, waiting_mail_ids
from tests.factories.orders import pay, place
from tests.factories.production import make_plant
from tests.factories.shop import make_shop

pytestmark = pytest.mark.django_db
FACTS: dict[str, dict[str, str]] = {
    "shipped": {"serial": "ST42", "parcel": "P-7", "expected": "2027-03-08"},
    "refunded": {"amount": "100.00"},
    "order_cancelled": {"reason": "no_capacity"},
    "order_asked": {"offered": "2027-03-09"},
    "unit_cancelled": {"serial": "ST42", "reason": "customer"},
    "unit_changed": {"serial": "ST42", "expected": "2027-03-08", "said": "2027-03-09"},
    "slipped": {
        "serial": "ST42",
        "said": "2027-03-05",
        "expected": "2027-03-08",
        "reason": "理由 reason",
    },
    "slip_kept": {"serial": "ST42", "expected": "2027-03-08"},
    "slip_healed": {"serial": "ST42", "expected": "2027-03-05"},
}


@pytest.fixture
def offer(db: None) -> Offer:
    return make_shop(make_plant())


def sent(order: Order, letter: str, **facts: str) -> tuple[EmailMultiAlternatives, str]:
    """The mail and its HTML."""
    queue_mail(order=order, letter=letter, **facts)
    assert send_mail(event_id=OutboxEvent.objects.latest("id").pk)
    message: Any = mail.outbox[-1]
    return message, str(message.alternatives[0][0])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_every_letter_is_complete_in_both_languages(
    offer: Offer, letter: str, language: str
) -> None:
    order = place(offer, language=language)
    order.offered_date = order.promise_date
    order.save(update_fields=["offered_date"])
    message, page = sent(order, letter, **FACTS.get(letter, {}))
    text = str(message.body)
    assert message.to == [order.email]
    assert order.number in message.subject
    assert "\n" not in message.subject
    assert f'lang="{language}"' in page
    for part in (text, page):
        assert "{{" not in part
        assert "None" not in part
        assert f"/orders/{order.public_id}/?key=" in part
    chinese = re.search(r"[\u4e00-\u9fff]", text.replace("理由", ""))
    assert (chinese is not None) == (language == "zh-hans"), text


def test_the_link_in_the_mail_opens_the_order(offer: Offer) -> None:
    order = pay(place(offer))
    [event] = waiting_mail_ids()
    assert send_mail(event_id=event)
    [message] = mail.outbox
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/orders/\S+)", str(message.body))
    assert found is not None
    page = Client().get(found[1], follow=True)
    assert order.number in page.content.decode()


def test_a_mail_is_sent_once(offer: Offer) -> None:
    pay(place(offer))
    [event] = waiting_mail_ids()
    assert send_mail(event_id=event)
    assert not send_mail(event_id=event)
    assert waiting_mail_ids() == []
    assert len(mail.outbox) == 1


def test_a_parcel_is_named_with_its_day(offer: Offer) -> None:
    message, page = sent(place(offer), "shipped", **FACTS["shipped"])
    for part in (str(message.body), page):
        assert "P-7" in part
        assert "ST42" in part
        assert "8 March 2027" in part


def test_no_other_letter_is_written(offer: Offer) -> None:
    order = place(offer)
    before = OutboxEvent.objects.count()
    with pytest.raises(ValueError, match="love_letter"):
        queue_mail(order=order, letter="love_letter")
    assert OutboxEvent.objects.count() == before


def test_a_broker_that_is_away_is_asked_once_and_loses_no_mail(
    offer: Offer, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[int] = []

    def fail(args: tuple[int], *_: object, **__: object) -> None:
        asked.append(args[0])
        raise OperationalError("away")

    monkeypatch.setattr(hints, "_quiet_until", 0.0)
    monkeypatch.setattr(tasks.send_mail, "apply_async", fail)
    order = place(offer)
    with django_capture_on_commit_callbacks(execute=True):
        queue_mail(order=order, letter="delivered")
        queue_mail(order=order, letter="delivered")
    waiting = waiting_mail_ids()
    assert len(waiting) == 2
    assert asked == waiting[:1]  # the second does not wait for the broker again
