"""A unit that is scrapped is made again: a new job, the same serial, its capacity handed on."""

from datetime import timedelta

import pytest

from cosmo.lib.errors import Conflict
from production import tasks
from production.lifecycle import DispatchStatus, WorkOrderStatus
from production.models import Booking, Operation, Plant, Shipment, UnitEvent, WorkOrder
from production.services import remake
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Body, Reporter, deliver

pytestmark = pytest.mark.django_db
SCRAP = {"code": "scrap", "text": "Beyond repair."}


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    made = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(hours=4))
    return made


def scrapping(line: Reporter) -> list[Body]:
    found = {"result": "fail", "findings": [{"code": "gap", "text": "A gap."}]}
    return [
        *line.queue(),
        *line.make("saw"),
        *line.make("paint"),
        line.about("check", "started"),
        line.about("check", "failed", "Aborted", reason=SCRAP, inspection=found, scrap=1),
    ]


def stages(work_order: WorkOrder) -> list[tuple[str, dict[str, object]]]:
    events = UnitEvent.objects.filter(unit=work_order.unit).order_by("seq")
    return list(events.values_list("stage", "facts"))


def test_scrapped_unit_gets_a_new_work_order_with_the_same_serial(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    deliver(work_order, scrapping(line))
    old, new = WorkOrder.objects.order_by("generation")
    assert (old.status, new.status) == (WorkOrderStatus.ABORTED, WorkOrderStatus.PLANNED)
    assert (new.unit, new.generation, new.bom) == (old.unit, 2, old.bom)
    assert (new.due_at, new.chain_id) == (old.due_at, old.chain_id)
    assert new.public_id != old.public_id
    assert new.dispatch == DispatchStatus.WAITING
    assert stages(old)[-2:] == [
        ("remake", {"reason": "scrap", "text": "Beyond repair."}),
        ("planned", {"day": "2027-03-01"}),
    ]
    # What was done keeps its time, what was not gives it back, what is new has its own.
    kept = Booking.objects.filter(operation__work_order=old)
    assert set(kept.values_list("operation_code", flat=True)) == {"saw", "paint", "check"}
    planned = Booking.objects.filter(operation__work_order=new)
    assert planned.count() == Operation.objects.filter(work_order=new).count() == 4
    assert all(one.period.lower >= MONDAY + timedelta(hours=4) for one in planned)
    assert Plant.objects.get().plan_wanted_for == "unit made again"


def test_repeated_scrap_report_makes_it_again_once(work_order: WorkOrder) -> None:
    said = scrapping(Reporter(work_order))
    deliver(work_order, said)
    deliver(work_order, said)
    tasks.reports.apply_waiting_reports()
    assert WorkOrder.objects.count() == 2


def test_remade_unit_is_delivered_under_its_serial(plant: Plant, work_order: WorkOrder) -> None:
    deliver(work_order, scrapping(Reporter(work_order)))
    second = make_accepted(WorkOrder.objects.get(generation=2), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    second = deliver(second, Reporter(second).life())
    assert second.status == WorkOrderStatus.CLOSED
    tasks.parcels.move_parcels()
    set_plant_time(plant, MONDAY + timedelta(days=9))
    tasks.parcels.move_parcels()
    assert Shipment.objects.get().unit == work_order.unit
    assert stages(work_order)[-1][0] == "delivered"


def test_abort_that_we_ordered_makes_nothing_again(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    reason = {"code": "aborted_by_order", "text": "Stopped."}
    deliver(work_order, [*line.queue(), line.say("Aborted", reason=reason)])
    tasks.reports.apply_waiting_reports()
    assert WorkOrder.objects.get().status == WorkOrderStatus.ABORTED
    assert Booking.objects.count() == 0


def test_unit_without_room_is_made_again_by_the_sweep(
    work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*, work_order_id: int) -> WorkOrder:
        raise Conflict("no_capacity", "The horizon is full.")

    with monkeypatch.context() as patch:
        patch.setattr(remake, "remake_unit", full)
        deliver(work_order, scrapping(Reporter(work_order)))
    assert WorkOrder.objects.get().status == WorkOrderStatus.ABORTED
    assert Booking.objects.filter(operation__status="planned").count() == 0
    tasks.reports.apply_waiting_reports()
    tasks.reports.apply_waiting_reports()
    assert list(WorkOrder.objects.order_by("pk").values_list("generation", "status")) == [
        (1, "aborted"),
        (2, "planned"),
    ]
