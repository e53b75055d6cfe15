"""Planner's and operator's pages: who gets in, what they say, what their buttons do."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from orders.models import Order
from production import signals
from production.models import Plant, UnitEvent, WorkOrder
from production.services.asking import ask_for_plan
from production.services.planning import plan_plant
from production.views.board_window import ZOOMS
from tests.factories.production import make_factory, make_plant
from tests.factories.work_orders import make_work_order, make_work_orders

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PLANNER_PAGES = ("/planner/", "/planner/board", "/planner/unit", "/planner/plan/state")
OPERATOR_PAGES = ("/operator/", "/operator/floor")


@pytest.fixture
def plant() -> Plant:
    return make_plant()


def sign_in(client: Client, role: Role | None, slug: str = "factory") -> User:
    user = User.objects.create_user(f"{role or 'nobody'}-{slug}@example.org")
    if role is not None:
        Membership.objects.create(user=user, organisation=make_factory(slug), role=role)
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", [*PLANNER_PAGES, *OPERATOR_PAGES])
def test_strangers_are_asked_to_sign_in(client: Client, plant: Plant, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert client.get(path, headers=HTMX)["HX-Refresh"] == "true"


@pytest.mark.parametrize("role", [None, *Role])
def test_each_page_opens_to_its_roles_and_no_other(
    client: Client, plant: Plant, role: Role | None
) -> None:
    make_work_order(plant)
    sign_in(client, role)
    plans = role in {Role.PLANNER, Role.ADMINISTRATOR}
    operates = plans or role is Role.OPERATOR
    for path in PLANNER_PAGES:
        assert client.get(path).status_code == (200 if plans else 403), path
    for path in OPERATOR_PAGES:
        assert client.get(path).status_code == (200 if operates else 403), path


@pytest.mark.parametrize("path", [*PLANNER_PAGES, *OPERATOR_PAGES])
def test_a_foreign_plant_looks_like_none(client: Client, plant: Plant, path: str) -> None:
    work_order = make_work_order(plant)
    sign_in(client, Role.ADMINISTRATOR, "elsewhere")
    response = client.get(path, {"plant": plant.code, "unit": str(work_order.unit.public_id)})
    assert response.status_code == 404
    assert work_order.unit.serial not in response.content.decode()


def test_foreign_planners_change_nothing(client: Client, plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.update(dispatch="stuck")
    Plant.objects.update(plan_wanted_at=None)
    sign_in(client, Role.ADMINISTRATOR, "elsewhere")
    assert client.post("/planner/plan", {"plant": plant.code}).status_code == 404
    decide = reverse("production:decide", args=[work_order.public_id])
    assert client.post(decide, {"decision": "retry"}).status_code == 404
    plant.refresh_from_db()
    work_order.refresh_from_db()
    assert plant.plan_wanted_at is None
    assert work_order.dispatch == "stuck"


def test_operators_may_not_plan(client: Client, plant: Plant) -> None:
    sign_in(client, Role.OPERATOR)
    assert client.post("/planner/plan", {"plant": plant.code}).status_code == 403
    plant.refresh_from_db()
    assert plant.plan_wanted_at is None


def test_the_board_draws_a_link_for_every_operation_in_view(client: Client, plant: Plant) -> None:
    units = [work_order.unit for work_order in make_work_orders(plant, quantity=2)]
    sign_in(client, Role.PLANNER)
    page = client.get("/planner/").content.decode()
    assert page.count('role="gridcell"') == 8
    for unit in units:
        assert page.count(f"unit={unit.public_id}&amp;step=") == 4
    assert "8 operations in view." in page
    assert "style=" not in page
    elsewhere = client.get("/planner/", {"from": "2027-03-20T00:00"}).content.decode()
    assert elsewhere.count('role="gridcell"') == 0


@pytest.mark.parametrize("zoom", ZOOMS)
def test_bars_lie_within_the_axis(client: Client, plant: Plant, zoom: str) -> None:
    make_work_orders(plant, quantity=4)
    sign_in(client, Role.PLANNER)
    page = client.get("/planner/", {"zoom": zoom}).content.decode()
    placed = re.findall(r'role="gridcell" x="([\d.]+)%" y="3" width="([\d.]+)%"', page)
    assert placed
    assert all(float(x) >= 0 and float(x) + float(width) <= 100.001 for x, width in placed)


def test_words_of_customers_are_escaped(client: Client, plant: Plant) -> None:
    work_order = make_work_order(plant)
    Order.objects.filter(pk=work_order.unit.line.order_id).update(number='<b>"&')
    sign_in(client, Role.PLANNER)
    page = client.get("/planner/", {"zoom": "shift", "unit": str(work_order.unit.public_id)})
    assert "<b>" not in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"zoom": "year"},
        {"from": "soon"},
        {"from": "9999-01-01T00:00"},
    ],
)
def test_nonsense_in_the_address_is_explained(
    client: Client, plant: Plant, query: dict[str, str]
) -> None:
    sign_in(client, Role.PLANNER)
    assert client.get("/planner/", query).status_code == 422


@pytest.mark.parametrize("unit", ["nonsense", "01a20386-03cc-7808-8e33-9d2e884f1f10", "\x00"])
def test_an_unknown_unit_leaves_the_board_standing(client: Client, plant: Plant, unit: str) -> None:
    sign_in(client, Role.PLANNER)
    response = client.get("/planner/", {"unit": unit})
    assert response.status_code == 200
    assert 'role="grid"' in response.content.decode()


def test_the_chosen_unit_shows_its_whole_chain(client: Client, plant: Plant) -> None:
    unit = make_work_order(plant).unit
    sign_in(client, Role.PLANNER)
    page = client.get("/planner/", {"unit": str(unit.public_id), "step": "paint"}).content.decode()
    assert page.count("is-chosen") == 4
    chain = page[page.index("chosen-chain") :]
    assert chain.count("<li") >= 4
    assert reverse("production:unit", args=[unit.public_id]) in page
    assert reverse("orders:order", args=[unit.line.order.public_id]) in page


def test_search_leads_to_the_unit(client: Client, plant: Plant) -> None:
    unit = make_work_order(plant).unit
    sign_in(client, Role.PLANNER)
    response = client.get("/planner/", {"q": unit.serial})
    assert response.status_code == 302
    assert f"unit={unit.public_id}" in response["Location"]
    found = client.get("/planner/" + response["Location"].split("#")[0])
    assert found.content.decode().count("is-chosen") == 4
    missed = client.get("/planner/", {"q": "<nothing>"}).content.decode()
    assert "&lt;nothing&gt;" in missed
    assert "<nothing>" not in missed


def state_of(client: Client) -> str:
    page = client.get("/planner/board").content.decode()
    found = re.search(r"state=([^\"&]+)", page)
    assert found is not None
    return found[1]


def test_an_unchanged_board_answers_nothing(client: Client, plant: Plant) -> None:
    make_work_order(plant)
    sign_in(client, Role.PLANNER)
    state = state_of(client)
    assert client.get("/planner/board", {"state": state}).status_code == 204
    Plant.objects.update(booking_seq=plant.booking_seq + 7)
    assert client.get("/planner/board", {"state": state}).status_code == 200
    state = state_of(client)
    WorkOrder.objects.update(dispatch="stuck")
    assert client.get("/planner/board", {"state": state}).status_code == 200
    assert client.get("/planner/board", {"state": state, "zoom": "week"}).status_code == 200


@pytest.mark.parametrize("path", ["/planner/", "/operator/"])
def test_statements_do_not_grow_with_the_work(client: Client, plant: Plant, path: str) -> None:
    sign_in(client, Role.PLANNER)
    make_work_order(plant)
    WorkOrder.objects.update(dispatch="stuck")
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    make_work_orders(plant, quantity=9)
    WorkOrder.objects.update(dispatch="stuck")
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


def test_plan_now_wants_a_plan_and_wakes_who_makes_it(
    client: Client,
    plant: Plant,
    django_capture_on_commit_callbacks: pytest.FixtureRequest,
) -> None:
    Plant.objects.update(plan_wanted_at=None)
    woken: list[int] = []

    def listen(plant_id: int, **_: object) -> None:
        woken.append(plant_id)

    signals.plan_asked.connect(listen)
    try:
        user = sign_in(client, Role.PLANNER)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            response = client.post("/planner/plan", {"plant": plant.code})
        assert response.status_code == 302
        assert response["Location"] == "/planner/?plant=yard"
        plant.refresh_from_db()
        wanted = plant.plan_wanted_at
        assert wanted is not None
        assert plant.plan_wanted_for == f"asked by {user.email}"
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            again = client.post("/planner/plan", {"plant": plant.code}, headers=HTMX)
        plant.refresh_from_db()
        assert plant.plan_wanted_at == wanted
        assert woken == [plant.pk, plant.pk]
        assert "A plan is being made" in again.content.decode()
    finally:
        signals.plan_asked.disconnect(listen)


def test_plan_state_tells_the_board_once_the_plan_is_there(client: Client, plant: Plant) -> None:
    make_work_order(plant)
    Plant.objects.update(plan_wanted_at=None)  # as after the plan for the order
    user = sign_in(client, Role.PLANNER)
    ask_for_plan(plant_id=plant.pk, user=user)
    waiting = client.get("/planner/plan/state")
    assert "HX-Trigger" not in waiting
    assert "every 1s" in waiting.content.decode()
    plant.refresh_from_db()
    run = plan_plant(plant_id=plant.pk, trigger=plant.plan_wanted_for)
    assert run.was_published
    done = client.get("/planner/plan/state")
    assert json.loads(done["HX-Trigger"])["planned"] == {}
    assert "every 1s" not in done.content.decode()
    page = client.get("/planner/").content.decode()
    assert "Checked and published" in page
    assert f"asked by {user.email}" in page


def test_plan_now_refuses_a_link(client: Client, plant: Plant) -> None:
    sign_in(client, Role.PLANNER)
    assert client.get("/planner/plan").status_code == 405


def test_operators_see_what_waits_and_send_it_again(client: Client, plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.update(dispatch="rejected", last_error="unknown_station: saw-9", attempts=1)
    sign_in(client, Role.OPERATOR)
    page = client.get("/operator/").content.decode()
    assert "unknown_station: saw-9" in page
    decide = reverse("production:decide", args=[work_order.public_id])
    assert decide in page
    assert "Make again" not in page
    response = client.post(decide, {"decision": "retry"})
    assert response.status_code == 302
    work_order.refresh_from_db()
    assert (work_order.dispatch, work_order.attempts) == ("due", 0)
    assert "is sent to the line again" in client.get(response["Location"]).content.decode()
    again = client.post(decide, {"decision": "retry"}, headers=HTMX)
    assert again.status_code == 409


def test_a_retry_by_htmx_answers_the_floor(client: Client, plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.update(dispatch="stuck")
    sign_in(client, Role.PLANNER)
    decide = reverse("production:decide", args=[work_order.public_id])
    response = client.post(decide, {"decision": "retry"}, headers=HTMX)
    assert "Nothing is stuck" in response.content.decode()
    assert work_order.unit.serial in json.loads(response["HX-Trigger"])["toast"]["text"]


def test_a_unit_in_review_can_be_made_again(client: Client, plant: Plant) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.update(dispatch="review", status="running")
    sign_in(client, Role.OPERATOR)
    assert "Make again" in client.get("/operator/").content.decode()
    decide = reverse("production:decide", args=[work_order.public_id])
    client.post(decide, {"decision": "again"})
    work_order.refresh_from_db()
    assert work_order.status == "aborted"
    assert WorkOrder.objects.filter(unit=work_order.unit).count() == 2


@pytest.mark.parametrize("decision", ["", "delete"])
def test_an_unknown_decision_changes_nothing(client: Client, plant: Plant, decision: str) -> None:
    work_order = make_work_order(plant)
    WorkOrder.objects.update(dispatch="stuck")
    sign_in(client, Role.OPERATOR)
    decide = reverse("production:decide", args=[work_order.public_id])
    assert client.post(decide, {"decision": decision}).status_code == 422
    work_order.refresh_from_db()
    assert work_order.dispatch == "stuck"


@pytest.mark.parametrize(
    ("ago", "said"), [(None, "Never heard of"), (0, "Working"), (60, "Silent")]
)
def test_a_line_tells_how_it_is(client: Client, plant: Plant, ago: int | None, said: str) -> None:
    line = plant.lines.get()
    line.seen_at = None if ago is None else real_now() - timedelta(seconds=ago)
    line.status = {"state": "running", "queue": 4, "running": 2, "unsent": 0}
    line.save()
    sign_in(client, Role.OPERATOR)
    assert said in client.get("/operator/").content.decode()


@pytest.mark.parametrize(
    ("language", "plant_name", "step"), [("en", "Yard", "Sawing"), ("zh-hans", "工坊", "锯切")]
)
def test_staff_read_names_not_codes(
    client: Client, plant: Plant, language: str, plant_name: str, step: str
) -> None:
    work_order = make_work_order(plant)
    texts = work_order.unit.line.texts
    for code, name in (("en", "Sawing"), ("zh-hans", "锯切")):
        texts.document.setdefault(code, {})["operations"] = {"saw": name}
    texts.save()
    event = UnitEvent.objects.filter(unit=work_order.unit).latest("seq")
    UnitEvent.objects.filter(pk=event.pk).update(stage="making", facts={"operation": "saw"})
    sign_in(client, Role.PLANNER)
    client.cookies["django_language"] = language
    for path in ("/planner/", "/operator/"):
        assert f"{plant_name}, Europe/Berlin" in client.get(path).content.decode()
    assert f": {step}</td>" in client.get("/operator/").content.decode()
    make_plant(code="shed", names={"en": "Shed", "zh-hans": "棚子"})
    for path in ("/planner/", "/operator/"):
        page = client.get(path).content.decode()
        tabs = re.findall(r'<a href="\?plant=(\w+)"[^>]*>([^<]+)</a>', page)
        assert dict(tabs) == {"yard": plant_name, "shed": "Shed" if language == "en" else "棚子"}
