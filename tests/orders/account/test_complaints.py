"""A complaint: said by the customer, answered once by staff with money, a new unit, or words."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosmo.invariants import find_breaches
from cosmo.lib.errors import Conflict, Invalid
from design.models import Offer
from orders.lifecycle import ComplaintReason, ComplaintStatus
from orders.models import Complaint, Order, Refund
from orders.services.complaints import Answer, answer_complaint, complain
from orders.services.confirmation import cancel_order
from orders.services.mail import send_mail, waiting_mail_ids
from orders.services.payments import settle_payment
from tests.orders.account.lives import delivered, guest, ordered, planner, signed_in, units

WORDS = "The seat has a deep scratch since it came."


def complained(order: Order) -> Complaint:
    return complain(unit_id=units(order)[0].pk, reason=ComplaintReason.DAMAGED, text=WORDS)


def breaches() -> list[str]:
    """Parcels of these tests are written by hand, without the plant's own history."""
    ours = ("order-money", "order-paid", "order-amounts", "refund-bounds", "complaint-replaced")
    return [one.invariant for one in find_breaches() if one.invariant in ours]


def test_a_customer_complains_once_it_is_there_and_reads_the_answer(offer: Offer) -> None:
    early = ordered(offer)
    [unit] = units(early)
    address = f"/units/{unit.public_id}/complaint/"
    assert "It has not arrived yet" in guest(early).get(address).content.decode()
    sent = {"reason": "damaged", "text": WORDS}
    assert guest(early).post(address, sent).status_code == 409
    order = delivered(offer)
    [unit] = units(order)
    address = f"/units/{unit.public_id}/complaint/"
    client = guest(order)
    assert Client().get(address).status_code == 404
    assert client.post(address, {**sent, "text": "bad"}).status_code == 422
    client.post(address, sent)
    client.post(address, sent)  # a double click complains once
    [complaint] = Complaint.objects.all()
    assert "We are looking at it" in client.get(address).content.decode()
    staff = signed_in(planner())
    assert WORDS in staff.get("/complaints/").content.decode()
    answer = f"/complaints/{complaint.public_id}/answer"
    words = "We are sorry; half of it goes back."
    too_much = {"status": "refunded", "refund": "500", "text": words}
    assert staff.post(answer, too_much).status_code == 422
    assert staff.post(answer, {**too_much, "refund": ""}).status_code == 422
    assert staff.post(answer, {**too_much, "refund": "50"})["Location"] == "/complaints/"
    assert staff.post(answer, {**too_much, "refund": "50"}).status_code == 409
    settle_payment(payment_id=order.payments.get().pk)
    [refund] = Refund.objects.all()
    assert (refund.amount, refund.status) == (Decimal(50), "refunded")
    page = client.get(address).content.decode()
    assert words in page
    assert "€50.00" in page
    assert "Credit note" in client.get(f"/orders/{order.public_id}/papers/").content.decode()
    for event in waiting_mail_ids():
        send_mail(event_id=event)
    subjects = [one.subject for one in mail.outbox]
    assert sum("complaint about order" in one for one in subjects) == 2
    assert breaches() == []
    Complaint.objects.update(refund=Decimal(40))
    assert breaches() == ["order-money"]


def test_what_is_made_again_is_an_order_of_its_own_for_nothing(offer: Offer) -> None:
    order = delivered(offer)
    complaint = complained(order)
    answer = Answer(status=ComplaintStatus.REMADE, text="We make it again.")
    done = answer_complaint(complaint_id=complaint.pk, answer=answer, by=planner())
    fresh = done.replacement
    assert fresh is not None
    assert (fresh.status, fresh.total, fresh.street) == ("confirmed", Decimal(0), order.street)
    assert fresh.lines.get().revision_id == order.lines.get().revision_id
    assert units(fresh)[0].serial != units(order)[0].serial
    with pytest.raises(Conflict, match="the new one"):
        complained(order)
    invoice = guest(fresh).get(f"/orders/{fresh.public_id}/invoice/").content.decode()
    assert "Replacement, nothing to pay" in invoice
    assert (
        fresh.number
        in guest(order).get(f"/units/{units(order)[0].public_id}/complaint/").content.decode()
    )
    assert breaches() == []
    cancel_order(order_id=fresh.pk, reason="customer")  # nothing was paid, nothing goes back
    payment = fresh.payments.get()
    settle_payment(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.status == "refunded"
    assert breaches() == []
    Order.objects.filter(pk=fresh.pk).update(total=1)
    assert "complaint-replaced" in breaches()


def test_a_declined_complaint_may_be_made_anew_and_is_bound_by_the_price(offer: Offer) -> None:
    order, staff = delivered(offer), planner()
    first = complained(order)
    no = Answer(status=ComplaintStatus.DECLINED, text="It is how you designed it.")
    answer_complaint(complaint_id=first.pk, answer=no, by=staff)
    for amount in ("60", "40"):
        money = Answer(ComplaintStatus.REFUNDED, "Some goes back.", Decimal(amount))
        answer_complaint(complaint_id=complained(order).pk, answer=money, by=staff)
    last = complained(order)
    more = Answer(ComplaintStatus.REFUNDED, "One more.", Decimal(1))
    with pytest.raises(Invalid, match=r"up to 0\.00"):
        answer_complaint(complaint_id=last.pk, answer=more, by=staff)
    last.refresh_from_db()
    assert last.status == "open"
    assert sum(refund.amount for refund in Refund.objects.all()) == 100


def test_staffs_list_takes_few_statements(offer: Offer) -> None:
    staff = signed_in(planner())
    complained(delivered(offer))
    staff.get("/complaints/")
    with CaptureQueriesContext(connection) as one:
        staff.get("/complaints/")
    for _ in range(2):
        complained(delivered(offer))
    with CaptureQueriesContext(connection) as three:
        staff.get("/complaints/")
    assert len(one) == len(three) <= 12
