"""Promised against reached, and the buffer that is learnt from it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosmo.accounts.models import Membership, User
from cosmo.lib.ports import promise_source
from design.models import Offer
from orders.models import ChangeOrder, Unit
from production.models import Engineering, HeldUnit, Operation, Plant, Shipment, WorkOrder
from production.selectors.accuracy import FEWEST_UNITS, accuracy_of, buffer_min, lateness_min
from production.services.learning import learn_buffers
from tests.factories.orders import make_revision, pay, place
from tests.factories.production import MONDAY, make_factory, make_plant
from tests.factories.shop import make_shop

pytestmark = pytest.mark.django_db
SINCE = MONDAY - timedelta(days=30)


@pytest.fixture
def plant(db: None) -> Plant:
    return make_plant()


@pytest.fixture
def offer(plant: Plant) -> Offer:
    return make_shop(plant)


def deliver(unit: Unit, days_late: int) -> None:
    promised: date = HeldUnit.objects.filter(unit=unit).latest("id").promise_date
    noon = datetime(promised.year, promised.month, promised.day, 11, tzinfo=UTC)
    at = noon + timedelta(days=days_late)
    Shipment.objects.create(
        plant=Plant.objects.get(),
        unit=unit,
        carrier="simulated",
        parcel_number=f"P{unit.pk}",
        ready_at=at,
        pickup_at=at,
        expected_at=at,
        handed_over_at=at,
        delivered_at=at,
    )


def sell_and_deliver(offer: Offer, *days_late: int) -> list[Unit]:
    order = pay(place(offer, quantity=len(days_late)))
    units = list(Unit.objects.filter(line__order=order).order_by("id"))
    for unit, days in zip(units, days_late, strict=True):
        deliver(unit, days)
    return units


def test_nothing_delivered_is_no_report(plant: Plant, offer: Offer) -> None:
    pay(place(offer))
    report = accuracy_of(plant, since=SINCE)
    assert (report.whole, report.products, report.options) == (None, (), ())


def test_promised_minus_reached_by_product_and_option(plant: Plant, offer: Offer) -> None:
    sell_and_deliver(offer, -2, -1, 0, 3)
    report = accuracy_of(plant, since=SINCE)
    assert report.whole is not None
    assert (report.whole.units, report.whole.kept, report.whole.kept_percent) == (4, 3, 75.0)
    assert (report.whole.median_days, report.whole.worst_days) == (0.5, -3)
    assert [one.product for one in report.products] == ["stool"]
    assert [(one.feature, one.option, one.units) for one in report.options] == [
        ("colour", "white", 4),
        ("size", "small", 4),
    ]


def test_a_slip_somebody_lived_with_stays_a_broken_word(plant: Plant, offer: Offer) -> None:
    (unit,) = sell_and_deliver(offer, 3)
    unit.line.promise_date += timedelta(days=3)  # as when the customer waits
    unit.line.save()
    report = accuracy_of(plant, since=SINCE)
    assert report.whole is not None
    assert report.whole.kept == 0


def test_a_change_the_customer_asked_for_is_a_new_word(plant: Plant, offer: Offer) -> None:
    (unit,) = sell_and_deliver(offer, 3)
    ChangeOrder.objects.create(
        unit=unit,
        status="done",
        selection_before={},
        selection_after={},
        price_lines_after=[],
        price_before=1,
        price_after=1,
        promise_before=unit.line.promise_date,
        promise_after=unit.line.promise_date + timedelta(days=5),
    )
    report = accuracy_of(plant, since=SINCE)
    assert report.whole is not None
    assert (report.whole.kept, report.whole.median_days) == (1, 2.0)


def test_the_report_takes_as_many_statements_for_many_units(plant: Plant, offer: Offer) -> None:
    sell_and_deliver(offer, 0)
    accuracy_of(plant, since=SINCE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        accuracy_of(plant, since=SINCE)
    sell_and_deliver(offer, 0, 1, 2)
    with CaptureQueriesContext(connection) as many:
        accuracy_of(plant, since=SINCE)
    assert len(few) == len(many) == 1


# --- what is learnt


def make_late(offer: Offer, minutes: list[int]) -> None:
    """Units made so many minutes after the moment their promise allowed."""
    made = 0
    while made < len(minutes):
        order = pay(place(offer, quantity=min(20, len(minutes) - made)))
        for work_order in WorkOrder.objects.filter(unit__line__order=order).order_by("id"):
            ended = work_order.due_at + timedelta(minutes=minutes[made])
            Operation.objects.filter(work_order=work_order).update(status="done", ended_at=ended)
            WorkOrder.objects.filter(pk=work_order.pk).update(status="closed")
            made += 1


def test_too_few_units_teach_nothing(plant: Plant, offer: Offer) -> None:
    make_late(offer, [5000] * (FEWEST_UNITS - 1))
    assert len(lateness_min(plant, offer_id=offer.pk)) == FEWEST_UNITS - 1
    assert buffer_min(plant_id=plant.pk, offer_id=offer.pk) == 0


@pytest.mark.parametrize(
    ("minutes", "learnt"),
    [
        ([-300] * 20, 0),  # early: nothing to add, and nothing is taken away
        ([60] * 20, 0),  # within the plant's own buffer of 60
        ([100] * 20, 40),
        ([0] * 19 + [200], 0),  # one in twenty is not the rule
        ([10_000] * 20, 2880),  # never more than two days
    ],
)
def test_lateness_beyond_the_plants_buffer_is_added(
    plant: Plant, offer: Offer, minutes: list[int], learnt: int
) -> None:
    make_late(offer, minutes)
    assert buffer_min(plant_id=plant.pk, offer_id=offer.pk) == learnt


def test_a_buffer_that_works_does_not_unlearn_itself(
    plant: Plant, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("production.selectors.accuracy.LEARNT_FROM", 20)  # the last ones alone
    make_late(offer, [60 + 1440] * 20)
    assert learn_buffers() == 1
    for _ in range(2):  # made just so that a promise with the buffer is kept
        make_late(offer, [60] * 20)
        learn_buffers()
        assert Engineering.objects.get().learnt_buffer_min == 1440


def test_what_was_learnt_is_in_the_next_promise(plant: Plant, offer: Offer) -> None:
    asked: dict[str, Any] = {"offer_id": offer.pk, "selection": make_revision(offer).selection}
    make_late(offer, [60 + 1440] * 20)
    before = promise_source().inquire(**asked)
    assert learn_buffers() == 1
    assert learn_buffers() == 0
    assert Engineering.objects.get().learnt_buffer_min == 1440
    after = promise_source().inquire(**asked)
    assert after.leaves_at == before.leaves_at
    assert after.date > before.date


# --- the page


@pytest.fixture
def planner(client: Client, plant: Plant) -> Client:
    user = User.objects.create_user(email="plan@example.org", password="pw")
    Membership.objects.create(user=user, organisation=make_factory(), role="planner")
    client.force_login(user)
    return client


def test_planners_read_it_as_page_json_and_csv(planner: Client, offer: Offer) -> None:
    sell_and_deliver(offer, -1, 2)
    page = planner.get("/planner/accuracy?plant=yard")
    # the plant's clock stands at MONDAY: what is delivered after it is no history yet
    assert page.status_code == 200
    numbers = planner.get("/planner/accuracy?plant=yard&format=json").json()
    assert numbers["whole"]["units"] == 2
    assert numbers["whole"]["kept_percent"] == 50.0
    answer = planner.get("/planner/accuracy?plant=yard&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["product"], row["feature"], row["units"]) for row in rows] == [
        ("", "", "2"),
        ("stool", "", "2"),
        ("stool", "colour", "2"),
        ("stool", "size", "2"),
    ]


def test_nobody_else_reads_it(client: Client, plant: Plant) -> None:
    assert client.get("/planner/accuracy").status_code == 302
    client.force_login(User.objects.create_user(email="x@example.org", password="pw"))
    assert client.get("/planner/accuracy").status_code == 403
