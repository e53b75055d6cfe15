from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmo.lib.errors import Invalid
from production.scheduling import ShiftCalendar, merge, minutes_after, open_windows, subtract

BERLIN = ZoneInfo("Europe/Berlin")
EARLY = ((360, 840),)  # 06:00-14:00
TWO_SHIFTS = ((360, 1320),)
WEEK = ShiftCalendar((TWO_SHIFTS,) * 5 + ((), ()))
ALWAYS = ShiftCalendar((((0, 1440),),) * 7)

periods = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=8,
)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


def test_two_shifts_over_a_weekend() -> None:
    friday = local(2026, 3, 6, 12, 0)
    windows = open_windows(WEEK, zone=BERLIN, origin=friday, until=local(2026, 3, 9, 12, 0))
    assert windows == ((0, 600), (3960, 4320))  # until 22:00, then Monday from 06:00 to the end


def test_day_round_shifts_are_one_window_across_midnights() -> None:
    windows = open_windows(
        ALWAYS, zone=BERLIN, origin=local(2026, 3, 6, 12, 0), until=local(2026, 3, 9, 12, 0)
    )
    assert windows == ((0, 4320),)


def test_no_shift_starts_on_a_holiday() -> None:
    shifts = ShiftCalendar((EARLY,) * 7, frozenset({date(2026, 12, 25)}))
    windows = open_windows(
        shifts, zone=BERLIN, origin=local(2026, 12, 24, 0, 0), until=local(2026, 12, 27, 0, 0)
    )
    assert windows == ((360, 840), (2 * 1440 + 360, 2 * 1440 + 840))


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    shifts = ShiftCalendar((((1320, 360),),) + ((),) * 6)  # Monday 22:00 to Tuesday 06:00
    tuesday = local(2026, 3, 10, 0, 0)
    windows = open_windows(shifts, zone=BERLIN, origin=tuesday, until=local(2026, 3, 16, 23, 0))
    assert windows == ((0, 360), (6 * 1440 + 1320, 6 * 1440 + 1380))


def test_shifts_keep_wall_clock_time_when_summer_time_begins() -> None:
    """On 29 March 2026 the clock jumps from 02:00 to 03:00."""
    saturday = local(2026, 3, 28, 0, 0)
    shifts = ShiftCalendar((EARLY,) * 7)
    windows = open_windows(shifts, zone=BERLIN, origin=saturday, until=local(2026, 3, 30, 0, 0))
    assert windows == ((360, 840), (1440 + 300, 1440 + 780))


def test_a_night_shift_is_an_hour_longer_when_summer_time_ends() -> None:
    """On 25 October 2026 the hour from 02:00 to 03:00 comes twice."""
    shifts = ShiftCalendar(((),) * 5 + (((1320, 360),), ()))
    origin = local(2026, 10, 24, 22, 0)
    windows = open_windows(shifts, zone=BERLIN, origin=origin, until=local(2026, 10, 26, 0, 0))
    assert windows == ((0, 540),)


def test_a_shift_over_the_doubled_hour_covers_it_twice() -> None:
    shifts = ShiftCalendar(((),) * 6 + (((120, 180),),))  # 02:00-03:00
    origin = local(2026, 10, 25, 0, 0)
    windows = open_windows(shifts, zone=BERLIN, origin=origin, until=local(2026, 10, 26, 0, 0))
    assert windows == ((120, 240),)


def test_naive_times_and_seconds_in_the_origin_are_refused() -> None:
    aware = local(2026, 3, 6, 12, 0)
    with pytest.raises(Invalid) as naive:
        open_windows(WEEK, zone=BERLIN, origin=datetime(2026, 3, 6), until=aware)  # noqa: DTZ001
    assert naive.value.code == "naive_time"
    with pytest.raises(Invalid) as seconds:
        open_windows(WEEK, zone=BERLIN, origin=local(2026, 3, 6, 12, 0, 5), until=aware)
    assert seconds.value.code == "bad_origin"


@pytest.mark.parametrize("shift", [(-1, 10), (10, 1441), (1440, 1440)])
def test_a_shift_outside_the_day_is_refused(shift: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as refused:
        ShiftCalendar(((shift,),) * 7)
    assert refused.value.code == "bad_calendar"


def test_minutes_are_rounded_up() -> None:
    origin = datetime(2026, 1, 1, tzinfo=UTC)
    assert minutes_after(origin, origin) == 0
    assert minutes_after(origin, origin.replace(second=1)) == 1
    assert minutes_after(origin, origin.replace(minute=1)) == 1
    assert minutes_after(origin.replace(minute=1, second=30), origin) == -1


@settings(deadline=None)
@given(periods, periods)
def test_subtract_leaves_exactly_the_minutes_that_are_not_blocked(
    windows: list[tuple[int, int]], blocked: list[tuple[int, int]]
) -> None:
    left = subtract(merge(windows), merge(blocked))
    wanted = minutes(windows) - minutes(blocked)
    assert minutes(left) == wanted
    assert sum(end - start for start, end in left) == len(wanted)
    assert merge(left) == left


def minutes(windows: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> set[int]:
    return {minute for start, end in windows for minute in range(start, end)}
