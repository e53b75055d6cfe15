"""Each invariant holds over a whole life of orders, and fires when the data is corrupted once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from cosmo.invariants import INVARIANTS, find_breaches
from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from design.models import Contribution
from design.services.ideas import write_idea
from orders.models import (
    Campaign,
    ChangeOrder,
    Complaint,
    Order,
    OrderLine,
    Payment,
    Pledge,
    Refund,
    Unit,
)
from production.models import (
    Booking,
    Hold,
    LineReport,
    Operation,
    Plant,
    PurchaseOrder,
    Reservation,
    Shipment,
    Slip,
    Stock,
    WorkOrder,
)
from production.services.materials import order_component
from tests.factories.cocreation import known_person
from tests.factories.orders import pay, place
from tests.factories.production import make_offer, make_plant
from tests.production.materials.stocks import count


@pytest.fixture
def sold(db: None) -> Order:
    """A confirmed order beside one that is only held; legs are counted, and short."""
    plant = make_plant()
    offer = make_offer(plant)
    stock = count(plant, {"code": "LEG", "on_hand": "8"})["LEG"]
    order_component(stock_id=stock.pk, quantity=Decimal(10))
    place(offer)
    return pay(place(offer, quantity=2))


def names() -> set[str]:
    return {breach.invariant for breach in find_breaches()}


def test_nothing_is_broken_after_selling(sold: Order) -> None:
    assert find_breaches() == []
    call_command("check_invariants")


def lose_bookings_unseen(order: Order) -> None:
    Booking.objects.filter(unit__line__order=order).delete()


def lose_a_unit(order: Order) -> None:
    OrderLine.objects.filter(order=order).update(quantity=3)


def announce_twice(order: Order) -> None:
    OutboxEvent.objects.create(topic="order.confirmed", key=str(order.public_id))


def lose_the_announcement(order: Order) -> None:
    OutboxEvent.objects.filter(topic="order.confirmed", key=str(order.public_id)).delete()


def lose_the_payment(order: Order) -> None:
    Payment.objects.filter(order=order).update(status="refused")


def change_the_total(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(total=order.total + 1)


def forget_to_make(order: Order) -> None:
    WorkOrder.objects.filter(unit__line__order=order).update(status="cancelled")


def lose_a_booking(order: Order) -> None:
    Booking.objects.filter(unit__line__order=order).latest("id").delete()


def keep_capacity_of_the_dead(order: Order) -> None:
    WorkOrder.objects.filter(unit__line__order=order).update(status="aborted")


def book_twice(order: Order) -> None:
    _sql("SET CONSTRAINTS ALL IMMEDIATE")
    _sql("ALTER TABLE production_booking DROP CONSTRAINT production_booking_no_overlap")
    one, other = Booking.objects.filter(unit__line__order=order).order_by("id")[:2]
    Booking.objects.filter(pk=other.pk).update(lane=one.lane, period=one.period)


def let_a_hold_outlive_itself(order: Order) -> None:
    Hold.objects.filter(status="active").update(expires_at=real_now() - timedelta(minutes=5))


def leak_a_hold(order: Order) -> None:
    Hold.objects.filter(status="active").update(status="expired")


def skip_a_seq(order: Order) -> None:
    Plant.objects.update(event_seq=1_000)


def follow_a_report_too_early(order: Order) -> None:
    work_order = WorkOrder.objects.filter(unit__line__order=order).latest("id")
    WorkOrder.objects.filter(pk=work_order.pk).update(applied_epoch="e1", applied_seq=1)
    LineReport.objects.create(
        plant=work_order.plant,
        line=work_order.line,
        epoch="e1",
        job=work_order.public_id,
        seq=5,
        body={},
        applied_at=real_now(),
    )


def deliver_what_was_not_made(order: Order) -> None:
    unit = Unit.objects.filter(line__order=order).latest("id")
    now = real_now()
    Shipment.objects.create(
        plant=Plant.objects.get(),
        unit=unit,
        carrier="simulated",
        parcel_number="P1",
        ready_at=now,
        pickup_at=now,
        expected_at=now,
        delivered_at=now,
    )


def take_without_a_move(order: Order) -> None:
    Stock.objects.update(on_hand=F("on_hand") + 1)


def forget_a_claim(order: Order) -> None:
    Reservation.objects.filter(unit__line__order=order).update(status="released")


def keep_components_of_the_dead(order: Order) -> None:
    Hold.objects.filter(status="active").update(status="expired")


def count_in_without_receipt(order: Order) -> None:
    PurchaseOrder.objects.update(received=4)


def pay_too_much(order: Order) -> None:
    Payment.objects.filter(order=order).update(amount=order.total + 1)


def give_back_too_much(order: Order) -> None:
    payment = Payment.objects.get(order=order)
    Refund.objects.create(key="test", payment=payment, amount=payment.amount + 1)


def forget_what_was_changed(order: Order) -> None:
    unit = Unit.objects.filter(line__order=order).latest("id")
    ChangeOrder.objects.create(
        unit=unit,
        status="done",
        selection_before=unit.line.selection,
        selection_after={**unit.line.selection, "colour": "red"},
        price_lines_after=[],
        price_before=unit.line.unit_price,
        price_after=unit.line.unit_price,
        promise_before=unit.line.promise_date,
        promise_after=unit.line.promise_date,
    )


def slip_in_silence(order: Order) -> None:
    unit = Unit.objects.filter(line__order=order).latest("id")
    Slip.objects.create(
        plant=Plant.objects.get(),
        unit=unit,
        cause="overload",
        cause_key="overload",
        promised=unit.line.promise_date,
        expected=unit.line.promise_date + timedelta(days=1),
        answer_until=real_now(),
    )


def forget_to_tell_the_line(order: Order) -> None:
    WorkOrder.objects.filter(unit__line__order=order).update(
        status="cancelled", dispatch="accepted"
    )


def count_a_vote_too_many(order: Order) -> None:
    write_idea(user=known_person("a@example.org", "A1"), title="T", text="x" * 30)
    Contribution.objects.update(votes=1)


def _campaign(order: Order) -> Campaign:
    line = order.lines.get()
    return Campaign.objects.create(
        seller=order.seller,
        revision=line.revision,
        title="T",
        text="t",
        minimum=2,
        maximum=2,
        ladder=[],
        unit_price=line.unit_price,
        currency=order.currency,
        closes_at=real_now() + timedelta(days=1),
    )


def _pledge(campaign: Campaign, number: int) -> Pledge:
    return Pledge.objects.create(
        campaign=campaign,
        status="committed",
        contact={},
        provider="simulator",
        reference=f"r{number}",
        authorised=campaign.unit_price,
    )


def take_more_than_there_are_places(order: Order) -> None:
    campaign = _campaign(order)
    for number in range(3):
        _pledge(campaign, number)


def keep_somebody_of_a_failed_campaign(order: Order) -> None:
    campaign = _campaign(order)
    _pledge(campaign, 1)
    Campaign.objects.filter(pk=campaign.pk).update(status="failed")


def charge_more_than_the_bank_was_asked(order: Order) -> None:
    pledge = _pledge(_campaign(order), 1)
    Payment.objects.filter(order=order).update(provider_reference=f"pledge-{pledge.public_id}")
    Pledge.objects.update(status="ordered", order=order, authorised=1)


def replace_by_something_that_costs(order: Order) -> None:
    unit = Unit.objects.filter(line__order=order).first()
    assert unit is not None
    Complaint.objects.create(
        unit=unit, status="remade", reason="damaged", text="Scratched", replacement=order
    )


def send_it_somewhere_else(order: Order) -> None:
    unit = Unit.objects.filter(line__order=order).first()
    assert unit is not None
    Shipment.objects.create(
        plant=Plant.objects.get(),
        unit=unit,
        carrier="simulated",
        parcel_number="P-1",
        ready_at=real_now(),
        pickup_at=real_now(),
        expected_at=real_now(),
        handed_over_at=real_now(),
        goes_to={"street": "x", "postal_code": "y"},
    )


def begin_before_it_was_said(order: Order) -> None:
    first = Booking.objects.filter(operation__work_order__unit__line__order=order).earliest(
        "period"
    )
    WorkOrder.objects.filter(unit__line__order=order).update(
        change_until=first.period.lower + timedelta(minutes=1)
    )


CORRUPTIONS: list[tuple[str, Callable[[Order], None]]] = [
    ("order-units", lose_a_unit),
    ("order-outbox", announce_twice),
    ("order-outbox", lose_the_announcement),
    ("order-paid", lose_the_payment),
    ("order-amounts", change_the_total),
    ("unit-work-order", forget_to_make),
    ("booking-operation", lose_a_booking),
    ("booking-dead", keep_capacity_of_the_dead),
    ("booking-overlap", book_twice),
    ("booking-log", lose_bookings_unseen),
    ("hold-expiry", let_a_hold_outlive_itself),
    ("hold-bookings", leak_a_hold),
    ("event-seq", skip_a_seq),
    ("report-once", follow_a_report_too_early),
    ("delivered-once", deliver_what_was_not_made),
    ("order-money", pay_too_much),
    ("refund-bounds", give_back_too_much),
    ("change-done", forget_what_was_changed),
    ("slip-told", slip_in_silence),
    ("recalled", forget_to_tell_the_line),
    ("stock-moves", take_without_a_move),
    ("stock-claims", forget_a_claim),
    ("claim-owner", keep_components_of_the_dead),
    ("purchase-received", count_in_without_receipt),
    ("votes-counted", count_a_vote_too_many),
    ("campaign-places", take_more_than_there_are_places),
    ("campaign-end", keep_somebody_of_a_failed_campaign),
    ("pledge-money", charge_more_than_the_bank_was_asked),
    ("complaint-replaced", replace_by_something_that_costs),
    ("parcel-address", send_it_somewhere_else),
    ("change-window", begin_before_it_was_said),
]


@pytest.mark.parametrize(("invariant", "corrupt"), CORRUPTIONS)
def test_it_fires_on_corrupted_data(
    sold: Order, invariant: str, corrupt: Callable[[Order], None]
) -> None:
    assert invariant not in names()
    corrupt(sold)
    assert invariant in names()
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", "--json")
    assert ended.value.code == 1


def test_every_invariant_is_proven_to_fire() -> None:
    assert {name for name, _ in CORRUPTIONS} == {invariant.name for invariant in INVARIANTS}


def test_operations_are_booked_one_to_one(sold: Order) -> None:
    assert Operation.objects.count() == Booking.objects.filter(operation__isnull=False).count() == 8


def _sql(statement: str, *parameters: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
