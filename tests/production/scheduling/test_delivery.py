from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmo.lib.errors import Invalid
from production.scheduling import Carrier, due_from_promise, latest_end, promise_date

BERLIN = ZoneInfo("Europe/Berlin")
CARRIER = Carrier(2, time(17, 0), BERLIN, frozenset({date(2026, 12, 25)}))

carriers = st.builds(
    Carrier,
    working_days=st.integers(0, 4),
    pickup=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from([BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]),
    holidays=st.frozensets(st.dates(date(2026, 10, 1), date(2026, 11, 30)), max_size=5),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
moments = st.datetimes(
    datetime(2026, 10, 10),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2026, 11, 20),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.just(UTC),
)
buffers = st.integers(0, 3000)


@pytest.mark.parametrize(
    ("end", "buffer_min", "day"),
    [
        ((2026, 3, 2, 12, 0), 240, date(2026, 3, 4)),  # Monday, in time for 17:00
        ((2026, 3, 2, 13, 0), 240, date(2026, 3, 4)),  # exactly at the pick-up
        ((2026, 3, 2, 13, 1), 240, date(2026, 3, 5)),  # a minute late for it
        ((2026, 3, 5, 18, 0), 0, date(2026, 3, 10)),  # Friday's pick-up, over a weekend
        ((2026, 3, 6, 18, 0), 0, date(2026, 3, 11)),  # after Friday's pick-up
        ((2026, 12, 23, 12, 0), 0, date(2026, 12, 28)),  # Christmas does not count
    ],
)
def test_the_day_of_delivery(
    end: tuple[int, int, int, int, int], buffer_min: int, day: date
) -> None:
    local_end = datetime(*end, tzinfo=BERLIN)
    assert promise_date(local_end, carrier=CARRIER, buffer_min=buffer_min) == day


def test_latest_end_of_a_wednesday_is_mondays_pickup_less_the_buffer() -> None:
    latest = latest_end(date(2026, 3, 4), carrier=CARRIER, buffer_min=240)
    assert latest == datetime(2026, 3, 2, 13, 0, tzinfo=BERLIN)


def test_the_due_minute_is_rounded_down() -> None:
    origin = datetime(2026, 3, 2, 12, 0, 30, tzinfo=BERLIN)
    day = date(2026, 3, 4)
    assert due_from_promise(day, carrier=CARRIER, buffer_min=240, origin=origin) == 59


@settings(deadline=None)
@given(moments, carriers, buffers)
def test_what_ends_by_the_latest_end_keeps_its_promise_and_a_second_later_breaks_it(
    end: datetime, carrier: Carrier, buffer_min: int
) -> None:
    promised = promise_date(end, carrier=carrier, buffer_min=buffer_min)
    latest = latest_end(promised, carrier=carrier, buffer_min=buffer_min)
    assert end <= latest
    assert promise_date(latest, carrier=carrier, buffer_min=buffer_min) == promised
    later = promise_date(latest + timedelta(seconds=1), carrier=carrier, buffer_min=buffer_min)
    assert later > promised


@settings(deadline=None)
@given(moments, carriers, buffers, st.integers(0, 40))
def test_any_day_is_reached_exactly_by_units_that_end_in_time(
    end: datetime, carrier: Carrier, buffer_min: int, days: int
) -> None:
    wanted = end.date() + timedelta(days=days)
    reached = promise_date(end, carrier=carrier, buffer_min=buffer_min)
    latest = latest_end(wanted, carrier=carrier, buffer_min=buffer_min)
    assert (reached <= wanted) == (end <= latest)


def test_naive_times_and_carriers_that_never_work_are_refused() -> None:
    with pytest.raises(Invalid) as naive:
        promise_date(datetime(2026, 3, 2), carrier=CARRIER, buffer_min=0)  # noqa: DTZ001
    assert naive.value.code == "naive_time"
    with pytest.raises(Invalid) as never:
        Carrier(2, time(17), BERLIN, weekdays=frozenset())
    assert never.value.code == "bad_carrier"
    shut = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    with pytest.raises(Invalid) as closed:
        Carrier(2, time(17), BERLIN, holidays=shut).working_day_from(date(2026, 1, 2))
    assert closed.value.code == "no_working_day"
