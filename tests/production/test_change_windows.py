"""What a customer may change until a moment is not begun before, however idle the plant is."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Min
from django.test import Client
from django.urls import reverse

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import freeze_points, promise_source
from orders.models import Order, Unit
from orders.selectors.access import SESSION_GRANTS
from production.lifecycle import WorkOrderStatus
from production.models import Booking, HeldUnit, Operation, Plant, WorkOrder
from production.selectors.places import change_until_at
from production.services.planning import plan_plant
from production.services.sooner import bring_sooner
from production.services.work_orders import remake_unit
from tests.factories.production import (
    MONDAY,
    SELECTION,
    make_offer,
    make_order,
    make_plant,
    set_plant_time,
)
from tests.factories.work_orders import confirm, make_work_order, make_work_orders

pytestmark = pytest.mark.django_db
WINDOW = timedelta(minutes=240)
LASTS = timedelta(minutes=15)


@pytest.fixture
def plant() -> Plant:
    return make_plant(change_window_min=240)


def begins(work_order: WorkOrder) -> datetime:
    found = Booking.objects.filter(operation__work_order=work_order)
    moment: datetime = found.aggregate(first=Min("period__startswith"))["first"]
    return moment


def hold(order: Order) -> HeldUnit:
    with transaction.atomic():
        promise_source().hold(order_id=order.pk, lasts=LASTS)
    return HeldUnit.objects.get(hold__order=order)


def test_an_idle_plant_does_not_begin_before_what_was_said(plant: Plant) -> None:
    work_order = make_work_order(plant)
    assert work_order.change_until is not None
    assert timedelta(0) <= work_order.change_until - (MONDAY + WINDOW) < timedelta(seconds=1)
    assert begins(work_order) >= work_order.change_until
    assert plan_plant(plant_id=plant.pk, trigger="test").was_published
    assert begins(work_order) >= work_order.change_until


def test_a_plant_that_says_nothing_begins_at_once() -> None:
    plant = make_plant()
    work_order = make_work_order(plant)
    plan_plant(plant_id=plant.pk, trigger="test")
    assert work_order.change_until is None
    assert begins(work_order) - MONDAY < timedelta(minutes=1)


def test_what_is_asked_says_no_later_than_what_is_held(plant: Plant) -> None:
    offer = make_offer(plant)
    asked = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    held = hold(make_order(offer))
    assert asked.change_until is not None
    assert held.change_until is not None
    assert asked.change_until <= held.change_until
    plan_plant(plant_id=plant.pk, trigger="test")  # holds are planned like work
    first = Booking.objects.filter(hold=held.hold).aggregate(at=Min("period__startswith"))["at"]
    assert first >= held.change_until


def test_a_held_order_is_not_brought_before_it(plant: Plant) -> None:
    offer = make_offer(plant)
    make_work_orders(plant, quantity=20)
    plan_plant(plant_id=plant.pk, trigger="test")
    order = make_order(offer)
    held = hold(order)
    assert bring_sooner(order_id=order.pk)
    held.refresh_from_db()
    first = Booking.objects.filter(hold=held.hold).aggregate(at=Min("period__startswith"))["at"]
    assert held.change_until is not None
    assert first >= held.change_until


def test_who_pays_later_has_the_same_time_from_then_on(plant: Plant) -> None:
    make_work_orders(plant, quantity=30)  # days of work are before it
    order = make_order(make_offer(plant))
    held = hold(order)
    paid = MONDAY + timedelta(hours=9)
    set_plant_time(plant, paid)
    [work_order] = confirm(order)
    assert held.change_until is not None
    assert work_order.change_until is not None
    assert held.change_until < paid < work_order.change_until <= begins(work_order)
    assert work_order.change_until - (paid + WINDOW) < timedelta(seconds=1)


def test_who_changes_it_may_go_on_changing(plant: Plant) -> None:
    work_order = make_work_order(plant)
    unit = work_order.unit
    unit.line.selection = {**SELECTION, "colour": "black"}
    unit.line.save()
    with transaction.atomic():
        promise_source().replan(unit_id=unit.pk)
    fresh = WorkOrder.objects.get(unit=unit, generation=2)
    assert fresh.change_until is not None
    assert fresh.change_until == work_order.change_until
    assert begins(fresh) >= fresh.change_until


def test_what_the_line_gave_up_is_not_made_again_before_it(plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.filter(pk=work_order.pk).update(status=WorkOrderStatus.ABORTED)
    fresh = remake_unit(work_order_id=work_order.pk)
    assert fresh.change_until is not None
    assert fresh.change_until == work_order.change_until
    assert begins(fresh) >= fresh.change_until


def test_a_job_the_line_holds_before_its_first_step_keeps_the_word(plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.filter(pk=work_order.pk).update(status=WorkOrderStatus.HELD)
    set_plant_time(plant, MONDAY + timedelta(minutes=20))
    assert plan_plant(plant_id=plant.pk, trigger="test").was_published
    assert work_order.change_until is not None
    assert begins(work_order) >= work_order.change_until
    unit = work_order.unit
    unit.line.selection = {**SELECTION, "colour": "black"}
    unit.line.save()
    with transaction.atomic():
        promise_source().replan(unit_id=unit.pk)
    work_order.refresh_from_db()
    assert work_order.status == WorkOrderStatus.CANCELLED


def test_a_job_held_after_its_first_step_is_changed_no_more(plant: Plant) -> None:
    work_order = make_work_order(plant)
    work_order.operations.filter(code="saw").update(status="done", started_at=MONDAY)
    WorkOrder.objects.filter(pk=work_order.pk).update(status=WorkOrderStatus.HELD)
    with pytest.raises(DomainError) as refused, transaction.atomic():
        promise_source().replan(unit_id=work_order.unit_id)
    assert refused.value.code == "already_in_production"


def test_a_preview_counts_the_window_from_the_order_on_and_not_anew(plant: Plant) -> None:
    work_order = make_work_order(plant)
    assert work_order.change_until is not None
    set_plant_time(plant, MONDAY + timedelta(minutes=200))
    plan_plant(plant_id=plant.pk, trigger="test")
    unit, black = work_order.unit, {**SELECTION, "colour": "black"}
    said = promise_source().inquire_again(unit_id=unit.pk, selection=black)
    ordered_now = promise_source().inquire(offer_id=unit.line.offer_id, selection=black)
    assert said.leaves_at < ordered_now.leaves_at
    unit.line.selection = black
    unit.line.save()
    with transaction.atomic():
        kept = promise_source().replan(unit_id=unit.pk)
    assert kept.leaves_at <= said.leaves_at


def test_a_preview_of_what_is_not_confirmed_is_an_inquiry(plant: Plant) -> None:
    order = make_order(make_offer(plant))
    unit = Unit.objects.get(line__order=order)
    said = promise_source().inquire_again(unit_id=unit.pk, selection=SELECTION)
    asked = promise_source().inquire(offer_id=unit.line.offer_id, selection=SELECTION)
    assert said.date == asked.date


def test_of_two_plants_the_shorter_window_is_said(plant: Plant) -> None:
    make_offer(plant)
    annex = make_plant(code="annex", change_window_min=60)
    offer = make_offer(annex)
    order = make_order(offer, {"quantity": 20})
    asked = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    assert len(asked.plants) == 2
    assert asked.change_until is not None
    assert abs(asked.change_until - (MONDAY + timedelta(minutes=60))) < timedelta(seconds=1)
    with transaction.atomic():
        kept = promise_source().hold(order_id=order.pk, lasts=LASTS)
    assert all(one.change_until and one.change_until >= asked.change_until for one in kept.values())


def test_no_moment_is_said_while_one_of_the_plants_says_none(plant: Plant) -> None:
    make_offer(plant)
    offer = make_offer(make_plant(code="annex"))
    assert promise_source().inquire(offer_id=offer.pk, selection=SELECTION).change_until is None


def test_what_another_plant_takes_over_keeps_its_moment_by_that_clock(plant: Plant) -> None:
    work_order = make_work_order(plant)
    set_plant_time(plant, MONDAY, factor=60)
    annex = make_plant(at=MONDAY + timedelta(days=7), factor=120, code="annex")
    work_order.plant = plant
    there = change_until_at(annex, work_order)
    assert there is not None
    # Four hours ahead there are eight here; both clocks ran on while this test was busy.
    assert abs(there - (MONDAY + timedelta(days=7, hours=8))) < timedelta(minutes=30)
    assert change_until_at(plant, work_order) == work_order.change_until


def test_what_was_begun_by_hand_waits_for_nothing_more(plant: Plant) -> None:
    work_order = make_work_order(plant)
    saw = work_order.operations.get(code="saw")
    set_plant_time(plant, MONDAY + timedelta(minutes=40))
    Operation.objects.filter(pk=saw.pk).update(status="done", started_at=MONDAY)
    Booking.objects.filter(operation=saw).delete()
    WorkOrder.objects.filter(pk=work_order.pk).update(status=WorkOrderStatus.RUNNING)
    assert plan_plant(plant_id=plant.pk, trigger="test").was_published
    assert work_order.change_until is not None
    assert begins(work_order) < work_order.change_until


def test_the_freeze_plan_says_it_while_it_is_to_come(plant: Plant) -> None:
    work_order = make_work_order(plant)
    points = freeze_points().freeze_plan(unit_id=work_order.unit_id)
    assert {point.not_before for point in points} == {work_order.change_until}
    set_plant_time(plant, MONDAY + WINDOW + timedelta(minutes=1))
    points = freeze_points().freeze_plan(unit_id=work_order.unit_id)
    assert {point.not_before for point in points} == {None}


def test_the_pages_say_one_moment_and_what_it_is_worth(plant: Plant, client: Client) -> None:
    work_order = make_work_order(plant)
    order = work_order.unit.line.order
    session = client.session
    session[SESSION_GRANTS] = [str(order.public_id)]
    session.save()
    unit = reverse("production:unit", args=[work_order.unit.public_id])
    page = client.get(unit).content.decode()
    assert "nothing is begun before" in page
    within = client.get(f"{unit}progress?within=order").content.decode()
    assert "nothing is begun before" not in within
    set_plant_time(plant, MONDAY + WINDOW - timedelta(seconds=30) + timedelta(minutes=1))
    page = client.get(unit).content.decode()
    assert "You can change or cancel it until work begins." in page
