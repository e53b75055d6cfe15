"""Which mails come: what is owed always, of the rest what is wanted; one click ends a kind."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from cosmo.accounts.models import User
from cosmo.lib.letters import Letter, queue_letters, send_waiting_letters
from cosmo.lib.mail_choice import KINDS, MailKind, read_refusal, refusal_address, refuse
from cosmo.lib.models import MailRefusal
from design.models import Offer
from orders.models import Order
from orders.services.mail import LETTERS, queue_mail, send_mail, waiting_mail_ids
from tests.factories.orders import place
from tests.orders.account.lives import signed_in

SHIPPED = {"serial": "ST42", "parcel": "P-7", "expected": "2027-03-08"}


def sent_after(order: Order, letter: str, **facts: str) -> list[EmailMessage]:
    for event in waiting_mail_ids():
        send_mail(event_id=event)
    mail.outbox.clear()
    queue_mail(order=order, letter=letter, **facts)
    [event] = waiting_mail_ids()
    assert send_mail(event_id=event)
    assert waiting_mail_ids() == []
    return list(mail.outbox)


def test_one_click_ends_a_kind_for_that_address_and_nothing_else(offer: Offer) -> None:
    order = place(offer)
    [message] = sent_after(order, "shipped", **SHIPPED)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in str(message.body)
    path = address[address.index("/account/") :]
    program = Client(enforce_csrf_checks=True)
    program.get(path)  # a program that looks at links refuses nothing
    assert MailRefusal.objects.count() == 0
    for _ in range(2):
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    [refusal] = MailRefusal.objects.all()
    assert (refusal.email, refusal.kind) == (order.email, "shipped")
    assert sent_after(order, "shipped", **SHIPPED) == []
    assert len(sent_after(order, "delivered")) == 1
    program.post(path, {"again": "1"})
    assert len(sent_after(order, "shipped", **SHIPPED)) == 1
    for forged in (path[:-2] + "/", path.replace("no/", "no/x")):
        assert program.post(forged).status_code == 404
    assert read_refusal("nonsense") is None


def test_what_is_owed_cannot_be_refused(offer: Offer) -> None:
    order = place(offer)
    for kind in MailKind:
        refuse(email=order.email.upper(), kind=kind)
    owed = {"order_confirmed", "order_asked", "refunded", "slipped", "address_changed", "quoted"}
    assert owed.isdisjoint(KINDS)
    assert owed <= LETTERS
    [message] = sent_after(order, "order_confirmed")
    assert "List-Unsubscribe" not in message.extra_headers
    assert sent_after(order, "in_production") == []


def test_the_page_keeps_kinds_and_language_and_letters_heed_them(offer: Offer, ada: User) -> None:
    client = signed_in(ada)
    assert "we owe you them by law" in client.get("/account/mails/").content.decode()
    client.post("/account/mails/", {"kind": ["shipped", "making"], "mail_language": "zh-hans"})
    refused = set(MailRefusal.objects.values_list("kind", flat=True))
    assert refused == {"delivered", "together"}
    order = place(offer, user=ada)
    assert sent_after(order, "delivered") == []
    [message] = sent_after(order, "shipped", **SHIPPED)
    assert "订单" in message.subject
    facts = {"title": "A stool", "reason": ""}
    letter = Letter("contribution_approved", ada.email, "en", "x", "/gallery/", facts)
    queue_letters([letter])
    mail.outbox.clear()
    assert send_waiting_letters() == 1
    assert mail.outbox == []
    client.post("/account/mails/", {"kind": [*MailKind.values], "mail_language": ""})
    queue_letters([letter])
    send_waiting_letters()
    assert [one.to for one in mail.outbox] == [[ada.email]]
    refused_again = client.post("/account/mails/", {"mail_language": "tlh"})
    assert refused_again.status_code == 200
    assert MailRefusal.objects.count() == 0


@pytest.mark.django_db
def test_a_link_is_of_one_address_and_kind() -> None:
    token = refusal_address(email="Ada@Example.org", kind=MailKind.SHIPPED).split("/")[-2]
    assert read_refusal(token) == ("ada@example.org", MailKind.SHIPPED)
