"""Accepted, refused, slow, late, twice: the order always ends where it should, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.models import OutboxEvent
from design.models import Offer
from orders.models import Order, Payment, SimulatedCharge
from orders.payments.simulator import decide_charge
from orders.services.confirmation import answer_offer, cancel_order, confirm_order
from orders.services.expiry import GUESTS_KEPT, close_silent_orders, forget_unpaid_guests
from orders.services.payments import open_payment_ids, settle_payment, start_payment
from production.models import Booking, Hold, WorkOrder
from tests.factories.orders import begin_payment, let_hold_expire, pay, place
from tests.factories.production import make_offer, make_plant


@pytest.fixture
def offer(db: None) -> Offer:
    return make_offer(make_plant())


def letters(order: Order) -> list[str]:
    events = OutboxEvent.objects.filter(key=str(order.public_id), topic__startswith="mail.")
    return [event.topic.removeprefix("mail.") for event in events.order_by("id")]


def test_an_accepted_payment_confirms_the_order(offer: Offer) -> None:
    order = pay(place(offer))
    assert order.status == "confirmed"
    assert order.confirmed_at is not None
    assert WorkOrder.objects.filter(unit__line__order=order).count() == 1
    assert OutboxEvent.objects.filter(topic="order.confirmed").count() == 1
    assert letters(order) == ["order_confirmed"]


def test_a_refused_payment_leaves_the_order_to_be_paid_again(offer: Offer) -> None:
    order = pay(place(offer), "refuse")
    assert order.status == "quoted"
    assert WorkOrder.objects.count() == 0
    assert pay(order).status == "confirmed"
    assert [p.status for p in order.payments.order_by("id")] == ["refused", "paid"]


def test_a_slow_payment_is_pending_until_the_provider_knows(offer: Offer) -> None:
    order = pay(place(offer), "slow")
    payment = order.payments.get()
    assert payment.status == "pending"
    assert order.status == "quoted"
    assert payment.pk in open_payment_ids()
    SimulatedCharge.objects.update(settles_at=real_now() - timedelta(seconds=1))
    settle_payment(payment_id=payment.pk)
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_settling_again_changes_nothing(offer: Offer) -> None:
    order = pay(place(offer))
    payment = order.payments.get()
    for _ in range(3):
        settle_payment(payment_id=payment.pk)
    assert OutboxEvent.objects.filter(topic="order.confirmed").count() == 1
    assert WorkOrder.objects.count() == 1


def test_paid_after_the_hold_with_the_day_still_free_confirms(offer: Offer) -> None:
    order = place(offer)
    let_hold_expire(order)
    promised = order.promise_date
    order = pay(order)
    assert order.status == "confirmed"
    assert order.promise_date == promised


def test_paid_after_the_hold_with_the_day_taken_is_asked(offer: Offer) -> None:
    order = _late_order(offer)
    assert order.status == "asked"
    assert order.offered_date is not None
    assert order.offered_date > order.promise_date
    assert letters(order) == ["order_asked"]
    assert WorkOrder.objects.filter(unit__line__order=order).count() == 0


def test_who_accepts_the_later_day_gets_it(offer: Offer) -> None:
    order = _late_order(offer)
    offered = order.offered_date
    answer_offer(order_id=order.pk, accepts=True)
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert order.promise_date == offered
    line = order.lines.get()
    assert line.promise_date == offered
    assert line.plant_code == WorkOrder.objects.get(unit__line=line).plant.code


def test_who_declines_the_later_day_gets_the_money_back(offer: Offer) -> None:
    order = _late_order(offer)
    answer_offer(order_id=order.pk, accepts=False)
    payment = order.payments.get()
    assert payment.status == "refunding"
    settle_payment(payment_id=payment.pk)
    settle_payment(payment_id=payment.pk)
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status) == ("cancelled", "refunded")
    assert SimulatedCharge.objects.get().refunded_at is not None
    assert letters(order) == ["order_asked", "order_cancelled", "refunded"]
    assert Booking.objects.filter(unit__line__order=order).count() == 0


def test_an_unanswered_offer_is_closed_and_refunded(offer: Offer) -> None:
    order = _late_order(offer)
    Order.objects.filter(pk=order.pk).update(held_until=real_now() - timedelta(minutes=1))
    assert close_silent_orders() == 1
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert order.payments.get().status == "refunding"


def test_paying_for_a_cancelled_order_is_refunded(offer: Offer) -> None:
    order = place(offer)
    payment = begin_payment(order)
    cancel_order(order_id=order.pk, reason="test")
    decide_charge(reference=payment.provider_reference, choice="accept")
    settle_payment(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.status == "refunding"


def test_a_second_payment_of_a_paid_order_goes_back(offer: Offer) -> None:
    order = place(offer)
    first = begin_payment(order)
    second = Payment.objects.create(
        order=order,
        provider="simulator",
        provider_reference="second",
        amount=order.total,
        currency=order.currency,
    )
    SimulatedCharge.objects.create(reference="second", amount=order.total, currency="EUR")
    for payment in (first, second):
        decide_charge(reference=payment.provider_reference, choice="accept")
        settle_payment(payment_id=payment.pk)
    assert [p.status for p in order.payments.order_by("id")] == ["paid", "refunding"]
    assert WorkOrder.objects.count() == 1


def test_the_same_payment_is_gone_on_with(offer: Offer) -> None:
    order = place(offer)
    first = start_payment(order_id=order.pk, provider="simulator")
    assert start_payment(order_id=order.pk, provider="simulator") == first
    assert order.payments.count() == 1


def test_a_confirmed_order_is_neither_paid_nor_confirmed_again(offer: Offer) -> None:
    order = pay(place(offer))
    for refused, code in (
        (lambda: start_payment(order_id=order.pk, provider="simulator"), "not_payable"),
        (lambda: confirm_order(order_id=order.pk), "bad_transition"),
        (lambda: answer_offer(order_id=order.pk, accepts=True), "nothing_asked"),
    ):
        with pytest.raises(DomainError) as error:
            refused()
        assert error.value.code == code
    assert WorkOrder.objects.count() == 1


def test_an_unknown_provider_and_an_unknown_outcome_are_named(offer: Offer) -> None:
    order = place(offer)
    with pytest.raises(DomainError, match="'piggybank'"):
        start_payment(order_id=order.pk, provider="piggybank")
    payment = begin_payment(order)
    with pytest.raises(DomainError, match="“perhaps”"):
        decide_charge(reference=payment.provider_reference, choice="perhaps")


def test_orders_nobody_pays_are_closed_after_two_days(offer: Offer) -> None:
    order, fresh = place(offer), place(offer)
    Order.objects.filter(pk=order.pk).update(price_until=real_now() - timedelta(days=1))
    assert close_silent_orders() == 1
    order.refresh_from_db()
    fresh.refresh_from_db()
    assert (order.status, fresh.status) == ("cancelled", "quoted")


def test_guests_whose_order_never_came_to_be_are_forgotten(offer: Offer) -> None:
    unpaid, fresh, paid = place(offer), place(offer), place(offer)
    pay(paid)
    owed = _late_order(offer)
    for order in (unpaid, fresh, owed):
        cancel_order(order_id=order.pk, reason="no_answer")
    assert owed.payments.get().status == "refunding"
    long_ago = real_now() - GUESTS_KEPT - timedelta(days=1)
    Order.objects.exclude(pk=fresh.pk).update(closed_at=long_ago, created_at=long_ago)
    assert (forget_unpaid_guests(), forget_unpaid_guests()) == (1, 0)
    kept = dict(Order.objects.values_list("pk", "email"))
    assert kept[unpaid.pk] == ""
    assert kept[fresh.pk]
    assert kept[paid.pk]
    assert kept[owed.pk]  # the letter about its money is still to come
    unpaid.refresh_from_db()
    assert (unpaid.name, unpaid.street, unpaid.phone) == ("", "", "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_settling_one_payment_confirm_once() -> None:
    order = place(make_offer(make_plant()))
    payment = begin_payment(order)
    decide_charge(reference=payment.provider_reference, choice="accept")

    def settle(_: int) -> None:
        try:
            settle_payment(payment_id=payment.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(settle, range(4)))
    assert OutboxEvent.objects.filter(topic="order.confirmed").count() == 1
    assert WorkOrder.objects.count() == 1


def _late_order(offer: Offer) -> Order:
    """Paid after its hold ended, when others have taken its day."""
    order = place(offer)
    order.lines.update(plant_code="another")  # that has been closed since
    let_hold_expire(order)
    Booking.objects.filter(hold__order=order).delete()
    Hold.objects.filter(order=order).update(status="expired")
    for _ in range(40):
        if place(offer, quantity=5).promise_date > order.promise_date:
            break
    return pay(order)
