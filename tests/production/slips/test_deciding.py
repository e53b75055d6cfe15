"""Wait, change, money back, or silence: recorded, carried out once, and nothing leaks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connections

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import promise_source
from orders.models import ChangeOrder, Order, OrderLine, Payment, Refund
from orders.payments.simulator import decide_charge
from orders.services.changes import SaidChange, start_change_payment
from orders.services.payments import settle_payment
from production.lifecycle import PlanReason, SlipStatus, WorkOrderStatus
from production.models import Booking, Operation, Recall, Slip, WorkOrder
from production.selectors.alternatives import sooner_alternatives
from production.selectors.slips import silent_slips
from production.services.slips import change_for, give_back, keep_silent, wait_for
from production.tasks.slips import keep_silent_slips
from tests.production.slips.late import lose_time, replan, slip_late
from tests.production.slips.test_noting import letters

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code


# --- wait, and silence


def test_who_waits_has_a_new_promise_and_the_plan_aims_at_it() -> None:
    plant, order, slip = slip_late()
    wait_for(slip_id=slip.pk)
    wait_for(slip_id=slip.pk)
    slip.refresh_from_db()
    order.refresh_from_db()
    assert slip.status == SlipStatus.WAITED
    assert order.promise_date == slip.expected == order.lines.get().promise_date
    assert [(word.said, word.speaker) for word in slip.words.order_by("id")] == [
        ("told", "factory"),
        ("wait", "customer"),
    ]
    plant.refresh_from_db()
    assert plant.plan_wanted_for == PlanReason.UNIT_CHANGED
    replan(plant)
    assert Slip.objects.count() == 1
    assert letters(order)[-1] == "slip_kept"
    call_command("check_invariants")


def test_a_new_promise_that_is_broken_is_a_slip_of_its_own() -> None:
    plant, order, slip = slip_late()
    wait_for(slip_id=slip.pk)
    lose_time(plant, timedelta(days=21))
    assert list(Slip.objects.order_by("id").values_list("status", "promised__day", flat=False)) == [
        ("waited", slip.promised.day),
        ("open", slip.expected.day),
    ]
    assert letters(order)[-1] == "slipped"


def test_of_two_units_each_is_decided_alone() -> None:
    _plant, order, slip = slip_late(quantity=2)
    other = Slip.objects.exclude(pk=slip.pk).get()
    wait_for(slip_id=slip.pk)
    lines = list(order.lines.order_by("position"))
    assert [line.quantity for line in lines] == [1, 1]
    assert lines[1].units.get() == slip.unit
    other.refresh_from_db()
    assert other.status == SlipStatus.OPEN
    assert lines[0].promise_date == other.promised
    total = order.total
    order.refresh_from_db()
    assert order.total == total
    call_command("check_invariants")


def test_silence_keeps_the_order_with_the_new_day_once_its_time_is_over() -> None:
    _plant, order, slip = slip_late()
    keep_silent(slip_id=slip.pk)
    slip.refresh_from_db()
    assert slip.status == SlipStatus.OPEN  # there is still time
    Slip.objects.update(answer_until=real_now() - timedelta(seconds=1))
    assert silent_slips(real_now()) == [slip.pk]
    keep_silent_slips()
    keep_silent_slips()
    slip.refresh_from_db()
    order.refresh_from_db()
    assert slip.status == SlipStatus.SILENT
    assert order.promise_date == slip.expected
    assert slip.words.filter(said="silence", speaker="nobody").count() == 1


# --- money back


def test_the_money_of_the_only_unit_cancels_the_order() -> None:
    plant, order, slip = slip_late()
    give_back(slip_id=slip.pk)
    give_back(slip_id=slip.pk)
    order.refresh_from_db()
    payment = order.payments.get()
    assert (order.status, order.close_reason) == ("cancelled", "slip")
    assert payment.status == "refunding"
    assert WorkOrder.objects.get().status == WorkOrderStatus.CANCELLED
    assert Booking.objects.count() == 0
    settle_payment(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.status == "refunded"
    replan(plant)
    assert [word.said for word in slip.words.order_by("id")] == ["told", "refund"]
    call_command("check_invariants")


def test_of_two_units_one_goes_back_and_the_other_is_made() -> None:
    _plant, order, slip = slip_late(quantity=2)
    give_back(slip_id=slip.pk)
    order.refresh_from_db()
    assert (order.status, order.total) == ("confirmed", Decimal(100))
    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (Decimal(100), "refunding")
    settle_payment(payment_id=refund.payment_id)
    settle_payment(payment_id=refund.payment_id)
    refund.refresh_from_db()
    assert refund.status == "refunded"
    assert refund.payment.status == "paid"
    assert Booking.objects.filter(unit=slip.unit).count() == 0
    assert WorkOrder.objects.filter(status=WorkOrderStatus.PLANNED).count() == 1
    assert OrderLine.objects.filter(cancelled_at__isnull=False).count() == 1
    assert letters(order)[-2:] == ["unit_cancelled", "refunded"]
    call_command("check_invariants")


def test_a_unit_that_was_begun_is_given_up_and_the_line_is_told() -> None:
    _plant, _order, slip = slip_late()
    WorkOrder.objects.update(dispatch="accepted")
    Operation.objects.filter(code="saw").update(status="done", started_at=slip.plant.clock.now())
    WorkOrder.objects.update(status=WorkOrderStatus.RUNNING)
    give_back(slip_id=slip.pk)
    work_order = WorkOrder.objects.get()
    assert (work_order.status, work_order.job_reason) == ("aborted", "aborted_by_order")
    assert Recall.objects.get().work_order == work_order
    assert not Booking.objects.exclude(operation__status="done").exists()


def test_what_is_made_does_not_go_back() -> None:
    _plant, order, slip = slip_late()
    WorkOrder.objects.update(status=WorkOrderStatus.COMPLETED)
    assert refused(lambda: give_back(slip_id=slip.pk)) == "already_made"
    slip.refresh_from_db()
    order.refresh_from_db()
    assert (slip.status, order.status) == (SlipStatus.OPEN, "confirmed")
    assert Refund.objects.count() == 0
    assert order.payments.get().status == "paid"


def test_a_decision_is_final() -> None:
    _plant, _order, slip = slip_late()
    wait_for(slip_id=slip.pk)
    assert refused(lambda: give_back(slip_id=slip.pk)) == "slip_closed"
    taken = {"slip_id": slip.pk, "feature": "colour", "option": "black"}
    assert refused(lambda: change_for(**taken)) == "slip_closed"  # type: ignore[arg-type]


# --- another option


def test_a_cheaper_option_is_carried_out_at_once_and_the_rest_paid_back() -> None:
    plant, order, slip = slip_late()
    Slip.objects.update(expected=slip.expected)
    make_dearer(order)
    change = change_for(slip_id=slip.pk, feature="colour", option="black")
    slip.refresh_from_db()
    order.refresh_from_db()
    assert (change.status, slip.status) == ("done", SlipStatus.CHANGED)
    assert order.lines.get().selection["colour"] == "black"
    assert order.total == Decimal(100)
    assert Refund.objects.get().amount == Decimal(50)
    old, new = WorkOrder.objects.order_by("id")
    assert (old.status, new.status, new.generation) == ("cancelled", "planned", 2)
    assert new.operations.filter(code="paint").get().set_up_family == "black"
    assert Booking.objects.filter(operation__work_order=old).count() == 0
    assert [word.said for word in slip.words.order_by("id")] == ["told", "change", "changed"]
    assert letters(order)[-1] == "unit_changed"
    replan(plant)
    call_command("check_invariants")
    WorkOrder.objects.update(dispatch="waiting")
    lose_time(plant, timedelta(days=21))  # as changed it is late again, and for the same cause
    assert list(Slip.objects.order_by("id").values_list("status", "cause")) == [
        ("changed", slip.cause),
        ("open", slip.cause),
    ]


def make_dearer(order: Order) -> None:
    """As if the present selection had cost 50 more, and been paid."""
    line = order.lines.get()
    line.price_lines = [*line.price_lines, {"id": "extra", "feature": None, "amount": "50"}]
    line.unit_price += 50
    line.save()
    Order.objects.filter(pk=order.pk).update(total=line.unit_price)
    Payment.objects.filter(order=order).update(amount=line.unit_price)


def test_a_dearer_option_waits_to_be_paid_and_then_is_made() -> None:
    _plant, order, slip = slip_late()
    change = change_for(slip_id=slip.pk, feature="size", option="large")
    assert change.status == "asked"
    assert order.lines.get().selection["size"] == "small"
    pay_change(change, "accept")
    for one in (change, slip, order):
        one.refresh_from_db()
    assert (change.status, slip.status, order.total) == ("done", "changed", Decimal(150))
    assert order.lines.get().selection["size"] == "large"
    call_command("check_invariants")


def pay_change(change: ChangeOrder, choice: str) -> Payment:
    started = start_change_payment(change_id=change.pk, provider="simulator")
    again = start_change_payment(change_id=change.pk, provider="simulator")
    assert started == again
    payment = Payment.objects.get(change=change)
    assert payment.amount == change.price_after - change.price_before
    decide_charge(reference=payment.provider_reference, choice=choice)
    settle_payment(payment_id=payment.pk)
    settle_payment(payment_id=payment.pk)
    payment.refresh_from_db()
    return payment


def test_a_change_paid_too_late_is_not_made_and_its_money_goes_back() -> None:
    _plant, order, slip = slip_late()
    change = change_for(slip_id=slip.pk, feature="size", option="large")
    operation = Operation.objects.get(code="saw")
    Operation.objects.filter(pk=operation.pk).update(status="running")
    payment = pay_change(change, "accept")
    change.refresh_from_db()
    order.refresh_from_db()
    assert (change.status, change.close_reason) == ("dropped", "feature_frozen")
    assert payment.status in ("refunding", "refunded")
    assert order.total == Decimal(100)
    assert order.lines.get().selection["size"] == "small"
    assert WorkOrder.objects.get().status == WorkOrderStatus.PLANNED


@pytest.mark.parametrize(
    ("feature", "option", "code"),
    [
        ("colour", "green", "selection_invalid"),
        ("engraving", "x", "selection_invalid"),
        ("nothing", "x", "selection_invalid"),
        ("name", "below", "selection_invalid"),  # R2: a name needs an engraving
    ],
)
def test_what_cannot_be_made_is_refused(feature: str, option: str, code: str) -> None:
    _plant, _order, slip = slip_late()
    answer = refused(lambda: change_for(slip_id=slip.pk, feature=feature, option=option))
    assert answer == code
    slip.refresh_from_db()
    assert (slip.status, slip.words.count(), ChangeOrder.objects.count()) == ("open", 1, 0)


def test_a_frozen_feature_does_not_change() -> None:
    _plant, _order, slip = slip_late()
    Operation.objects.filter(code="saw").update(status="done")
    answer = refused(lambda: change_for(slip_id=slip.pk, feature="size", option="large"))
    assert answer == "feature_frozen"
    answer = refused(lambda: change_for(slip_id=slip.pk, feature="colour", option="black"))
    assert answer == "already_in_production"
    assert ChangeOrder.objects.count() == 0


def test_a_change_dearer_or_later_than_said_changes_nothing() -> None:
    _plant, order, slip = slip_late()
    day = (
        promise_source()
        .inquire(
            offer_id=order.lines.get().offer_id,
            selection={**order.lines.get().selection, "size": "large"},
        )
        .date
    )
    taken = {"slip_id": slip.pk, "feature": "size", "option": "large"}
    cheap = SaidChange(price=Decimal(149), promise_date=day)
    soon = SaidChange(price=Decimal(150), promise_date=day - timedelta(days=1))
    assert refused(lambda: change_for(**taken, said=cheap)) == "price_moved"  # type: ignore[arg-type]
    assert refused(lambda: change_for(**taken, said=soon)) == "promise_moved"  # type: ignore[arg-type]
    assert ChangeOrder.objects.count() == 0


def test_options_are_offered_that_are_sooner_and_none_once_work_has_begun() -> None:
    _plant, order, slip = slip_late()
    unit = slip.unit
    sooner = sooner_alternatives(unit, than=slip.expected + timedelta(days=3))
    assert {(one.feature, one.option) for one in sooner} <= {
        ("size", "large"),
        ("colour", "black"),
        ("colour", "red"),
    }
    assert ("size", "large", Decimal(50)) in {(o.feature, o.option, o.difference) for o in sooner}
    assert all(one.promise_date < slip.expected + timedelta(days=3) for one in sooner)
    assert sooner_alternatives(unit, than=order.promise_date) == []
    WorkOrder.objects.update(status=WorkOrderStatus.RUNNING)
    assert sooner_alternatives(unit, than=slip.expected + timedelta(days=3)) == []


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one() -> None:
    _plant, order, slip = slip_late()

    def act(number: int) -> str:
        try:
            (wait_for if number % 2 else give_back)(slip_id=slip.pk)
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(act, range(4)))
    assert answers == ["done", "done", "slip_closed", "slip_closed"]
    slip.refresh_from_db()
    order.refresh_from_db()
    assert (slip.status, order.status) in (("waited", "confirmed"), ("refunded", "cancelled"))
    assert slip.words.exclude(said="told").count() == 1
