"""A machine breaks down: nothing is planned on it, and everybody learns of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cosmo.accounts.models import Membership, Organisation, User
from cosmo.accounts.roles import Role
from cosmo.lib.errors import DomainError
from production import signals
from production.lifecycle import DowntimeKind, PlanReason
from production.models import Booking, Downtime, Operation, PlanEvent, Plant
from production.services import planning
from production.services.downtimes import end_downtime, note_downtime
from production.services.rush import set_rush
from tests.factories.documents import PLANT
from tests.factories.production import MONDAY, make_plant, set_plant_time
from tests.factories.work_orders import make_work_orders

pytestmark = pytest.mark.django_db
SAW = "saw-1"


@pytest.fixture
def planner(plant: Plant) -> Client:
    user = User.objects.create_user("planner@example.org", "a-long-password")
    Membership.objects.create(
        user=user,
        organisation=Organisation.objects.get(pk=plant.organisation_id),
        role=Role.PLANNER,
    )
    client = Client()
    client.force_login(user)
    return client


def break_down(plant: Plant, *, hours: float = 4, **facts: object) -> Downtime:
    wanted = {"resource": SAW, "kind": DowntimeKind.BREAKDOWN, **facts}
    ends_at = plant.clock.now() + timedelta(hours=hours)
    return note_downtime(plant_id=plant.pk, ends_at=ends_at, **wanted)  # type: ignore[arg-type]


def on_saw(downtime: Downtime) -> int:
    return Booking.objects.filter(
        lane__resource__code=SAW, period__overlap=downtime.period, operation__isnull=False
    ).count()


def test_nothing_is_planned_where_it_stands_still(plant: Plant) -> None:
    make_work_orders(plant, quantity=4)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    downtime = break_down(plant, hours=30)
    assert on_saw(downtime) > 0
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert run.was_published
    assert on_saw(downtime) == 0
    assert PlanReason.BREAKDOWN in {event.kind for event in run.events.all()}


def test_a_promise_given_meanwhile_stands_elsewhere(plant: Plant) -> None:
    downtime = break_down(plant, hours=30)
    make_work_orders(plant, quantity=3)
    assert on_saw(downtime) == 0


def test_when_it_works_again_the_time_is_there_for_who_comes_next(plant: Plant) -> None:
    downtime = break_down(plant, hours=48)
    make_work_orders(plant, quantity=4)
    planning.plan_if_wanted(plant_id=plant.pk)
    set_plant_time(plant, MONDAY + timedelta(hours=1))
    over = end_downtime(downtime_id=downtime.pk)
    assert over is not None
    assert over.period.upper == MONDAY + timedelta(hours=1, seconds=30)  # the next minute
    again = end_downtime(downtime_id=downtime.pk)
    assert again is not None
    assert again.ended_at == over.ended_at
    planning.plan_if_wanted(plant_id=plant.pk)
    make_work_orders(plant)
    planning.plan_if_wanted(plant_id=plant.pk)
    assert on_saw(downtime) > 0


def test_only_what_is_hit_moves(plant: Plant) -> None:
    make_work_orders(plant, quantity=6)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    rows = Booking.objects.filter(operation__isnull=False)
    before = {one.operation_id: (one.lane_id, one.period) for one in rows}
    begins, ends = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3)
    hit = set(
        rows.filter(lane__resource__code=SAW, period__overlap=(begins, ends)).values_list(
            "operation__work_order", flat=True
        )
    )
    assert 0 < len(hit) < 6
    break_down(plant, starts_at=begins, hours=3)
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert run.measures["made_by"] == "repair"
    spared = rows.filter(operation_code="saw").exclude(operation__work_order__in=hit)
    assert {one.operation_id: (one.lane_id, one.period) for one in spared} == {
        pk: before[pk] for pk in spared.values_list("operation_id", flat=True)
    }


def test_a_code_of_two_work_centres_needs_its_work_centre() -> None:
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[2]["resources"] = [{"id": SAW, "lanes": 2}]
    plant = make_plant(work_centres=centres)
    with pytest.raises(DomainError) as refused:
        break_down(plant)
    assert refused.value.code == "ambiguous_resource"
    assert break_down(plant, resource=f"saws/{SAW}").resource.work_centre.code == "saws"
    assert break_down(plant, resource=f"bench/{SAW}").resource.work_centre.code == "bench"


def test_who_acts_is_answered_at_once(
    plant: Plant, django_capture_on_commit_callbacks: Any
) -> None:
    """A standstill, its end and a rush wake who plans; nobody waits for the sweep."""
    (work_order,) = make_work_orders(plant)
    woken: list[int] = []

    def listen(plant_id: int, **_: object) -> None:
        woken.append(plant_id)

    signals.plan_asked.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            downtime = break_down(plant)
        with django_capture_on_commit_callbacks(execute=True):
            end_downtime(downtime_id=downtime.pk)
        with django_capture_on_commit_callbacks(execute=True):
            set_rush(work_order_id=work_order.pk, is_rush=True)
    finally:
        signals.plan_asked.disconnect(listen)
    assert woken == [plant.pk] * 3


def test_maintenance_that_never_began_is_forgotten(plant: Plant) -> None:
    begins = plant.clock.now() + timedelta(days=2)
    downtime = note_downtime(
        plant_id=plant.pk,
        resource=SAW,
        kind=DowntimeKind.MAINTENANCE,
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
    )
    assert end_downtime(downtime_id=downtime.pk) is None
    assert not Downtime.objects.exists()


def test_a_pin_in_the_way_is_lifted_and_said(plant: Plant) -> None:
    make_work_orders(plant, quantity=4)
    Operation.objects.filter(code="saw").update(is_pinned=True)
    break_down(plant, hours=30)
    event = PlanEvent.objects.get(kind=PlanReason.BREAKDOWN)
    assert event.facts["pins_lifted"] >= 1
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert run.was_published


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"resource": "dream"}, "unknown_resource"),
        ({"kind": "strike"}, "unknown_downtime_kind"),
        ({"hours": -1}, "bad_period"),
        ({"hours": 24 * 61}, "bad_period"),
    ],
)
def test_what_cannot_be_is_refused(plant: Plant, facts: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        break_down(plant, **facts)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not Downtime.objects.exists()


def test_a_rush_order_goes_before_others(plant: Plant) -> None:
    *_, last = make_work_orders(plant, quantity=6)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    before = last.operations.get(code="saw").booking.period.lower
    assert set_rush(work_order_id=last.pk, is_rush=True)
    assert not set_rush(work_order_id=last.pk, is_rush=True)
    planning.plan_if_wanted(plant_id=plant.pk)
    assert Operation.objects.get(work_order=last, code="saw").booking.period.lower < before


def test_a_planner_notes_it_on_the_page(plant: Plant, planner: Client) -> None:
    page = planner.get("/planner/standstills")
    assert page.status_code == 200
    assert SAW in page.content.decode()
    answer = planner.post(
        "/planner/standstills",
        {
            "resource": f"saws/{SAW}",
            "kind": "breakdown",
            "starts_at": "",
            "ends_at": f"{MONDAY + timedelta(days=1):%Y-%m-%dT%H:%M}",
            "reason": "blade",
        },
    )
    assert answer.status_code == 302
    downtime = Downtime.objects.get()
    assert (downtime.resource.code, downtime.reason) == (SAW, "blade")
    assert "blade" in planner.get("/planner/standstills").content.decode()
    over = planner.post(f"/planner/standstills/{downtime.public_id}/over")
    assert over.status_code == 302
    assert PlanEvent.objects.filter(kind=PlanReason.DOWNTIME_OVER).count() == 1


def test_a_form_that_says_nothing_is_shown_again(plant: Plant, planner: Client) -> None:
    answer = planner.post("/planner/standstills", {"resource": "", "kind": "", "ends_at": "soon"})
    assert answer.status_code == 422
    assert not Downtime.objects.exists()


def test_the_board_draws_when_a_lane_stands_still(planner: Client) -> None:
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    serviced = {"from": "2027-03-01T12:00", "until": "2027-03-01T14:00"}
    centres[1]["resources"] = [{"id": "booth", "lanes": 2, "maintenance": [serviced]}]
    plant = make_plant(work_centres=centres)  # the same one, with another document
    page = "/planner/?zoom=day&from=2027-03-01T00:00"
    assert 'class="stop is-breakdown"' not in planner.get(page).content.decode()
    break_down(plant, reason="A <tooth> is lost")
    shown = planner.get(page).content.decode()
    assert shown.count('class="stop is-breakdown"') == 1
    assert shown.count('class="stop is-maintenance"') == 2  # both lanes of the booth
    said = "Breakdown, Monday 1 March 05:59 to Monday 1 March 10:00: A &lt;tooth&gt; is lost"
    assert shown.count(said) == 2  # where the pointer rests, and read out with the lane's name
    assert shown.count("Maintenance, Monday 1 March 12:00 to Monday 1 March 14:00") == 4
    tomorrow = planner.get("/planner/?zoom=day&from=2027-03-02T00:00").content.decode()
    assert 'class="stop ' not in tomorrow
