"""What the customer reads of a slip and does about it; what planners see."""

import pytest
from django.test import Client

from cosmo.accounts.models import Membership, User
from orders.models import Payment
from orders.selectors.access import link_key
from production.lifecycle import SlipStatus
from tests.factories.production import make_factory
from tests.orders.test_pages import owner_of, text_of
from tests.production.slips.late import promise_later, replan, slip_late

pytestmark = pytest.mark.django_db


def test_a_guest_comes_from_the_mail_reads_why_and_decides() -> None:
    _plant, order, slip = slip_late()
    address = f"/slips/{slip.public_id}/"
    guest = Client()
    assert guest.get(address).status_code == 404
    assert guest.get(f"{address}?key=wrong").status_code == 404
    assert guest.get(f"{address}?key={link_key(order)}")["Location"] == address
    page = text_of(guest.get(address).content)
    assert "We need more time for your Stool" in page
    assert "More has to be made than the plant can do by that day." in page
    assert "Cancel this unit and refund" in page
    answer = guest.post(f"{address}decide", {"decision": "wait"}, follow=True)
    assert "You keep it" in text_of(answer.content)
    slip.refresh_from_db()
    assert slip.status == SlipStatus.WAITED
    word = slip.words.get(said="wait")
    assert (word.speaker, word.by) == ("customer", None)


def test_strangers_decide_nothing() -> None:
    _plant, _order, slip = slip_late()
    answer = Client().post(f"/slips/{slip.public_id}/decide", {"decision": "refund"})
    assert answer.status_code == 404
    slip.refresh_from_db()
    assert (slip.status, slip.words.count()) == (SlipStatus.OPEN, 1)


def test_an_unknown_decision_is_refused() -> None:
    _plant, order, slip = slip_late()
    answer = owner_of(order).post(f"/slips/{slip.public_id}/decide", {"decision": "shout"})
    assert answer.status_code == 422
    assert "“shout” is no decision" in text_of(answer.content)


def test_a_dearer_option_leads_to_paying_the_difference() -> None:
    _plant, order, slip = slip_late()
    answer = owner_of(order).post(
        f"/slips/{slip.public_id}/decide",
        {"decision": "change", "feature": "size", "option": "large"},
    )
    payment = Payment.objects.get(change__isnull=False)
    assert answer["Location"] == f"/pay/simulator/{payment.provider_reference}/"
    page = text_of(owner_of(order).get(answer["Location"]).content)
    assert "€50.00" in page


def test_the_units_page_and_its_progress_lead_to_the_slip() -> None:
    plant, order, slip = slip_late()
    client = owner_of(order)
    for address in (f"/units/{slip.unit.public_id}/", f"/units/{slip.unit.public_id}/progress"):
        page = client.get(address).content.decode()
        assert f"/slips/{slip.public_id}/" in page
        assert "We need more time" in page
    promise_later(order, 14)
    replan(plant)
    page = text_of(client.get(f"/slips/{slip.public_id}/").content)
    assert "On time after all" in page


def test_planners_see_open_slips_and_decide_for_a_customer_by_name() -> None:
    _plant, order, slip = slip_late()
    user = User.objects.create_user(email="plan@example.org", password="pw")
    Membership.objects.create(user=user, organisation=make_factory(), role="planner")
    client = Client()
    client.force_login(user)
    page = text_of(client.get("/planner/slips?plant=yard").content)
    assert slip.unit.serial in page
    assert order.number in page
    client.post(f"/slips/{slip.public_id}/decide", {"decision": "wait"})
    word = slip.words.get(said="wait")
    assert (word.speaker, word.by) == ("staff", user)
    page = text_of(client.get("/planner/slips?plant=yard").content)
    assert "No promise is in danger." in page
    assert "Customer waits" in page
