"""What a line was sent and need not make: told until it has answered, never before the order."""

from datetime import timedelta

import pytest

from cosmo.lib.clock import real_now
from orders.models import OrderLine
from orders.services.units import cancel_unit
from production.lifecycle import DispatchStatus
from production.models import Plant, Recall, WorkOrder
from production.services import recalls
from production.services.shipping import fulfil_orders
from tests.factories.orders import pay, place
from tests.factories.production import make_plant
from tests.factories.shop import make_shop
from tests.production.fake_line import open_line
from tests.production.slips.test_accuracy import deliver

pytestmark = pytest.mark.django_db


def withdraw(plant: Plant) -> Recall:
    order = pay(place(make_shop(plant), quantity=2))
    unit = order.lines.get().units.order_by("id")[0]
    WorkOrder.objects.filter(unit=unit).update(dispatch=DispatchStatus.ACCEPTED)
    cancel_unit(unit_id=unit.pk, reason="customer")
    return Recall.objects.get()


def test_a_line_that_is_away_is_asked_again_later_and_once_it_answers_no_more() -> None:
    plant = make_plant()
    recall = withdraw(plant)
    assert recalls.recalls_to_tell() == [recall.pk]
    assert not recalls.tell_recall(recall_id=recall.pk)
    recall.refresh_from_db()
    assert (recall.attempts, recall.answered_at) == (1, None)
    row = plant.lines.get()
    with open_line(row.key) as fake:
        row.address, row.seen_at = fake.address, real_now()
        row.save()
        Recall.objects.update(next_at=real_now())
        assert recalls.tell_recall(recall_id=recall.pk)
        assert not recalls.tell_recall(recall_id=recall.pk)
    recall.refresh_from_db()
    assert recall.answered_at is not None
    assert recall.answer != ""
    assert recalls.recalls_to_tell() == []


def test_no_recall_overtakes_a_job_order_that_is_under_way() -> None:
    recall = withdraw(make_plant())
    WorkOrder.objects.filter(pk=recall.work_order_id).update(
        sending_until=real_now() + timedelta(seconds=9)
    )
    assert recalls.recalls_to_tell() == []
    WorkOrder.objects.update(sending_until=real_now() - timedelta(seconds=1))
    assert recalls.recalls_to_tell() == [recall.pk]


def test_an_order_is_fulfilled_without_the_unit_that_was_cancelled() -> None:
    recall = withdraw(make_plant())
    assert fulfil_orders() == 0
    kept = WorkOrder.objects.exclude(pk=recall.work_order_id).get()
    deliver(kept.unit, 0)
    WorkOrder.objects.filter(pk=kept.pk).update(status="closed")
    assert fulfil_orders() == 1
    assert OrderLine.objects.filter(cancelled_at__isnull=False).count() == 1
