"""A unit's page, its live facts and its passport."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from orders.models import ChangeOrder
from orders.selectors.access import SESSION_GRANTS
from orders.services.changes import ask_change
from production import tasks
from production.lifecycle import Stage, WorkOrderStatus
from production.models import Line, Plant, UnitEvent, WorkOrder
from production.selectors.progress import progress_of
from production.services import planning
from production.services.history import Happening, record_events
from production.services.withdrawals import withdraw_units
from production.tickets import group_of, unit_group
from tests.factories.documents import OFFER
from tests.factories.production import MONDAY, make_offer, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Body, Reporter, deliver

pytestmark = pytest.mark.django_db
GTIN = OFFER["gtin"]


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    made = make_accepted(make_work_order(plant, engraving="For Ada"), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    return made


@pytest.fixture
def customer(work_order: WorkOrder) -> Client:
    """The browser that placed the order."""
    client = Client()
    session = client.session
    session[SESSION_GRANTS] = [str(work_order.unit.line.order.public_id)]
    session.save()
    return client


def address(work_order: WorkOrder, name: str = "unit") -> str:
    return reverse(f"production:{name}", args=[work_order.unit.public_id])


def titles(html: str) -> list[tuple[str, str]]:
    """(state, title) of each stage."""
    found = re.findall(r'timeline-stage is-(\w+)".*?timeline-title">(.*?)</p>', html, re.DOTALL)
    return [(state, title.strip()) for state, title in found]


def test_page_shows_the_way_with_the_present_stage(customer: Client, work_order: WorkOrder) -> None:
    deliver(work_order, Reporter(work_order).queue()[:3])
    html = customer.get(address(work_order)).content.decode()
    assert titles(html) == [
        ("done", "Order confirmed"),
        ("done", "Planned for Monday 1 March"),
        ("current", "In the queue, position 2"),
        ("next", "Next on the line"),
        ("next", "Being made"),
        ("next", "Made, quality check"),
        ("next", "Ready to ship"),
        ("next", "On its way"),
        ("next", "Delivered"),
    ]
    assert work_order.unit.serial in html
    assert 'aria-current="step"' in html
    assert "<svg" in html
    assert "For Ada" in html  # the customer's own text is theirs to see


def running(line: Reporter) -> list[Body]:
    return [*line.queue(), *line.make("saw"), line.about("paint", "started")]


def paused(line: Reporter) -> list[Body]:
    reason = {"code": "sensor_fault", "text": "Sensor 7."}
    return [*running(line), line.about("paint", None, "Interrupted/Held", reason=reason)]


def unheard(line: Reporter) -> list[Body]:
    reason = {"code": "own_code", "text": "The <b>lunch</b> break."}
    return [*running(line), line.about("paint", None, "Interrupted/Held", reason=reason)]


@pytest.mark.parametrize(
    ("reports", "place", "shown"),
    [
        (running, 4, ("current", "Being made: paint, 2 of 5")),
        (paused, 4, ("stopped", "Paused: the station is being checked")),
        (unheard, 4, ("stopped", "Paused: The &lt;b&gt;lunch&lt;/b&gt; break.")),
    ],
)
def test_present_stage_says_what_is_going_on(
    customer: Client, work_order: WorkOrder, reports: Any, place: int, shown: tuple[str, str]
) -> None:
    deliver(work_order, reports(Reporter(work_order)))
    html = customer.get(address(work_order, "progress")).content.decode()
    assert titles(html)[place] == shown
    assert [state for state, _ in titles(html)].count("next") == 4


def notes(html: str) -> list[str]:
    return [re.sub(r"\s+", " ", one) for one in re.findall(r'timeline-note">([^<]+)<', html)]


def test_a_station_is_called_by_where_it_stands(customer: Client, work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    deliver(work_order, [*line.queue(), line.about("saw", "started", station="saw-2")])
    html = customer.get(address(work_order, "progress")).content.decode()
    assert notes(html) == ["Saws, station 2"]
    assert "saw-2" not in html


def test_between_two_steps_it_says_what_comes_and_when(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    line = Reporter(work_order)
    deliver(work_order, [*line.queue(), *line.make("saw")])
    set_plant_time(plant, MONDAY + timedelta(minutes=5))
    html = customer.get(address(work_order, "progress")).content.decode()
    assert titles(html)[4] == ("current", "Waiting for its next step, 1 of 5 done")
    [note] = notes(html)
    assert re.fullmatch(r"Goes on with paint: \w+ 1 March.*\.", note)
    assert "No shift" not in note


def test_over_night_it_says_that_nobody_works_there(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    line = Reporter(work_order)
    deliver(work_order, [*line.queue(), *line.make("saw")])
    set_plant_time(plant, MONDAY + timedelta(hours=18))
    planning.plan_plant(plant_id=plant.pk, trigger="test")
    html = customer.get(address(work_order, "progress")).content.decode()
    [note] = notes(html)
    assert re.fullmatch(r"No shift works there now\. Goes on with paint: \w+ 2 March.*\.", note)


def test_what_the_plan_has_lost_sight_of_goes_on_when_it_can(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    line = Reporter(work_order)
    deliver(work_order, [*line.queue(), *line.make("saw")])
    set_plant_time(plant, MONDAY + timedelta(hours=26))  # its place has gone by
    html = customer.get(address(work_order, "progress")).content.decode()
    assert notes(html) == ["Goes on with paint as soon as a station is free."]
    set_plant_time(plant, MONDAY + timedelta(hours=18))
    html = customer.get(address(work_order, "progress")).content.decode()
    assert notes(html) == ["Goes on with paint when the next shift begins."]


def test_of_a_cancelled_unit_nothing_goes_on(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    line = Reporter(work_order)
    deliver(work_order, [*line.queue(), *line.make("saw")])
    withdraw_units(unit_ids=[work_order.unit_id], even_if_begun=True)
    html = customer.get(address(work_order, "progress")).content.decode()
    assert "This unit is cancelled and not made." in html
    assert 'data-headline="Cancelled"' in html
    assert "Goes on" not in html
    assert "Waiting" not in html


def test_a_plan_that_is_overdue_names_no_moment_that_is_gone(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    order = reverse("orders:order", args=[work_order.unit.line.order.public_id])
    # The first step should have begun, later ones not yet; then all of them should have.
    for late, overdue in ((timedelta(minutes=10), 1), (timedelta(hours=9), 3)):
        set_plant_time(plant, MONDAY + late)
        html = customer.get(address(work_order, "progress")).content.decode()
        assert "You can change or cancel it until work begins." in html
        page = customer.get(order).content.decode()
        assert "You can change or cancel it until work begins." in page
        assert page.count("when its turn comes") == overdue
        assert "not planned yet" not in page


def test_a_job_whose_line_reports_no_step_can_be_changed_no_more(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    WorkOrder.objects.filter(pk=work_order.pk).update(status=WorkOrderStatus.RUNNING)
    nothing_can_be_changed(customer, work_order)


def test_what_failed_and_is_to_be_done_again_has_begun(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    work_order.operations.filter(position=1).update(started_at=MONDAY, ended_at=MONDAY)
    nothing_can_be_changed(customer, work_order)


def nothing_can_be_changed(customer: Client, work_order: WorkOrder) -> None:
    unit = work_order.unit
    order = reverse("orders:order", args=[unit.line.order.public_id])
    change = reverse("orders:change", args=[unit.line.order.public_id, unit.public_id])
    for page in (address(work_order, "progress"), address(work_order), order, change):
        html = customer.get(page).content.decode()
        assert "You can change or cancel it" not in html, page
        assert "nothing is begun before" not in html, page
    with pytest.raises(DomainError) as refused:
        ask_change(unit_id=unit.pk, feature="colour", option="black")
    assert refused.value.code == "already_in_production"
    assert not ChangeOrder.objects.exists()


def test_before_the_first_step_it_says_when_that_is_planned(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    set_plant_time(plant, MONDAY)
    html = customer.get(address(work_order, "progress")).content.decode()
    [note] = notes(html)
    assert note.startswith("Work is planned to begin: Monday 1 March")


def test_scrap_is_said_and_the_way_begins_again(customer: Client, work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    reason = {"code": "scrap", "text": "Gone."}
    deliver(work_order, [*running(line), line.say("Aborted", reason=reason, scrap=1)])
    progress = progress_of(work_order.unit)
    assert [stage.state for stage in progress.stages][:3] == ["done", "current", "next"]
    assert progress.headline.startswith("Planned for ")
    assert progress.remakes == 1


def test_delivered_unit_is_all_done(plant: Plant, customer: Client, work_order: WorkOrder) -> None:
    deliver(work_order, Reporter(work_order).life())
    tasks.parcels.move_parcels()
    set_plant_time(plant, MONDAY + timedelta(days=9))
    tasks.parcels.move_parcels()
    html = customer.get(address(work_order, "progress")).content.decode()
    assert {state for state, _ in titles(html)} == {"done"}
    assert "data-over" in html
    assert 'data-headline="Delivered"' in html
    assert re.search(r"Parcel SIM\d{14}, expected on Tuesday 2 March", html)


def test_silent_line_is_said_and_fast_time_too(
    plant: Plant, customer: Client, work_order: WorkOrder
) -> None:
    html = customer.get(address(work_order, "progress")).content.decode()
    assert "has not been heard of" not in html
    assert "times faster" not in html
    Line.objects.update(seen_at=real_now() - timedelta(minutes=1))
    set_plant_time(plant, MONDAY, factor=7200)
    html = customer.get(address(work_order, "progress")).content.decode()
    assert "has not been heard of" in html
    assert "runs 7,200 times faster" in html


def test_page_speaks_chinese(customer: Client, work_order: WorkOrder) -> None:
    with translation.override("zh-hans"):
        progress = progress_of(work_order.unit)
    assert "3月1日" in progress.stages[1].title


@pytest.mark.parametrize("name", ["unit", "progress", "events", "ticket"])
def test_a_stranger_sees_nothing(work_order: WorkOrder, name: str) -> None:
    stranger = User.objects.create_user("eve@example.org", "x" * 12)
    for client in (Client(), Client()):
        assert client.get(address(work_order, name)).status_code == 404
        client.force_login(stranger)
        assert client.get(address(work_order, name)).status_code == 404


@pytest.mark.parametrize("name", ["unit", "progress", "events", "ticket"])
def test_private_pages_are_kept_by_no_cache(
    customer: Client, work_order: WorkOrder, name: str
) -> None:
    answer = customer.get(address(work_order, name))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert customer.post(address(work_order, name)).status_code in (403, 405)


def test_events_after_a_seq_come_in_order_and_each_once(
    customer: Client, work_order: WorkOrder
) -> None:
    deliver(work_order, Reporter(work_order).life())
    everything = customer.get(address(work_order, "events")).json()
    seqs = [event["seq"] for event in everything["events"]]
    assert seqs == sorted(set(seqs))
    assert everything["last"] == seqs[-1]
    assert everything["more"] is False
    assert everything["events"][0]["stage"] == "confirmed"
    for after in (0, seqs[3], seqs[-1], seqs[-1] + 100):
        rest = customer.get(address(work_order, "events"), {"after": after}).json()
        assert [event["seq"] for event in rest["events"]] == [seq for seq in seqs if seq > after]


def test_long_absence_is_told_in_pages(customer: Client, work_order: WorkOrder) -> None:
    moments = [
        Happening(
            unit_id=work_order.unit_id,
            stage=Stage.QUEUED,
            plant_time=MONDAY,
            facts={"position": position},
        )
        for position in range(250, 0, -1)
    ]
    with transaction.atomic():
        record_events(plant_id=work_order.plant_id, happenings=moments)
    seen: list[int] = []
    answers: list[Any] = []
    while not answers or answers[-1]["more"]:
        after = {"after": seen[-1] if seen else 0}
        answers.append(customer.get(address(work_order, "events"), after).json())
        seen += [event["seq"] for event in answers[-1]["events"]]
    assert [len(answer["events"]) for answer in answers] == [200, 52]
    wanted = UnitEvent.objects.filter(unit=work_order.unit).order_by("seq")
    assert seen == list(wanted.values_list("seq", flat=True))


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "9" * 30, "١"])
def test_seq_that_is_none_is_refused(customer: Client, work_order: WorkOrder, after: str) -> None:
    assert customer.get(address(work_order, "events"), {"after": after}).status_code == 422


def test_ticket_opens_this_unit_at_the_address_of_the_page_or_of_settings(
    customer: Client, work_order: WorkOrder, settings: Any
) -> None:
    answer = customer.get(address(work_order, "ticket")).json()
    assert group_of(answer["ticket"]) == unit_group(work_order.unit.public_id)
    path = f"/ws/units/{work_order.unit.public_id}?ticket={answer['ticket']}"
    assert answer["url"] == f"ws://testserver{path}"
    settings.LIVE_URL = "wss://live.example.org"
    answer = customer.get(address(work_order, "ticket")).json()
    assert answer["url"].startswith("wss://live.example.org/ws/units/")
    secure = customer.get(address(work_order, "ticket"), secure=True)
    assert secure.json()["url"].startswith("wss://")


def test_page_and_part_cost_few_statements(customer: Client, work_order: WorkOrder) -> None:
    deliver(work_order, Reporter(work_order).life())
    cache.clear()
    customer.get(address(work_order))
    with CaptureQueriesContext(connection) as part:
        customer.get(address(work_order, "progress"))
    with CaptureQueriesContext(connection) as page:
        customer.get(address(work_order))
    assert len(part) <= 8
    assert len(page) <= 8


# The passport


def test_passport_is_public_and_holds_nothing_personal(work_order: WorkOrder) -> None:
    deliver(work_order, Reporter(work_order).life())
    unit = work_order.unit
    answer = Client().get(unit.digital_link)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert unit.serial in html
    assert "Made at Yard on" in html
    assert "LEG" in html
    assert "PLATE" in html  # as built, without what stands on it
    for secret in ("Ada", "example.org", "Loom Street", unit.line.order.number):
        assert secret not in html
    assert "passed" in html
    assert "<path" in html


def test_passport_of_a_unit_that_is_being_made_says_so(work_order: WorkOrder) -> None:
    html = Client().get(work_order.unit.digital_link).content.decode()
    assert "Being made at Yard" in html
    assert "LEG" not in html


def test_passport_names_materials_and_no_tone_of_the_picture(
    work_order: WorkOrder,
) -> None:
    shape = OFFER["shape"]
    tones = {
        "shade": {"colour": "#554422", "finish": "wood", "made_of": "'wood'"},
        "light": {"colour": "#ffe2b0", "finish": "emissive", "made_of": "'none'"},
    }
    parts = [{**shape["parts"][0], "id": tone, "material": f"'{tone}'"} for tone in tones]
    changed = {**shape, "materials": {**tones, **shape["materials"]}}
    changed["parts"] = [*parts, *shape["parts"]]
    line = work_order.unit.line
    line.offer = make_offer(shape=changed)
    line.save()
    html = Client().get(line.units.get().digital_link).content.decode()
    materials = re.search(r'id="materials-title">.*?<p>(.*?)</p>', html, re.DOTALL)
    assert materials is not None
    assert materials[1] == "wood"


def test_code_on_the_product_leads_to_the_passport(work_order: WorkOrder, settings: Any) -> None:
    link = settings.PUBLIC_URL + work_order.unit.digital_link
    assert link == f"http://127.0.0.1:8000/01/0{GTIN}/21/{work_order.unit.serial}"
    html = Client().get(work_order.unit.digital_link).content.decode()
    assert link in html
    assert 'class="qr"' in html
    assert "style=" not in html.split('class="qr"')[0].rsplit("<svg", 1)[1]


@pytest.mark.parametrize(
    "path",
    [f"/01/0{GTIN}/21/{serial}" for serial in ("nothing", "%00", "a" * 21)] + ["/01/0/21/x"],
)
def test_passport_of_nothing_is_not_found(work_order: WorkOrder, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_order_page_composes_the_progress_by_address(
    customer: Client, work_order: WorkOrder
) -> None:
    order = work_order.unit.line.order
    html = customer.get(reverse("orders:order", args=[order.public_id])).content.decode()
    assert f'hx-get="{address(work_order, "progress")}?within=order"' in html
    assert json.dumps(work_order.unit.serial)[1:-1] in html
