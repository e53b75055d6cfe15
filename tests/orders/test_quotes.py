"""Quotes: what they say, on screen and on paper, how long they hold, and asking again."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.models import OutboxEvent
from cosmo.lib.ports import promise_source
from design.models import Offer
from design.services.catalogue import publish_product
from orders.models import Order
from orders.payments.simulator import decide_charge
from orders.selectors.access import link_key
from orders.services.checkout import Said
from orders.services.payments import settle_payment, start_payment
from orders.services.promises import MOST_EXTENSIONS
from orders.services.quotes import renew_quote
from production.models import Booking, Hold, Plant
from production.services.engineering import publish_engineering
from tests.factories.documents import ENGINEERING, OFFER, TEXTS
from tests.factories.orders import begin_payment, let_hold_expire, pay, place
from tests.factories.production import make_factory, make_plant
from tests.factories.shop import STOOL, make_shop
from tests.orders.test_pages import order_now, owner_of, reach_review, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(db: None) -> Offer:
    return make_shop(make_plant())


def near_its_end(order: Order) -> Order:
    """Its hold has one minute left."""
    end = real_now() + timedelta(minutes=1)
    Hold.objects.filter(order=order, status="active").update(expires_at=end)
    Order.objects.filter(pk=order.pk).update(held_until=end)
    order.refresh_from_db()
    return order


def ended(order: Order) -> Order:
    let_hold_expire(order)
    order.refresh_from_db()
    return order


def sell_dearer(plant: Plant, base: str = "120") -> None:
    """The same stool in a new offer at another price."""
    document = {**OFFER, **STOOL, "price": {**STOOL["price"], "base": base}}
    offer = publish_product(organisation=make_factory(), offer_document=document, texts=TEXTS).offer
    publish_engineering(offer=offer, plant=plant, document={**ENGINEERING, "plant": plant.code})


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


# --- the page and the paper


def test_a_quote_says_what_it_costs_when_it_comes_and_until_when(offer: Offer) -> None:
    order = place(offer, quantity=2)
    page = text_of(owner_of(order).get(f"/orders/{order.public_id}/quote/").content)
    for said in (order.number, "Stool", "€200.00", "€31.93", "Tuesday", "Capacity kept until"):
        assert said in page
    assert "Price good until" in page
    assert "Pay €200.00" in page


def test_the_paper_says_the_same_in_both_languages(offer: Offer) -> None:
    order = place(offer, quantity=2)
    client = owner_of(order)
    answer = client.get(f"/orders/{order.public_id}/quote.pdf")
    assert answer["Content-Type"] == "application/pdf"
    english = pdf_text(answer.content)
    for said in ("Quote", order.number, "Stool", "€200.00", "Capacity kept until", "Berlin"):
        assert said in english
    client.cookies.load({"django_language": "zh-hans"})
    chinese = client.get(f"/orders/{order.public_id}/quote.pdf").content
    assert "报价" in pdf_text(chinese)
    reader = PdfReader(BytesIO(chinese))
    fonts = reader.pages[0]["/Resources"]["/Font"].get_object().values()  # type: ignore[index]
    # ReportLab names its default font on every page and writes nothing in it: no descriptor.
    ours = [one for font in fonts if "/FontDescriptor" in (one := font.get_object())]
    assert all("NotoSansSC" in font["/BaseFont"] for font in ours)
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in ours)
    assert len(ours) >= 2


def test_a_guest_comes_by_the_signed_link_and_nobody_without_it(offer: Offer) -> None:
    order = place(offer)
    for path in ("quote/", "quote.pdf"):
        address = f"/orders/{order.public_id}/{path}"
        assert Client().get(address).status_code == 404
        assert Client().get(f"{address}?key=wrong").status_code == 404
        guest = Client()
        came = guest.get(f"{address}?key={link_key(order)}")
        assert came["Location"] == address
        assert guest.get(address).status_code == 200


def test_a_visitor_keeps_a_quote_and_gets_its_link_by_mail(offer: Offer, client: Client) -> None:
    fields = reach_review(client)
    answer = client.post("/checkout/review/", {**fields, "terms": "on", "then": "quote"})
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.public_id}/quote/"
    assert order.payments.count() == 0
    assert OutboxEvent.objects.filter(topic="mail.quoted").count() == 1


def test_a_confirmed_order_is_no_quote_but_has_its_invoice_on_paper(offer: Offer) -> None:
    order = pay(place(offer))
    client = owner_of(order)
    for path in ("quote/", "quote.pdf"):
        answer = client.get(f"/orders/{order.public_id}/{path}")
        assert answer["Location"] == f"/orders/{order.public_id}/"
    paper = pdf_text(client.get(f"/orders/{order.public_id}/invoice.pdf").content)
    for said in ("Invoice", order.number, "Paid. Thank you.", order.lines.get().units.get().serial):
        assert said in paper
    quoted = place(offer)
    answer = owner_of(quoted).get(f"/orders/{quoted.public_id}/invoice.pdf")
    assert answer["Location"] == f"/orders/{quoted.public_id}/"


# --- extended while paying


def test_beginning_to_pay_keeps_it_longer_but_not_for_ever(offer: Offer) -> None:
    order = place(offer)
    until = order.held_until
    begin_payment(order)
    order.refresh_from_db()
    assert (order.held_until, order.hold_extensions) == (until, 0)  # time enough
    for number in range(1, MOST_EXTENSIONS + 1):
        near_its_end(order)
        start_payment(order_id=order.pk, provider="simulator")
        order.refresh_from_db()
        assert order.hold_extensions == number
        assert order.held_until is not None
        assert order.held_until > real_now() + timedelta(minutes=10)
    last = near_its_end(order).held_until
    start_payment(order_id=order.pk, provider="simulator")
    order.refresh_from_db()
    assert (order.held_until, order.hold_extensions) == (last, MOST_EXTENSIONS)
    assert Hold.objects.filter(order=order, status="active").count() == 1
    assert Booking.objects.filter(hold__order=order).count() == 4


def test_a_longer_hold_never_moves_the_day(offer: Offer) -> None:
    order = near_its_end(place(offer, quantity=5))
    said = order.promise_date
    Booking.objects.filter(hold__order=order).delete()  # others take its place
    Plant.objects.update(booking_seq=100)
    for _ in range(40):
        if place(offer, quantity=5).promise_date > said:
            break
    start_payment(order_id=order.pk, provider="simulator")
    order.refresh_from_db()
    assert (order.promise_date, order.hold_extensions) == (said, 0)


# --- asking again


def test_an_ended_quote_shows_what_was_said_and_what_holds_today(offer: Offer) -> None:
    order = ended(place(offer))
    page = text_of(owner_of(order).get(f"/orders/{order.public_id}/quote/").content)
    assert "This quote has ended" in page
    assert "Keep it for me again" in page
    assert page.count("€100.00") >= 2
    assert "Pay €" not in page


def test_asking_again_keeps_it_at_todays_price_and_day(offer: Offer) -> None:
    plant = Plant.objects.get()
    order = ended(place(offer))
    sell_dearer(plant)
    said = Said(total=Decimal(120), promise_date=date(2027, 3, 9))
    renewed = renew_quote(order_id=order.pk, said=said)
    assert renewed.total == Decimal(120)
    line = renewed.lines.get()
    assert (line.unit_price, line.offer_id) == (Decimal(120), line.product.published_offer_id)
    assert promise_source().is_held(order_id=order.pk)
    assert renew_quote(order_id=order.pk, said=None).total == Decimal(120)
    order.refresh_from_db()
    assert pay(order).status == "confirmed"


def test_asking_again_is_refused_when_it_is_dearer_or_later_than_read(offer: Offer) -> None:
    order = ended(place(offer))
    sell_dearer(Plant.objects.get())
    for said, code in (
        (Said(total=Decimal(100), promise_date=date(2027, 3, 9)), "price_moved"),
        (Said(total=Decimal(120), promise_date=date(2027, 3, 1)), "promise_moved"),
    ):
        with pytest.raises(DomainError) as refused:
            renew_quote(order_id=order.pk, said=said)
        assert refused.value.code == code
    order.refresh_from_db()
    assert order.total == Decimal(100)
    assert not promise_source().is_held(order_id=order.pk)


def test_the_page_says_again_what_moved_meanwhile(offer: Offer) -> None:
    order = ended(place(offer))
    answer = owner_of(order).post(
        f"/orders/{order.public_id}/quote/again/",
        {"said_total": "100.00", "said_date": "2027-03-01"},
    )
    assert answer.status_code == 409
    assert "It has moved once more" in text_of(answer.content)
    done = owner_of(order).post(
        f"/orders/{order.public_id}/quote/again/",
        {"said_total": "100.00", "said_date": "2027-03-09"},
    )
    assert done["Location"] == f"/orders/{order.public_id}/quote/"
    assert promise_source().is_held(order_id=order.pk)


def test_a_design_the_offer_no_longer_has_cannot_be_asked_for_again(offer: Offer) -> None:
    order = ended(place(offer))
    colours = {"options": [{"id": "black"}, {"id": "red"}], "default": "black"}
    features = [
        {**feature, **colours} if feature["id"] == "colour" else feature
        for feature in STOOL["features"]
    ]
    publish_product(
        organisation=make_factory(),
        offer_document={**OFFER, **STOOL, "features": features},
        texts=TEXTS,
    )
    with pytest.raises(DomainError) as refused:
        renew_quote(order_id=order.pk, said=None)
    assert refused.value.code == "quote_gone"
    page = text_of(owner_of(order).get(f"/orders/{order.public_id}/quote/").content)
    assert "Today's offer no longer has this design." in page
    assert "Keep it for me again" not in page


def test_a_payment_of_an_older_price_goes_back(offer: Offer) -> None:
    order = place(offer)
    begin_payment(order)
    ended(order)
    sell_dearer(Plant.objects.get())
    renew_quote(order_id=order.pk, said=None)
    old = order.payments.get()
    decide_charge(reference=old.provider_reference, choice="accept")
    settle_payment(payment_id=old.pk)
    old.refresh_from_db()
    order.refresh_from_db()
    assert (old.status, order.status) == ("refunding", "quoted")
    order.refresh_from_db()
    assert pay(order).status == "confirmed"


def test_what_is_confirmed_or_being_paid_is_not_asked_for_again(offer: Offer) -> None:
    order = pay(place(offer))
    with pytest.raises(DomainError) as refused:
        renew_quote(order_id=order.pk, said=None)
    assert refused.value.code == "not_a_quote"
    waiting = ended(pay(place(offer), choice="slow"))
    with pytest.raises(DomainError) as refused:
        renew_quote(order_id=waiting.pk, said=None)
    assert refused.value.code == "payment_pending"


def test_the_order_page_of_an_ended_quote_leads_to_it(offer: Offer, client: Client) -> None:
    order = ended(order_now(client))
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    assert f"/orders/{order.public_id}/quote/" in page
    assert "Ask again" in page
