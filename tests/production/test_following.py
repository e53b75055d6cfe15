"""The free time a process keeps follows the bookings by number, those that are gone as well."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from cosmo.lib.clock import real_now
from cosmo.lib.ports import promise_source
from orders.models import Order
from production.models import FreedBooking, Plant
from production.selectors import bookings
from production.selectors.bookings import PlantGaps, gaps_of
from production.services.downtimes import end_downtime, note_downtime
from production.services.holds import forget_freed
from production.services.planning import plan_plant
from tests.factories.production import (
    MONDAY,
    SELECTION,
    make_offer,
    make_order,
    make_plant,
    set_plant_time,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    bookings._kept.clear()
    yield
    bookings._kept.clear()


def hold(order: Order) -> None:
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))


def free(gaps: PlantGaps) -> dict[int, tuple[tuple[int, int], ...]]:
    lanes = Plant.objects.get(pk=gaps.plant_id).lanes.values_list("pk", flat=True)
    return {lane: gaps.index[lane].free for lane in lanes if lane in gaps.index}


def gaps_now() -> PlantGaps:
    return gaps_of(Plant.objects.get())


def laid_out() -> dict[int, tuple[tuple[int, int], ...]]:
    """What a process sees that knows nothing yet."""
    kept = dict(bookings._kept)
    bookings._kept.clear()
    found = free(gaps_now())
    bookings._kept.clear()
    bookings._kept.update(kept)
    return found


def test_every_kind_of_change_is_followed_and_read_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plant = make_plant()
    offer = make_offer(plant)
    first, second, third = (make_order(offer, {"colour": c}) for c in ("red", "black", "white"))
    gaps_now()

    def plan() -> None:
        plan_plant(plant_id=plant.pk, trigger="test")

    changes = (
        lambda: hold(first),
        lambda: hold(second),
        lambda: promise_source().confirm(order_id=first.pk),
        plan,
        lambda: hold(second),  # replaces the first hold: rows go and others come
        lambda: promise_source().release(order_id=second.pk),
        lambda: hold(third),
        lambda: promise_source().confirm(order_id=third.pk),
        plan,
    )
    for change in changes:
        before = gaps_now().seq
        change()
        now = Plant.objects.get()
        with django_assert_num_queries(1 if now.booking_seq > before else 0):
            found = gaps_of(now)
        assert found.seq == now.booking_seq
        assert free(found) == laid_out()
        with django_assert_num_queries(0):
            assert gaps_of(now).index is found.index


def test_rows_deleted_behind_every_service_are_followed_too() -> None:
    order = make_order(make_offer(make_plant()))
    untouched = free(gaps_now())
    hold(order)
    assert free(gaps_now()) != untouched
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM production_booking")
    assert FreedBooking.objects.count() == 4
    Plant.objects.update(booking_seq=F("booking_seq") + 1)
    assert free(gaps_now()) == untouched


def test_what_was_rolled_back_is_never_followed() -> None:
    offer = make_offer(make_plant())
    kept, other = make_order(offer), make_order(offer, {"quantity": 2})
    hold(kept)
    before = free(gaps_now())
    with transaction.atomic():
        promise_source().release(order_id=kept.pk)
        hold(other)
        assert free(gaps_now()) != before
        transaction.set_rollback(True)
    assert free(gaps_now()) == before == laid_out()
    hold(other)  # the change takes the number that was rolled back
    assert free(gaps_now()) == laid_out() != before


def test_one_who_has_not_looked_for_an_hour_reads_all_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    gaps_now()
    promise_source().release(order_id=order.pk)
    FreedBooking.objects.update(freed_at=real_now() - timedelta(days=2))
    assert forget_freed() == 4
    later = monotonic() + bookings.FOLLOWS_S
    monkeypatch.setattr(bookings, "monotonic", lambda: later)
    assert free(gaps_now()) == laid_out()
    assert free(gaps_now()) != {}


def test_notes_of_today_are_kept() -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    promise_source().release(order_id=order.pk)
    assert forget_freed() == 0
    assert FreedBooking.objects.count() == 4


def test_a_calendar_that_was_loaded_anew_is_laid_out_anew() -> None:
    make_offer(make_plant())
    before = gaps_now()
    mondays = {"days": {"weekdays": {"mon": ["06:00-14:00"]}}}
    set_plant_time(make_plant(calendars=mondays), MONDAY)
    after = gaps_now()
    assert after.content_hash != before.content_hash
    assert free(after) == laid_out() != free(before)


def test_only_so_many_plants_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookings, "PLANTS_KEPT", 1)
    one, other = make_plant(), make_plant(code="meadow")
    gaps_of(one)
    gaps_of(other)
    assert set(bookings._kept) == {other.pk}


def test_a_resource_that_stands_still_is_promised_no_more_and_then_again() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    before = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    stops = [
        note_downtime(
            plant_id=plant.pk,
            resource=resource,
            kind="breakdown",
            ends_at=MONDAY + timedelta(days=3),
        )
        for resource in ("saw-1", "saw-2")
    ]
    during = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    assert during.leaves_at - before.leaves_at == timedelta(days=3)
    for stop in stops:
        end_downtime(downtime_id=stop.pk)
    after = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    assert after.leaves_at - before.leaves_at <= timedelta(minutes=1)


def turns(act: Callable[[], None]) -> tuple[int, int]:
    """Turns to the database, and those after the one that took the plant's lock: others wait."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    locked = next(n for n, sql in enumerate(found) if "pg_advisory_xact_lock" in sql)
    return len(found), len(found) - locked - 1


def test_a_hold_takes_one_turn_to_look_under_the_lock_and_one_to_write() -> None:
    offer = make_offer(make_plant())
    first, second, third = (make_order(offer, {"quantity": n}) for n in (1, 20, 1))
    hold(first)
    assert turns(lambda: hold(second)) == (5, 1)  # what others booked is read before the lock
    assert turns(lambda: hold(third)) == (5, 1)
    assert turns(lambda: promise_source().release(order_id=second.pk)) == (3, 1)
    _, confirming = turns(lambda: promise_source().confirm(order_id=third.pk))
    assert confirming <= 11
