"""Slips are found with the plan that makes them, told once, followed and healed."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from cosmo.lib.models import OutboxEvent
from orders.models import Order
from production.lifecycle import SlipStatus, WorkOrderStatus
from production.locks import plant_lock
from production.models import (
    Booking,
    Downtime,
    Inspection,
    LineReport,
    Resource,
    Slip,
    UnitEvent,
    WorkOrder,
)
from production.selectors.slips import causes_of
from production.services.slips import note_slips
from tests.production.slips.late import lose_time, promise_later, replan, sell, slip_late

pytestmark = pytest.mark.django_db


def letters(order: Order) -> list[str]:
    events = OutboxEvent.objects.filter(topic__startswith="mail.", key=str(order.public_id))
    return [event.topic.removeprefix("mail.") for event in events.order_by("id")]


def note(plant_id: int) -> tuple[int, int, int]:
    with transaction.atomic():
        plant_lock(plant_id)
        noted = note_slips(plant_id=plant_id)
    return noted.opened, noted.moved, noted.healed


def test_a_plan_that_keeps_its_promises_makes_no_slip() -> None:
    plant, _offer, order = sell()
    replan(plant)
    assert Slip.objects.count() == 0
    assert letters(order) == ["order_confirmed"]


def test_a_late_plan_makes_one_slip_a_unit_with_mail_event_and_word() -> None:
    plant, order, slip = slip_late(quantity=2)
    assert Slip.objects.filter(status=SlipStatus.OPEN).count() == 2
    assert slip.promised == order.promise_date
    assert slip.expected > slip.promised
    assert letters(order) == ["order_confirmed", "slipped", "slipped"]
    assert [word.said for word in slip.words.all()] == ["told"]
    event = UnitEvent.objects.filter(unit=slip.unit).latest("seq")
    assert event.stage == "new_day"
    assert event.facts == {
        "promised": slip.promised.isoformat(),
        "day": slip.expected.isoformat(),
        "cause": "overload",
    }
    assert OutboxEvent.objects.filter(topic="unit.changed", body__seq=event.seq).count() == 1
    assert plant.code == "yard"
    call_command("check_invariants")


def test_planning_again_says_nothing_twice() -> None:
    plant, order, slip = slip_late()
    before = (letters(order), slip.words.count(), UnitEvent.objects.count())
    replan(plant)
    assert note(plant.pk) == (0, 0, 0)
    assert (letters(order), slip.words.count(), UnitEvent.objects.count()) == before


def test_a_slip_that_moves_on_is_told_again_and_stays_one() -> None:
    plant, order, slip = slip_late()
    first = slip.expected
    lose_time(plant, timedelta(days=14))
    slip.refresh_from_db()
    assert Slip.objects.count() == 1
    assert slip.expected > first
    assert [word.said for word in slip.words.order_by("id")] == ["told", "moved"]
    assert letters(order) == ["order_confirmed", "slipped", "slipped"]


def test_a_buffer_that_is_used_up_is_no_slip() -> None:
    """Late by the plan and yet in time for the pick-up: nobody is frightened."""
    plant, _offer, order = sell()
    WorkOrder.objects.update(due_at=Booking.objects.latest("period").period.lower)
    replan(plant)
    assert WorkOrder.objects.filter(due_at__lt=Booking.objects.latest("period").period.upper)
    assert Slip.objects.count() == 0
    assert letters(order) == ["order_confirmed"]


def test_a_slip_that_heals_is_closed_and_told() -> None:
    plant, order, slip = slip_late()
    promise_later(order, 14)
    assert note(plant.pk) == (0, 0, 1)
    slip.refresh_from_db()
    assert slip.status == SlipStatus.HEALED
    assert letters(order)[-1] == "slip_healed"
    assert UnitEvent.objects.latest("id").facts["cause"] == ""
    assert note(plant.pk) == (0, 0, 0)


def test_what_healed_and_comes_back_is_the_same_slip_again() -> None:
    plant, order, slip = slip_late()
    promise_later(order, 14)
    note(plant.pk)
    promise_later(order, -14)
    WorkOrder.objects.update(dispatch="waiting")  # as when it was told first: the same cause
    assert note(plant.pk) == (1, 0, 0)
    slip.refresh_from_db()
    assert (Slip.objects.count(), slip.status) == (1, SlipStatus.OPEN)
    assert [word.said for word in slip.words.order_by("id")] == ["told", "healed", "told"]


# --- causes


def cause(work_order: WorkOrder) -> tuple[str, str]:
    work_order = WorkOrder.objects.select_related("line", "plant").get(pk=work_order.pk)
    found = causes_of([work_order])[work_order.pk]
    return str(found.kind), found.key


def test_every_cause_is_told_from_the_others() -> None:
    plant, _offer, order = sell(quantity=2)
    one, other = WorkOrder.objects.filter(unit__line__order=order).order_by("id")
    assert cause(one) == ("overload", "overload")
    WorkOrder.objects.filter(pk=one.pk).update(dispatch="due")
    assert cause(one) == ("line_silent", "line:line-1:never")
    WorkOrder.objects.filter(pk=one.pk).update(job_reason="tool_worn", job_station="saw-1")
    assert cause(one) == ("breakdown", "breakdown:saw-1")
    WorkOrder.objects.filter(pk=one.pk).update(job_reason="material_missing")
    assert cause(one) == ("material", "material:line")
    release = plant.clock.now() + timedelta(days=3)
    WorkOrder.objects.filter(pk=one.pk).update(job_reason="", release_at=release)
    assert cause(one) == ("material", f"material:{release.date().isoformat()}")
    report = LineReport.objects.create(
        plant=plant, line=one.line, epoch="e", job=one.public_id, seq=1, body={}
    )
    Inspection.objects.create(
        work_order=one,
        report=report,
        operation_code="check",
        is_passed=False,
        plant_time=plant.clock.now(),
    )
    assert cause(one) == ("quality", "quality:1:1")
    assert cause(other) == ("overload", "overload")


def test_a_station_that_broke_down_under_another_unit_is_the_cause() -> None:
    _plant, _offer, order = sell(quantity=2)
    one, other = WorkOrder.objects.filter(unit__line__order=order).order_by("id")
    station = Booking.objects.filter(operation__work_order=other).order_by("period")[0]
    WorkOrder.objects.filter(pk=one.pk).update(
        status=WorkOrderStatus.HELD,
        job_reason="sensor_fault",
        job_station=station.lane.resource.code,
    )
    assert cause(other) == ("breakdown", f"breakdown:{station.lane.resource.code}")


def test_a_breakdown_that_somebody_noted_is_the_cause_until_it_is_over() -> None:
    plant, _offer, order = sell()
    work_order = WorkOrder.objects.get(unit__line__order=order)
    now = plant.clock.now()
    downtime = Downtime.objects.create(
        plant=plant,
        resource=Resource.objects.get(code="booth"),
        kind="breakdown",
        period=(now, now + timedelta(days=2)),
    )
    assert cause(work_order) == ("breakdown", "breakdown:booth")
    Downtime.objects.filter(pk=downtime.pk).update(kind="maintenance")
    assert cause(work_order) == ("overload", "overload")
    Downtime.objects.filter(pk=downtime.pk).update(kind="breakdown", ended_at=now)
    assert cause(work_order) == ("overload", "overload")


def test_dates_of_slips_are_days_of_delivery() -> None:
    _plant, _order, slip = slip_late()
    assert slip.promised == date(2027, 3, 2)
    assert slip.expected.isoweekday() <= 5
