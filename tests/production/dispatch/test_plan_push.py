"""A published plan that moved what the line already has is told to the line."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from cosmo.lib.clock import real_now
from production import tasks
from production.models import Booking, Line, Plant, WorkOrder
from production.selectors.dispatch import plans_to_push
from production.services.dispatch import claim_due_work_orders, dispatch_work_order
from production.services.plan_push import push_plan
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_due, make_work_order
from tests.production.fake_line import FakeLine, problem
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    """Handed over; the line has the times of the plan as it stands."""
    made = make_due(make_work_order(plant))
    claim_due_work_orders()
    dispatch_work_order(work_order_id=made.pk)
    made.refresh_from_db()
    return made


def move(work_order: WorkOrder, code: str, hours: int) -> int:
    """As a newly published plan would; the plan's number."""
    Plant.objects.update(booking_seq=F("booking_seq") + 1)
    seq = Plant.objects.get().booking_seq
    booking = Booking.objects.get(operation__work_order=work_order, operation_code=code)
    shift = timedelta(hours=hours)
    booking.period = DateTimeTZRange(booking.period.lower + shift, booking.period.upper + shift)
    booking.seq = seq
    booking.save()
    return seq


def test_nothing_moved_nothing_said(work_order: WorkOrder, line: FakeLine) -> None:
    assert plans_to_push() == []
    tasks.dispatch.push_plans()
    assert line.commands == []


def test_new_times_are_told_once(work_order: WorkOrder, line: FakeLine) -> None:
    seq = move(work_order, "pack", 5)
    assert plans_to_push() == [work_order.pk]
    tasks.dispatch.push_plans()
    tasks.dispatch.push_plans()
    [command] = line.commands
    assert (command["job"], command["verb"]) == (str(work_order.public_id), "reschedule")
    assert command["plan"] == seq
    assert [one["id"] for one in command["operations"]] == ["saw", "paint", "check", "pack"]
    assert command["operations"][3] == {
        "id": "pack",
        "resource": "bench-1",
        "planned_start": "2027-03-01T12:50:00Z",
        "planned_end": "2027-03-01T13:00:00Z",
        "set_up_min": 0,
        "duration_min": 10,
    }
    work_order.refresh_from_db()
    assert work_order.sent_plan == seq


def test_only_what_has_not_started_is_told(
    plant: Plant, work_order: WorkOrder, line: FakeLine
) -> None:
    set_plant_time(plant, MONDAY + timedelta(days=1))
    deliver(work_order, Reporter(work_order).make("saw"))
    assert plans_to_push() == []  # what the line reported is no news to the line
    move(work_order, "pack", 5)
    tasks.dispatch.push_plans()
    assert [one["id"] for one in line.commands[0]["operations"]] == ["paint", "check", "pack"]


def test_line_that_finds_it_too_late_is_not_asked_again(
    work_order: WorkOrder, line: FakeLine
) -> None:
    line.reply_command = lambda command: problem("too_late")
    move(work_order, "pack", 5)
    assert push_plan(work_order_id=work_order.pk)
    assert plans_to_push() == []


def test_silent_line_is_told_later(work_order: WorkOrder, line: FakeLine) -> None:
    line.reply_command = lambda command: (500, {})
    seq = move(work_order, "pack", 5)
    assert not push_plan(work_order_id=work_order.pk)
    assert plans_to_push() == [work_order.pk]
    Line.objects.update(seen_at=real_now() - timedelta(minutes=1))
    assert plans_to_push() == []
    Line.objects.update(seen_at=real_now())
    line.reply_command = None
    tasks.dispatch.push_plans()
    assert line.commands[-1]["plan"] == seq


def test_what_the_line_does_not_have_yet_is_not_told(plant: Plant, line: FakeLine) -> None:
    work_order = make_work_order(plant)
    move(work_order, "pack", 5)
    tasks.dispatch.push_plans()
    assert line.commands == []
