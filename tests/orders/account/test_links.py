"""Guests come back by a signed link, get a new one, and find their orders in an account later."""

import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.signing import TimestampSigner, b62_encode
from django.test import Client
from django.urls import reverse

from cosmo.accounts.models import User
from cosmo.lib.models import OutboxEvent
from design.models import Offer
from orders.models import Order
from orders.selectors.access import LINK_LASTS, LINK_SALT, LinkState, link_key, link_state
from orders.services.mail import send_mail, waiting_mail_ids
from tests.factories.orders import place

FIND = "/orders/find/"


class Earlier(TimestampSigner):
    """Signs as it did when links of today had just ended."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time() - (LINK_LASTS + timedelta(minutes=1)).total_seconds()))


def old_key(order: Order) -> str:
    return Earlier(salt=LINK_SALT).sign(str(order.public_id)).partition(":")[2]


def test_a_link_opens_its_order_only_whole_and_for_half_a_year(offer: Offer) -> None:
    order, other = place(offer), place(offer)
    key = link_key(order)
    assert link_state(order.public_id, key) is LinkState.OPENS
    assert link_state(other.public_id, key) is LinkState.FORGED
    swapped = old_key(order).split(":")[0] + ":" + key.split(":")[1]  # another moment, same name
    for forged in (key[:-1], key + "x", key.replace(":", ""), "", "::", swapped):
        assert link_state(order.public_id, forged) is LinkState.FORGED
        page = Client().get(f"/orders/{order.public_id}/", {"key": forged})
        assert page.status_code == 404
        assert order.number not in page.content.decode()
    assert link_state(order.public_id, old_key(order)) is LinkState.ENDED
    visitor = Client()
    came = visitor.get(f"/orders/{order.public_id}/", {"key": old_key(order)})
    assert came["Location"] == f"{FIND}?ended=1"
    assert "This link has ended" in visitor.get(came["Location"]).content.decode()
    assert visitor.get(f"/orders/{order.public_id}/").status_code == 404
    for path in ("papers/", "address/"):
        entered = Client().get(f"/orders/{order.public_id}/{path}", {"key": key})
        assert entered["Location"] == f"/orders/{order.public_id}/{path}"


def test_a_new_link_goes_to_the_orders_address_and_the_page_tells_nothing(offer: Offer) -> None:
    order = place(offer)
    for event_id in waiting_mail_ids():
        send_mail(event_id=event_id)
    mail.outbox.clear()
    right = {"number": order.number.lower(), "email": order.email.upper()}
    answers = {
        Client().post(FIND, sent).content.decode().split("<main")[1]
        for sent in (
            right,
            {**right, "email": "mallory@example.org"},
            {**right, "number": "C-2026-999999"},
        )
    }
    assert len(answers) == 1, "the answer tells whether there is such an order"
    Client().post(FIND, right)  # again at once: the mail is on its way already
    [event] = OutboxEvent.objects.filter(topic="mail.order_link")
    assert send_mail(event_id=event.pk)
    [message] = mail.outbox
    assert message.to == [order.email]
    address = next(word for word in str(message.body).split() if "?key=" in word)
    page = Client().get(address[address.index("/orders/") :], follow=True)
    assert order.number in page.content.decode()


@pytest.mark.parametrize("verified", [True, False])
def test_signing_in_with_the_same_confirmed_address_brings_orders_along(
    offer: Offer, ada: User, verified: bool
) -> None:
    order, foreign = place(offer), place(offer)
    Order.objects.filter(pk=foreign.pk).update(email="eve@example.org")
    Order.objects.filter(pk=order.pk).update(email="Ada@Example.org")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=verified, primary=True)
    client = Client()
    entry = {"login": ada.email, "password": "a-long-enough-password"}
    client.post(reverse("account_login"), entry)
    order.refresh_from_db()
    foreign.refresh_from_db()
    assert (order.user == ada) is verified
    assert foreign.user is None
    assert (order.number in client.get("/account/").content.decode()) is verified
