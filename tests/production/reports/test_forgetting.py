"""Reports that were followed are deleted a month later; what they led to stays."""

from datetime import timedelta

import pytest
from django.conf import settings

from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from production.lifecycle import WorkOrderStatus
from production.models import Inspection, LineReport, Plant, UnitEvent, WorkOrder
from production.services.reports import waiting_jobs
from production.tasks.reports import forget_reports
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver, flags

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    made = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    return made


def grow_old() -> None:
    long_ago = real_now() - settings.COSMO_KEPT - timedelta(hours=1)
    LineReport.objects.filter(applied_at__isnull=False).update(applied_at=long_ago)


def test_reports_of_finished_work_go_but_for_inspections(work_order: WorkOrder) -> None:
    work_order = deliver(work_order, Reporter(work_order).life())
    assert work_order.status == WorkOrderStatus.CLOSED
    events, breaches = UnitEvent.objects.count(), find_breaches()
    forget_reports()
    assert LineReport.objects.count() == work_order.applied_seq  # none is old yet
    grow_old()
    forget_reports()
    assert list(LineReport.objects.values_list("pk", flat=True)) == list(
        Inspection.objects.values_list("report", flat=True)
    )
    assert Inspection.objects.count() == 1
    assert UnitEvent.objects.count() == events
    assert find_breaches() == breaches


def test_reports_of_open_work_and_waiting_ones_stay(work_order: WorkOrder) -> None:
    life = Reporter(work_order).life()
    deliver(work_order, [*life[:3], life[4]])  # the fourth is missing
    grow_old()
    forget_reports()
    assert list(LineReport.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 5]


def test_a_forgotten_report_that_comes_again_is_known_by_its_number(
    work_order: WorkOrder,
) -> None:
    life = Reporter(work_order).life()
    work_order = deliver(work_order, life)
    before, events = work_order.applied_seq, UnitEvent.objects.count()
    grow_old()
    forget_reports()
    work_order = deliver(work_order, life[:1])
    assert work_order.applied_seq == before
    assert work_order.gap_since is None
    assert flags(work_order) == [(1, "Followed before, and forgotten since.")]
    assert UnitEvent.objects.count() == events
    assert waiting_jobs() == []
