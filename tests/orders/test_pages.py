"""From cart to invoice over plain HTTP: what is said before paying, and who may look afterwards."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from design.models import Offer
from orders.models import CartLine, Order, OrderLine, Payment, SimulatedCharge
from orders.selectors.access import link_key
from tests.factories.orders import CONTACT, begin_payment, let_hold_expire, pay, place
from tests.factories.production import make_offer, make_plant
from tests.factories.shop import fields, make_shop, studio_form

pytestmark = pytest.mark.django_db
ADDRESS = {
    name: getattr(CONTACT, name)
    for name in ("email", "name", "street", "postal_code", "city", "country", "phone")
}
REVIEW = "/checkout/review/"


@pytest.fixture
def offer(db: None) -> Offer:
    return make_shop()


def fill_cart(client: Client, **changes: str) -> None:
    client.post(reverse("orders:add"), studio_form(**changes))


def reach_review(client: Client) -> dict[str, str]:
    """Cart and address are done; what the review page would send."""
    fill_cart(client)
    client.post("/checkout/", ADDRESS)
    return review_fields(client)


def review_fields(client: Client) -> dict[str, str]:
    return fields(client.get(REVIEW).content.decode(), "checkout_key")


def order_now(client: Client) -> Order:
    client.post(REVIEW, {**reach_review(client), "terms": "on"})
    return Order.objects.latest("id")


def text_of(page: bytes) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode())))


def owner_of(order: Order) -> Client:
    """A browser that came with the signed link of a mail."""
    client = Client()
    client.get(f"/orders/{order.public_id}/?key={link_key(order)}")
    return client


# --- address


def test_there_is_no_checkout_without_a_cart(client: Client) -> None:
    assert client.get("/checkout/")["Location"] == "/cart/"
    assert client.get(REVIEW)["Location"] == "/cart/"
    assert client.post(REVIEW, {"terms": "on"})["Location"] == "/cart/"


def test_there_is_no_review_without_an_address(offer: Offer, client: Client) -> None:
    fill_cart(client)
    assert client.get(REVIEW)["Location"] == "/checkout/"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("email", "no-address", "valid"),
        ("email", "", "required"),
        ("postal_code", "1011", "“1011” is no German postcode"),
        ("name", "<script>", "letters, digits and signs"),
        ("country", "XX", "valid choice"),
        ("street", "x" * 161, "160"),
    ],
)
def test_a_wrong_address_is_said_beside_its_field(
    offer: Offer, client: Client, name: str, value: str, said: str
) -> None:
    fill_cart(client)
    response = client.post("/checkout/", {**ADDRESS, name: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    assert said in text_of(response.content)
    assert "<script>" not in page.replace('<script type="module"', "").replace("<script src", "")
    assert client.get(REVIEW)["Location"] == "/checkout/"


def test_a_customer_finds_the_last_address_again(offer: Offer, client: Client) -> None:
    ada = User.objects.create_user("ada@example.org")
    client.force_login(ada)
    assert order_now(client).user == ada
    fresh = Client()
    fresh.force_login(ada)
    fill_cart(fresh)
    assert "1 Loom Street" in fresh.get("/checkout/").content.decode()


# --- review


def test_the_review_says_everything_before_paying(offer: Offer, client: Client) -> None:
    sent = reach_review(client)
    text = text_of(client.get(REVIEW).content)
    assert "€100.00" in text
    assert "€84.03" in text
    assert "you cannot withdraw because you changed your mind" in text
    assert "1 Loom Street" in text
    assert "Germany" in text
    assert sent["said_total"] == "100.00"
    assert date.fromisoformat(sent["said_date"]) > date(2027, 3, 1)


def test_nothing_is_ordered_without_the_terms(offer: Offer, client: Client) -> None:
    response = client.post(REVIEW, reach_review(client))
    assert response.status_code == 422
    assert "Please accept the terms first." in text_of(response.content)
    assert Order.objects.count() == 0
    assert CartLine.objects.count() == 1


def test_an_order_leads_to_the_payment_and_empties_the_cart(offer: Offer, client: Client) -> None:
    response = client.post(REVIEW, {**reach_review(client), "terms": "on"})
    assert response["Location"].startswith("/pay/simulator/")
    order = Order.objects.get()
    assert order.language == "en"
    assert CartLine.objects.count() == 0
    assert "€100.00" in text_of(client.get(response["Location"]).content)


def test_sending_the_review_twice_orders_once(offer: Offer, client: Client) -> None:
    sent = {**reach_review(client), "terms": "on"}
    first = client.post(REVIEW, sent)
    again = client.post(REVIEW, sent)
    assert Order.objects.count() == 1
    assert again["Location"] == first["Location"]  # on to the same payment


def test_a_price_that_moved_is_shown_old_and_new_before_paying(
    offer: Offer, client: Client
) -> None:
    sent = {**reach_review(client), "terms": "on", "said_total": "90.00"}
    response = client.post(REVIEW, sent)
    assert response.status_code == 409
    assert "It was €90.00 and is now €100.00." in text_of(response.content)
    assert Order.objects.count() == 0
    fresh = fields(response.content.decode(), "checkout_key")
    assert fresh["said_total"] == "100.00"
    assert fresh["checkout_key"] != sent["checkout_key"]
    assert client.post(REVIEW, {**fresh, "terms": "on"})["Location"].startswith("/pay/")
    assert Order.objects.get().total == Decimal(100)


def test_a_day_that_moved_is_shown_old_and_new_before_paying(offer: Offer, client: Client) -> None:
    sent = reach_review(client)
    promised = date.fromisoformat(sent["said_date"])
    earlier = (promised - timedelta(days=1)).isoformat()
    response = client.post(REVIEW, {**sent, "terms": "on", "said_date": earlier})
    assert response.status_code == 409
    assert "The day of delivery has moved" in text_of(response.content)
    assert Order.objects.count() == 0
    assert fields(response.content.decode(), "checkout_key")["said_date"] == promised.isoformat()


@pytest.mark.parametrize("garbage", ["", "NaN", "1e400", "-1", "tomorrow"])
def test_what_the_page_said_cannot_be_forged_into_another_price(
    offer: Offer, client: Client, garbage: str
) -> None:
    sent = {**reach_review(client), "terms": "on", "said_total": garbage, "said_date": garbage}
    assert client.post(REVIEW, sent).status_code in (302, 409)
    assert all(order.total == Decimal(100) for order in Order.objects.all())


def test_an_offer_that_changed_meanwhile_stops_the_order(offer: Offer, client: Client) -> None:
    sent = {**reach_review(client), "terms": "on"}
    make_offer(make_plant(), price={"base": "120", "lines": []})
    assert client.post(REVIEW, sent).status_code == 409
    assert Order.objects.count() == 0
    page = client.get(REVIEW).content.decode()
    assert "cannot be ordered as it is" in page


def test_a_checkout_takes_few_statements(offer: Offer, client: Client) -> None:
    order_now(client)  # warm
    sent = {**reach_review(client), "terms": "on"}
    with CaptureQueriesContext(connection) as seen:
        client.post(REVIEW, sent)
    statements = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 36, "\n".join(statements)
    assert len(set(statements)) == len(statements), "a statement was sent twice"


# --- who may look


def test_the_browser_that_ordered_sees_the_order_and_a_stranger_does_not(
    offer: Offer, client: Client
) -> None:
    order = order_now(client)
    address = f"/orders/{order.public_id}/"
    assert order.number in client.get(address).content.decode()
    stranger = Client()
    pages = [address, f"{address}state/", f"{address}invoice/", f"{address}?key=forged"]
    assert {stranger.get(page).status_code for page in pages} == {404}
    posts = [f"{address}pay/", f"{address}answer/"]
    assert {stranger.post(page).status_code for page in posts} == {404}
    reference = order.payments.get().provider_reference
    assert stranger.get(f"/pay/simulator/{reference}/").status_code == 404
    assert stranger.post(f"/pay/simulator/{reference}/", {"choice": "accept"}).status_code == 404
    assert order.number not in stranger.get(address).content.decode()
    order.refresh_from_db()
    assert order.status == "quoted"


def test_the_signed_link_opens_the_order_and_leaves_the_address(offer: Offer) -> None:
    order = place(offer)
    guest = Client()
    response = guest.get(f"/orders/{order.public_id}/?key={link_key(order)}")
    assert response["Location"] == f"/orders/{order.public_id}/"
    assert guest.get(response["Location"]).status_code == 200
    other = place(offer)
    assert guest.get(f"/orders/{other.public_id}/?key={link_key(order)}").status_code == 404


def test_the_list_shows_what_the_customer_bought_and_nothing_else(
    offer: Offer, client: Client
) -> None:
    ada = User.objects.create_user("ada@example.org")
    assert "/accounts/login/" in client.get("/account/")["Location"]
    client.force_login(ada)
    assert "Nothing ordered yet" in client.get("/account/").content.decode()
    mine, foreign = place(offer, user=ada), place(offer)
    page = client.get("/account/").content.decode()
    assert mine.number in page
    assert foreign.number not in page


# --- paying


def test_an_accepted_payment_confirms_and_opens_the_invoice(offer: Offer, client: Client) -> None:
    order = order_now(client)
    invoice = f"/orders/{order.public_id}/invoice/"
    assert client.get(invoice)["Location"] == f"/orders/{order.public_id}/"
    reference = order.payments.get().provider_reference
    response = client.post(f"/pay/simulator/{reference}/", {"choice": "accept"})
    page = client.get(response["Location"]).content
    assert "Thank you. Your order is confirmed." in text_of(page)
    assert OrderLine.objects.get().units.get().serial in page.decode()
    text = text_of(client.get(invoice).content)
    assert "€84.03" in text
    assert "€15.97" in text
    assert "Germany" in text
    assert "VAT ID DE000000000" in text  # the seller's, as settings say


def test_a_refused_payment_may_be_tried_again(offer: Offer, client: Client) -> None:
    order = order_now(client)
    reference = order.payments.get().provider_reference
    client.post(f"/pay/simulator/{reference}/", {"choice": "refuse"})
    text = text_of(client.get(f"/orders/{order.public_id}/").content)
    assert "The payment was refused" in text
    again = client.post(f"/orders/{order.public_id}/pay/")
    assert reference not in again["Location"]
    client.post(again["Location"], {"choice": "accept"})
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert Payment.objects.filter(status="paid").count() == 1
    assert client.post(f"/orders/{order.public_id}/pay/").status_code == 409


def test_a_slow_payment_is_waited_for_and_found(offer: Offer) -> None:
    order = pay(place(offer), "slow")
    client = owner_of(order)
    page = client.get(f"/orders/{order.public_id}/").content
    assert "Your payment is being checked" in text_of(page)
    assert f'hx-get="/orders/{order.public_id}/state/"' in page.decode()
    SimulatedCharge.objects.update(settles_at=real_now() - timedelta(seconds=1))
    fragment = client.get(f"/orders/{order.public_id}/state/").content.decode()
    assert "Your order is confirmed" in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize(("answer", "status"), [("accept", "confirmed"), ("decline", "cancelled")])
def test_a_late_payment_asks_and_takes_the_answer(offer: Offer, answer: str, status: str) -> None:
    order = place(offer)
    payment = begin_payment(order)
    let_hold_expire(order)
    Order.objects.filter(pk=order.pk).update(promise_date=date(2027, 3, 1))  # a day long taken
    client = owner_of(order)
    client.post(f"/pay/simulator/{payment.provider_reference}/", {"choice": "accept"})
    text = text_of(client.get(f"/orders/{order.public_id}/").content)
    assert "We need your answer" in text
    assert "Monday 1 March" in text
    client.post(f"/orders/{order.public_id}/answer/", {"answer": answer})
    order.refresh_from_db()
    assert order.status == status
    again = client.post(f"/orders/{order.public_id}/answer/", {"answer": "accept"})
    assert again.status_code == 409
    order.refresh_from_db()
    assert order.status == status


def test_a_decided_payment_offers_nothing_more(offer: Offer, client: Client) -> None:
    order = order_now(client)
    address = f"/pay/simulator/{order.payments.get().provider_reference}/"
    client.post(address, {"choice": "accept"})
    page = client.get(address)
    assert "decided already" in text_of(page.content)
    assert 'name="choice"' not in page.content.decode()


def test_an_unknown_payment_is_not_found(client: Client) -> None:
    assert client.get("/pay/simulator/nothing/").status_code == 404


def test_the_terms_are_there_for_everybody(client: Client) -> None:
    assert "§ 312g" in client.get("/terms/").content.decode()
