"""Another address until the parcel leaves; a race with the parcel has one winner."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from cosmo.invariants import find_breaches
from cosmo.lib.errors import Conflict
from design.models import Offer
from orders.models import AddressChange, Order
from orders.services.addresses import change_address, destination_of
from orders.services.mail import send_mail, waiting_mail_ids
from production.locks import plant_lock
from production.models import Plant, Shipment
from production.services.shipping import move_parcels
from tests.factories.orders import place
from tests.factories.production import make_plant, set_plant_time
from tests.factories.shop import make_shop
from tests.orders.account.lives import guest, ordered, send_off, units

ELSEWHERE = {
    "name": "Ada B",
    "street": "7 Mill Lane",
    "postal_code": "20095",
    "city": "Hamburg",
    "country": "DE",
    "phone": "",
}


def test_the_address_changes_with_history_mail_and_an_invoice_that_stays(offer: Offer) -> None:
    order = ordered(offer)
    client, address = guest(order), f"/orders/{order.public_id}/address/"
    assert "1 Loom Street" in client.get(address).content.decode()
    wrong = client.post(address, {**ELSEWHERE, "postal_code": "123"})
    assert wrong.status_code == 422
    assert client.post(address, ELSEWHERE)["Location"] == f"/orders/{order.public_id}/"
    client.post(address, ELSEWHERE)  # sent twice: nothing more happens
    order.refresh_from_db()
    assert (order.street, order.city, order.email) == ("7 Mill Lane", "Hamburg", "ada@example.org")
    [change] = AddressChange.objects.all()
    assert change.before["street"] == "1 Loom Street"
    assert "7 Mill Lane" in client.get(address).content.decode()
    assert "1 Loom Street" in client.get(f"/orders/{order.public_id}/invoice/").content.decode()
    for event in waiting_mail_ids():
        send_mail(event_id=event)
    [told] = [one for one in mail.outbox if "another address" in one.subject]
    assert "7 Mill Lane" in str(told.body)


def test_what_has_left_goes_where_it_went_and_the_rest_to_the_new_address(offer: Offer) -> None:
    order = ordered(offer, quantity=2)
    first, second = units(order)
    parcel = send_off(first)
    client, address = guest(order), f"/orders/{order.public_id}/address/"
    client.post(address, ELSEWHERE)
    second.refresh_from_db()
    assert send_off(type(second).objects.get(pk=second.pk)).goes_to["street"] == "7 Mill Lane"
    parcel.refresh_from_db()
    assert parcel.goes_to["street"] == "1 Loom Street"
    refused = client.post(address, {**ELSEWHERE, "street": "9 Late Road"})
    assert refused.status_code == 409
    assert "with the parcel number" in refused.content.decode()
    assert "The address is fixed" in client.get(address).content.decode()
    order.refresh_from_db()
    assert order.street == "7 Mill Lane"
    assert [one for one in find_breaches() if one.invariant == "parcel-address"] == []
    Shipment.objects.filter(pk=parcel.pk).update(goes_to={"street": "x", "postal_code": "y"})
    breached = [one.what for one in find_breaches() if one.invariant == "parcel-address"]
    assert breached == [parcel.parcel_number]


def test_an_order_that_is_over_has_no_address_to_change(offer: Offer) -> None:
    order = place(offer)
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    to = replace(destination_of(order), street="Elsewhere 1")
    with pytest.raises(Conflict, match="is over"):
        change_address(order_id=order.pk, destination=to)


@pytest.mark.django_db(transaction=True)
def test_a_parcel_that_leaves_meanwhile_is_waited_for_and_seen() -> None:
    """The desk holds the plant's lock: a change that came second is refused, none is half done."""
    plant = make_plant()
    order = ordered(make_shop(plant))
    [unit] = units(order)
    parcel = send_off(unit)
    Shipment.objects.filter(pk=parcel.pk).update(handed_over_at=None, goes_to={})
    set_plant_time(plant, parcel.pickup_at + timedelta(minutes=1))
    outcome: list[str] = []
    asked = threading.Event()

    def change() -> None:
        asked.set()
        try:
            to = replace(destination_of(order), street="7 Mill Lane")
            change_address(order_id=order.pk, destination=to)
            outcome.append("changed")
        except Conflict as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic():
        plant_lock(plant.pk)
        other.start()
        asked.wait(10)
        move_parcels()
    other.join(30)
    parcel.refresh_from_db()
    assert parcel.handed_over_at is not None
    assert outcome == ["address_fixed"]
    assert parcel.goes_to["street"] == "1 Loom Street"
    assert Order.objects.get().street == "1 Loom Street"
    assert Plant.objects.count() == 1
