"""Confirmed orders and single units are cancelled until work begins; nothing leaks, nobody pays."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cosmo.lib.errors import DomainError
from design.models import Offer
from orders.models import Order, Refund, Unit
from orders.services.confirmation import cancel_order
from orders.services.payments import settle_payment
from orders.services.units import cancel_unit
from production.lifecycle import WorkOrderStatus
from production.models import Booking, Operation, Plant, Recall, UnitEvent, WorkOrder
from production.services.planning import plan_plant
from tests.factories.orders import pay, place
from tests.factories.production import make_plant
from tests.factories.shop import make_shop
from tests.orders.test_pages import owner_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(db: None) -> Offer:
    return make_shop(make_plant())


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code


def test_a_confirmed_order_is_cancelled_with_its_capacity_and_money(offer: Offer) -> None:
    order = pay(place(offer, quantity=3))
    seq = Plant.objects.get().booking_seq
    cancel_order(order_id=order.pk, reason="customer")
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("cancelled", "refunding")
    assert Booking.objects.count() == 0
    assert Plant.objects.get().booking_seq > seq
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"cancelled"}
    assert UnitEvent.objects.filter(stage="cancelled").count() == 3
    assert Recall.objects.count() == 0  # the line never heard of them
    settle_payment(payment_id=order.payments.get().pk)
    assert order.payments.get().status == "refunded"
    assert plan_plant(plant_id=Plant.objects.get().pk, trigger="test").was_published
    call_command("check_invariants")


def test_what_was_cancelled_gives_its_room_to_others(offer: Offer) -> None:
    order = pay(place(offer, quantity=5))
    day = place(offer, quantity=5).promise_date
    cancel_order(order_id=order.pk, reason="customer")
    assert place(offer, quantity=5).promise_date <= day
    call_command("check_invariants")


@pytest.mark.parametrize("status", ["running", "done"])
def test_once_a_step_has_begun_nothing_is_cancelled(offer: Offer, status: str) -> None:
    order = pay(place(offer, quantity=2))
    begun = Operation.objects.filter(code="saw").order_by("id")[0]
    Operation.objects.filter(pk=begun.pk).update(status=status, started_at=timezone.now())
    before = Booking.objects.count()
    assert refused(lambda: cancel_order(order_id=order.pk, reason="x")) == "already_in_production"
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("confirmed", "paid")
    assert Booking.objects.count() == before
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"planned"}


def test_a_unit_that_was_not_begun_is_cancelled_though_another_was(offer: Offer) -> None:
    order = pay(place(offer, quantity=2))
    one, other = Unit.objects.filter(line__order=order).order_by("id")
    WorkOrder.objects.filter(unit=one).update(status=WorkOrderStatus.RUNNING)
    assert refused(lambda: cancel_unit(unit_id=one.pk, reason="x")) == "already_in_production"
    cancel_unit(unit_id=other.pk, reason="customer")
    cancel_unit(unit_id=other.pk, reason="customer")
    order.refresh_from_db()
    assert (order.status, order.total, order.tax_total) == (
        "confirmed",
        Decimal(100),
        order.lines.get(position=1).tax,
    )
    assert Refund.objects.get().amount == Decimal(100)
    call_command("check_invariants")


def test_the_line_is_told_what_it_need_not_make(offer: Offer) -> None:
    order = pay(place(offer))
    WorkOrder.objects.update(dispatch="accepted")
    cancel_order(order_id=order.pk, reason="customer")
    assert Recall.objects.get().work_order == WorkOrder.objects.get()
    call_command("check_invariants")


def test_the_customer_cancels_on_the_page_and_reads_what_became_of_it(offer: Offer) -> None:
    order = pay(place(offer))
    client = owner_of(order)
    page = client.get(f"/orders/{order.public_id}/").content
    assert "Cancel the order now" in text_of(page)
    stranger = Client().post(f"/orders/{order.public_id}/cancel/")
    assert stranger.status_code == 404
    answer = client.post(f"/orders/{order.public_id}/cancel/", follow=True)
    assert "This order is cancelled" in text_of(answer.content)
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("cancelled", "customer")
    assert client.post(f"/orders/{order.public_id}/cancel/").status_code == 409


def test_the_page_does_not_offer_what_would_be_refused(offer: Offer) -> None:
    order = pay(place(offer))
    Operation.objects.filter(code="saw").update(status="running")
    page = text_of(owner_of(order).get(f"/orders/{order.public_id}/").content)
    assert "Cancel the order now" not in page
    assert Order.objects.get().status == "confirmed"
