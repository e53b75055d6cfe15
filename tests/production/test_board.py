"""The board's facts: every booking once in its row, what is late, how full, in few statements."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import has_role, organisations_of
from cosmo.lib.errors import Invalid, NotFound
from cosmo.lib.ports import promise_source
from production.compile import floor_of
from production.models import Booking, Operation, Plant, WorkOrder
from production.selectors.board import (
    PLANNERS,
    Bar,
    CentreRows,
    access_plant,
    bookings_between,
    plants_visible_to,
    rows_of,
    words_of,
)
from production.selectors.downtimes import stops_between
from production.selectors.plan_figures import dispatch_counts, last_run, late_units, load_of
from production.selectors.unit_chain import find_unit, unit_chain
from production.views.board_window import read_window
from tests.factories.production import MONDAY, make_factory, make_offer, make_order, make_plant
from tests.factories.work_orders import make_due, make_work_order, make_work_orders

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
MIDNIGHT = datetime(2027, 2, 28, 23, tzinfo=UTC)  # of Monday, in Berlin


def read_rows(plant: Plant, *, days: int = 7, language: str = "en") -> tuple[CentreRows, ...]:
    floor = floor_of(plant)
    end = MIDNIGHT + days * DAY
    booked = bookings_between(plant, MIDNIGHT, end)
    return rows_of(
        floor,
        booked,
        words=words_of((row.texts_id for row in booked), language),
        late=frozenset(unit.work_order_id for unit in late_units(plant, floor)),
        stops=stops_between(plant.pk, floor, MIDNIGHT, end),
        start=MIDNIGHT,
        end=end,
        language=language,
    )


def bars_in(rows: tuple[CentreRows, ...]) -> list[Bar]:
    return [bar for centre in rows for lane in centre.lanes for bar in lane.bars]


def test_every_booking_stands_once_in_its_row() -> None:
    plant = make_plant()
    make_work_orders(plant, quantity=3)
    promise_source().hold(order_id=make_order(make_offer(plant)).pk, lasts=timedelta(minutes=15))
    rows = read_rows(plant)
    assert [centre.code for centre in rows] == ["saws", "paint", "bench"]
    assert [lane.name for centre in rows for lane in centre.lanes] == [
        *("saw-1", "saw-2"),
        *("booth/1", "booth/2"),
        *("bench-1/1", "bench-1/2"),
    ]
    shown = {
        (lane.name, bar.serial, bar.code, bar.start, bar.end, bar.set_up_min, bar.status)
        for centre in rows
        for lane in centre.lanes
        for bar in lane.bars
    }
    lanes = {lane.id: lane for lane in floor_of(plant).lanes}
    booked = {
        (
            lanes[row.lane_id].resource
            if lanes[row.lane_id].work_centre == "saws"
            else lanes[row.lane_id].name,
            row.unit.serial,
            row.operation_code,
            row.period.lower,
            row.period.upper,
            row.set_up_min,
            "kept" if row.hold_id else "planned",
        )
        for row in Booking.objects.select_related("unit")
    }
    assert shown == booked
    assert len(shown) == 16
    bar = bars_in(rows)[0]
    assert (bar.product, bar.name, bar.quantity) == ("Stool", "saw", 3)
    assert len({bar.key for bar in bars_in(rows)}) == 16


def test_only_what_lies_in_view_is_read() -> None:
    plant = make_plant()
    make_work_order(plant)
    first, *_ = bookings_between(plant, MIDNIGHT, MIDNIGHT + DAY)
    assert bookings_between(plant, MIDNIGHT, first.start) == []
    assert bookings_between(plant, first.start, first.start + timedelta(minutes=1)) == [first]
    assert first not in bookings_between(plant, first.end, first.end + DAY)


def test_the_state_of_the_operation_is_the_state_of_its_bar() -> None:
    plant = make_plant()
    work_order = make_work_order(plant)
    Operation.objects.filter(work_order=work_order, code="saw").update(status="done")
    Operation.objects.filter(work_order=work_order, code="paint").update(status="running")
    assert [bar.status for bar in bars_in(read_rows(plant))] == [
        "done",
        "running",
        "planned",
        "planned",
    ]
    WorkOrder.objects.update(status="held")
    assert "paused" in [bar.status for bar in bars_in(read_rows(plant))]


def test_closed_time_is_what_the_calendar_leaves() -> None:
    [saws, *_] = read_rows(make_plant(), days=1)
    local = [(a.astimezone(BERLIN).hour, b.astimezone(BERLIN).hour) for a, b in saws.closed]
    assert local == [(0, 6), (18, 0)]


def test_names_come_in_the_readers_language_else_english() -> None:
    plant = make_plant()
    make_work_order(plant)
    [bar, *_] = bars_in(read_rows(plant, language="zh-hans"))
    assert bar.product == "Stool"


def test_late_units_are_those_that_miss_their_day_worst_first() -> None:
    plant = make_plant()
    kept, late, later = make_work_orders(plant, quantity=3)
    for work_order, days in ((late, 1), (later, 3)):
        line = work_order.unit.line
        WorkOrder.objects.filter(pk=work_order.pk).update(due_at=MONDAY - days * DAY)
        line.promise_date = date(2027, 3, 1)
        line.save()
    found = late_units(plant, floor_of(plant))
    assert {unit.serial for unit in found} == {late.unit.serial, later.unit.serial}
    assert [unit.days for unit in found] == [1, 1]
    marked = {bar.serial for bar in bars_in(read_rows(plant)) if bar.is_late}
    assert marked == {late.unit.serial, later.unit.serial}
    assert kept.unit.serial not in marked


def test_load_is_booked_of_open_minutes_by_local_day() -> None:
    plant = make_plant()
    make_work_orders(plant, quantity=3)
    loads = load_of(plant, floor_of(plant), first=date(2027, 3, 1), language="en")
    saws, _, bench = loads
    assert [day.day for day in saws.days] == [date(2027, 3, 1) + n * DAY for n in range(7)]
    assert bench.days[0].open_min == 2 * 12 * 60
    assert bench.days[0].booked_min == 3 * 25
    assert bench.days[0].percent == 5
    sunday = bench.days[6]
    assert (sunday.open_min, sunday.percent) == (0, None)
    assert bench.percent == round(100 * 75 / (5 * 1440))


def test_dispatch_counts_name_every_status() -> None:
    plant = make_plant()
    first, *_ = make_work_orders(plant, quantity=3)
    make_due(first)
    assert dispatch_counts(plant) == {
        "waiting": 2,
        "due": 1,
        "accepted": 0,
        "rejected": 0,
        "stuck": 0,
        "review": 0,
    }
    assert last_run(plant) is None


@pytest.mark.parametrize("quantity", [1, 12])
def test_the_board_costs_eight_statements_whatever_its_size(quantity: int) -> None:
    plant = make_plant()
    make_work_orders(plant, quantity=quantity)
    user = User.objects.create_user("ada@example.org")
    Membership.objects.create(user=user, organisation=plant.organisation, role=Role.PLANNER)
    read_rows(plant)  # the floor is read once a process
    with CaptureQueriesContext(connection) as asked:
        found = access_plant(list(plants_visible_to(user, *PLANNERS)), "")
        read_rows(found)
        load_of(found, floor_of(found), first=date(2027, 3, 1), language="en")
        dispatch_counts(found)
        last_run(found)
    assert len(asked) == 8


def test_a_units_chain_has_all_its_steps() -> None:
    plant = make_plant()
    work_order = make_work_order(plant)
    chain = unit_chain(plant, floor_of(plant), work_order.unit.public_id, "en")
    assert [step.code for step in chain.steps] == ["saw", "paint", "check", "pack"]
    assert chain.work_order == work_order
    assert chain.expected is not None
    assert chain.days_late == (chain.expected - work_order.unit.line.promise_date).days
    assert {step.lane for step in chain.steps[1:2]} <= {"booth/1", "booth/2"}


def test_a_quoted_unit_shows_what_is_kept_for_it() -> None:
    plant = make_plant()
    order = make_order(make_offer(plant))
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
    unit = order.lines.get().units.get()
    chain = unit_chain(plant, floor_of(plant), unit.public_id, "en")
    assert chain.work_order is None
    assert [step.code for step in chain.steps] == ["saw", "paint", "check", "pack"]


def test_a_unit_that_is_not_planned_here_is_not_found() -> None:
    plant = make_plant()
    unit = make_order(make_offer(plant)).lines.get().units.get()
    with pytest.raises(NotFound):
        unit_chain(plant, floor_of(plant), unit.public_id, "en")


def test_search_finds_by_number_serial_or_a_part_of_them() -> None:
    plant = make_plant()
    work_order = make_work_order(plant)
    unit = work_order.unit
    now = plant.clock.now()
    number = unit.line.order.number
    expected = (unit.public_id, bookings_between(plant, now, now + DAY)[0].start)
    for query in (number, number[-4:], unit.serial.lower()):
        assert find_unit(plant, query, now) == expected
    assert find_unit(plant, "nothing like it", now) is None
    assert find_unit(plant, "%", now) is None


@pytest.mark.parametrize("role", Role)
def test_plants_are_for_those_who_work_there(role: Role) -> None:
    plant = make_plant()
    user = User.objects.create_user("ada@example.org")
    Membership.objects.create(user=user, organisation=plant.organisation, role=role)
    sees = role in {Role.PLANNER, Role.OPERATOR, Role.ADMINISTRATOR}
    plans = role in {Role.PLANNER, Role.ADMINISTRATOR}
    assert plants_visible_to(user).exists() is sees
    assert plants_visible_to(user, *PLANNERS).exists() is plans
    assert has_role(user, plant.organisation, role)
    assert not has_role(user, make_factory("elsewhere"), role)
    assert not has_role(AnonymousUser(), plant.organisation, role)
    assert list(organisations_of(user, role)) == [plant.organisation]


def test_a_planner_of_another_organisation_sees_nothing_of_it() -> None:
    plant = make_plant()
    stranger = User.objects.create_user("eve@example.org")
    Membership.objects.create(
        user=stranger, organisation=make_factory("elsewhere"), role=Role.PLANNER
    )
    plants = list(plants_visible_to(stranger))
    assert plants == []
    assert list(plants_visible_to(AnonymousUser())) == []
    with pytest.raises(NotFound):
        access_plant(plants, plant.code)


NOW = datetime(2027, 3, 1, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zoom", "start", "end"),
    [
        ("shift", "2027-03-01T09:00", "2027-03-01T17:00"),
        ("day", "2027-03-01T08:00", "2027-03-02T08:00"),
        ("", "2027-03-01T08:00", "2027-03-02T08:00"),
        ("3days", "2027-03-01T00:00", "2027-03-04T00:00"),
        ("week", "2027-03-01T00:00", "2027-03-08T00:00"),
    ],
)
def test_the_window_follows_the_plants_clock(zoom: str, start: str, end: str) -> None:
    window = read_window(zoom=zoom, start="", now=NOW, zone=BERLIN)
    assert window.follows
    assert window.local_start == start
    assert f"{window.end.astimezone(BERLIN):%Y-%m-%dT%H:%M}" == end
    assert window.has(NOW)


def test_a_week_with_a_change_of_the_clock_still_ends_at_midnight() -> None:
    window = read_window(zoom="week", start="2027-03-24T00:00", now=NOW, zone=BERLIN)
    assert (window.end - window.start) == 7 * DAY - timedelta(hours=1)
    assert [day for day, _, _ in window.days()][-1] == date(2027, 3, 30)
    assert len({tick.at for tick in window.ticks()}) == len(list(window.ticks())) == 14
    assert window.moved(1) == "2027-03-31T00:00"


def test_an_hour_that_does_not_exist_has_no_tick() -> None:
    window = read_window(zoom="shift", start="2027-03-28T00:00", now=NOW, zone=BERLIN)
    assert [tick.label for tick in window.ticks()] == [
        "",
        *(f"0{n}" for n in (1, 3, 4, 5, 6, 7, 8)),
    ]


@pytest.mark.parametrize("start", ["yesterday", "2027-13-01T00:00", "9999-12-31T00:00", "\x00"])
def test_a_first_moment_that_is_none_is_refused(start: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_window(zoom="day", start=start, now=NOW, zone=BERLIN)
    assert refused.value.code == "bad_from"


def test_an_unknown_zoom_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        read_window(zoom="year", start="", now=NOW, zone=BERLIN)
    assert refused.value.code == "unknown_zoom"
