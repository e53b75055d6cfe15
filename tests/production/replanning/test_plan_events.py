"""What asks for a plan is noted once and answered by one run, however much it is."""

from datetime import timedelta

import pytest

from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from production.lifecycle import PlanReason
from production.models import PlanEvent, Plant, ScheduleRun
from production.services import plan_events, planning
from production.services.plan_events import forget_answered, note_plan_event
from production.services.publishing import publish_plan
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_work_orders

pytestmark = pytest.mark.django_db


def test_one_run_answers_every_event(plant: Plant) -> None:
    make_work_orders(plant, quantity=2)
    plan_events.mark_plan_wanted(plant.pk, PlanReason.RUSH)
    plan_events.mark_plan_wanted(plant.pk, "saw began late")
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert [(one.kind, one.said) for one in run.events.order_by("pk")] == [
        (PlanReason.ORDER_CONFIRMED, "order confirmed"),
        (PlanReason.RUSH, "rush order"),
        (PlanReason.OFF_PLAN, "saw began late"),
    ]
    assert ScheduleRun.objects.count() == 1
    assert planning.plan_if_wanted(plant_id=plant.pk) is None


def test_an_event_that_came_while_planning_waits_for_the_next_run(plant: Plant) -> None:
    make_work_orders(plant)
    made = planning._make(plant.pk)
    plan_events.mark_plan_wanted(plant.pk, PlanReason.RUSH)
    first = publish_plan(made, trigger="test")
    assert first is not None
    assert [one.kind for one in first.events.all()] == [PlanReason.ORDER_CONFIRMED]
    second = planning.plan_if_wanted(plant_id=plant.pk)
    assert second is not None
    assert [one.kind for one in second.events.all()] == [PlanReason.RUSH]


def test_what_is_seen_again_and_again_asks_once(plant: Plant) -> None:
    for expected in (True, False, False):
        asked = plan_events.mark_plan_wanted(
            plant.pk, PlanReason.REPORT_LATE, subject="operation 7 planned"
        )
        assert asked is expected
    assert PlanEvent.objects.count() == 1
    assert plan_events.mark_plan_wanted(
        plant.pk, PlanReason.REPORT_LATE, subject="operation 8 planned"
    )


def test_only_one_worker_plans_a_plant(plant: Plant) -> None:
    make_work_orders(plant)
    lease = planning.claim_planning(plant.pk)
    assert lease is not None
    assert planning.claim_planning(plant.pk) is None
    assert planning.plan_if_wanted(plant_id=plant.pk) is None
    planning.leave_planning(plant.pk, lease)
    assert planning.plan_if_wanted(plant_id=plant.pk) is not None


def test_who_was_too_slow_does_not_let_go_of_anothers_lease(plant: Plant) -> None:
    slow = planning.claim_planning(plant.pk)
    assert slow is not None
    Plant.objects.update(planning_until=real_now() - timedelta(seconds=1))
    quick = planning.claim_planning(plant.pk)
    planning.leave_planning(plant.pk, slow)
    assert Plant.objects.get().planning_until == quick


def test_the_lease_of_a_worker_that_died_ends(plant: Plant) -> None:
    make_work_orders(plant)
    assert planning.claim_planning(plant.pk) is not None
    Plant.objects.update(planning_until=real_now() - timedelta(seconds=1))
    assert planning.plan_if_wanted(plant_id=plant.pk) is not None
    assert Plant.objects.get().planning_until is None


def test_a_published_plan_is_told_to_the_plants_pages(plant: Plant) -> None:
    make_work_orders(plant)
    set_plant_time(plant, MONDAY + timedelta(days=1, hours=2))
    run = planning.plan_plant(plant_id=plant.pk, trigger="late")
    told = OutboxEvent.objects.filter(topic="plan.published")
    assert [one.body for one in told] == [{"plant": plant.code, "seq": run.booking_seq}]
    planning.plan_plant(plant_id=plant.pk, trigger="nothing moves")
    assert told.count() == 1


def test_answered_events_are_forgotten_and_open_ones_never(plant: Plant) -> None:
    make_work_orders(plant)
    planning.plan_plant(plant_id=plant.pk, trigger="test")
    note_plan_event(plant_id=plant.pk, said=PlanReason.RUSH)
    assert forget_answered(before=real_now() + timedelta(days=1)) == 1
    assert [one.kind for one in PlanEvent.objects.all()] == [PlanReason.RUSH]
