"""From the end of the last operation to the day of delivery, and back.

Leaving the line, plus a buffer, waits for the carrier's next pick-up; the carrier takes its working
days; the customer's day is a local date. ``promise_date`` and ``latest_end`` are each other's
inverse: a unit ends at or before ``latest_end(day)`` exactly when it is promised for ``day`` or
an earlier one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cosmo.lib.errors import Invalid
from production.scheduling.calendar import minutes_after

ONE_DAY = timedelta(days=1)
LONGEST_SHUTDOWN_DAYS = 400


@dataclass(frozen=True, slots=True)
class Carrier:
    """When parcels are fetched and how long they travel.

    Attributes:
        working_days: Working days from the pick-up's day to the delivery's, at least 0.
        pickup: Local time of the pick-up on every working day.
        zone: The plant's time zone.
        holidays: Local days without pick-up and without travel.
        weekdays: Days that count as working days, Monday 0.
    """

    working_days: int
    pickup: time
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset(range(5))

    def __post_init__(self) -> None:
        if self.working_days < 0 or not self.weekdays:
            raise Invalid(
                "bad_carrier",
                f"A carrier takes {self.working_days} working days on weekdays "
                f"{sorted(self.weekdays)}; it needs 0 or more, on at least one weekday.",
            )

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def working_day_from(self, day: date, *, step: int = 1) -> date:
        """``day`` itself if it is one, else the next (``step`` 1) or the last before (-1)."""
        for distance in range(LONGEST_SHUTDOWN_DAYS):
            candidate = day + ONE_DAY * step * distance
            if self.works_on(candidate):
                return candidate
        raise Invalid(
            "no_working_day",
            f"The carrier has no working day within {LONGEST_SHUTDOWN_DAYS} days of {day}. "
            "Check its holidays.",
        )

    def working_days_after(self, day: date, *, step: int = 1) -> date:
        """``working_days`` working days after (or with ``step`` -1 before) a working day."""
        for _ in range(self.working_days):
            day = self.working_day_from(day + ONE_DAY * step, step=step)
        return day

    def pickup_on(self, day: date) -> datetime:
        return datetime.combine(day, self.pickup, tzinfo=self.zone).astimezone(UTC)


def promise_date(end: datetime, *, carrier: Carrier, buffer_min: int) -> date:
    """Day of delivery at the customer of a unit that leaves the line at ``end``.

    Raises:
        Invalid: ``end`` has no time zone (``naive_time``).
    """
    ready = _aware(end) + timedelta(minutes=buffer_min)
    day = ready.astimezone(carrier.zone).date()
    if ready > carrier.pickup_on(day):
        day += ONE_DAY
    return carrier.working_days_after(carrier.working_day_from(day))


def latest_end(promised: date, *, carrier: Carrier, buffer_min: int) -> datetime:
    """The latest moment (UTC) a unit may leave the line and still arrive on ``promised``."""
    day = carrier.working_day_from(promised, step=-1)
    pickup_day = carrier.working_days_after(day, step=-1)
    return carrier.pickup_on(pickup_day) - timedelta(minutes=buffer_min)


def due_from_promise(promised: date, *, carrier: Carrier, buffer_min: int, origin: datetime) -> int:
    """``latest_end`` in whole minutes after ``origin``, rounded down: a job's due minute."""
    latest = latest_end(promised, carrier=carrier, buffer_min=buffer_min)
    return -minutes_after(latest, _aware(origin))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("naive_time", f"{moment} needs a time zone.")
    return moment.astimezone(UTC)
