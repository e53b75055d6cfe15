"""Papers of an order: which there are when, what stands on them, as page and PDF."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cosmo.lib.ids import new_public_id
from design.models import Offer
from orders.models import Order
from orders.selectors.access import SESSION_GRANTS
from orders.selectors.documents import credits_of, documents_of
from orders.services.refunds import want_part_refund
from orders.services.units import cancel_unit
from tests.factories.orders import place
from tests.orders.account.lives import guest, ordered, send_off, units


def titles(order: Order) -> list[str]:
    return [one.title for one in documents_of(order)]


def test_papers_come_one_after_the_other_each_as_page_and_pdf(offer: Offer) -> None:
    quoted = place(offer)
    assert titles(quoted) == ["Quote"]
    order = ordered(offer, quantity=2)
    first, second = units(order)
    assert titles(order) == ["Order confirmation", "Invoice"]
    cancel_unit(unit_id=second.pk, reason="customer")
    send_off(first)
    order.refresh_from_db()
    found = documents_of(order)
    assert [one.title for one in found][2:] == ["Credit note", "Delivery note"]
    client = guest(order)
    listed = client.get(f"/orders/{order.public_id}/papers/").content.decode()
    for one in found:
        assert one.page in listed
        assert one.pdf in listed
        page = client.get(one.page)
        assert one.number in page.content.decode(), one.title
        pdf = client.get(one.pdf)
        assert pdf.content.startswith(b"%PDF"), one.title
        assert Client().get(one.page).status_code == 404
        assert Client().get(one.pdf).status_code == 404
    credit = client.get(found[2].page).content.decode()
    assert "€100.00" in credit
    assert "€15.97" in credit  # the VAT in it
    assert order.number in credit
    note = client.get(found[3].page).content.decode()
    assert first.serial in note
    assert order.street in note
    assert "€" not in note.split("<main")[1].split("</main")[0]


# A minute after midnight in Berlin, an hour before it in UTC: another day, month and year.
NEW_YEAR = datetime(2026, 12, 31, 23, 1, tzinfo=UTC)


def read(client: Client, path: str) -> str:
    """What stands on a PDF, with single spaces."""
    pages = PdfReader(BytesIO(client.get(path).content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("zone", "said", "not_said"),
    [
        ("Europe/Berlin", "1 January 2027", "31 December 2026"),
        ("America/New_York", "31 December 2026", "1 January 2027"),
    ],
)
def test_papers_bear_the_sellers_day_on_page_and_pdf(
    offer: Offer, settings: Any, zone: str, said: str, not_said: str
) -> None:
    settings.COSMO_SELLER_ZONE = zone
    quoted, order = place(offer), ordered(offer)
    want_part_refund(order=order, key="one", amount=Decimal("10.00"))
    Order.objects.update(created_at=NEW_YEAR)
    Order.objects.filter(pk=order.pk).update(confirmed_at=NEW_YEAR)
    for payment in order.payments.all():
        payment.refunds.update(created_at=NEW_YEAR)
    found = [f"orders/{quoted.public_id}/quote", f"orders/{order.public_id}/invoice"]
    found += [f"orders/{order.public_id}/{name}" for name in ("confirmation", "credit-1")]
    for path in found:
        whose = quoted if str(quoted.public_id) in path else order
        page = path.replace("credit-1", "credit/1")
        for text in (
            guest(whose).get(f"/{page}/").content.decode(),
            read(guest(whose), f"/{path}.pdf"),
        ):
            assert said in text, path
            assert not_said not in text, path
    sheet = guest(order).get(f"/orders/{order.public_id}/sheet/").content.decode()
    assert said in sheet
    assert not_said not in sheet


def test_a_pdf_of_a_demonstration_says_whose_days_it_names(offer: Offer, settings: Any) -> None:
    order = ordered(offer)
    [unit] = units(order)
    send_off(unit)
    client = guest(order)
    pdfs = [one.pdf for one in documents_of(order)] + [documents_of(place(offer))[0].pdf]
    assert len(pdfs) == 4
    session = client.session
    session[SESSION_GRANTS] = [
        str(one) for one in Order.objects.values_list("public_id", flat=True)
    ]
    session.save()
    for is_demo in (False, True):
        settings.COSMO_DEMO = is_demo
        for pdf in pdfs:
            assert read(client, pdf).count("runs faster than a watch") == is_demo, pdf


def test_every_amount_that_went_back_has_a_number_that_stays(offer: Offer) -> None:
    order = ordered(offer)
    want_part_refund(order=order, key="one", amount=Decimal("10.00"))
    want_part_refund(order=order, key="two", amount=Decimal("5.50"))
    found = [(one.number, one.amount) for one in credits_of(order)]
    assert found == [
        (f"{order.number}-R1", Decimal("10.00")),
        (f"{order.number}-R2", Decimal("5.50")),
    ]
    assert guest(order).get(f"/orders/{order.public_id}/credit/3/").status_code == 404


def test_the_list_of_papers_takes_few_statements(offer: Offer) -> None:
    order = ordered(offer, quantity=3)
    client = guest(order)
    address = f"/orders/{order.public_id}/papers/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for unit in units(order):
        send_off(unit)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 12


def test_a_credit_note_says_the_vat_of_what_it_is_for(offer: Offer) -> None:
    from orders.models import OrderLine

    order = ordered(offer, quantity=3)
    lines = list(OrderLine.objects.filter(order=order))
    one = lines[0]
    OrderLine.objects.filter(pk=one.pk).update(tax_percent=Decimal(7), quantity=1)
    one.pk, one.public_id = None, new_public_id()
    one.position, one.quantity, one.tax_percent = 2, 2, Decimal(19)
    one.save()
    back: dict[str, Decimal | None] = {"a": Decimal(7), "b": Decimal(19), "c": None}
    for key, percent in back.items():
        amount = Decimal(40 if key == "c" else 30)
        want_part_refund(order=order, key=key, amount=amount, tax_percent=percent)
    order.refresh_from_db()
    found = [[(part.percent, part.gross) for part in one.parts] for one in credits_of(order)]
    # 70 of the 100 at 7 % and 170 of the 200 at 19 % are left: 7 to 17.
    assert found == [
        [(Decimal(7), Decimal(30))],
        [(Decimal(19), Decimal(30))],
        [(Decimal(7), Decimal("11.67")), (Decimal(19), Decimal("28.33"))],
    ]
    page = guest(order).get(f"/orders/{order.public_id}/credit/3/").content.decode()
    assert "€11.67" in page
    assert "€28.33" in page
