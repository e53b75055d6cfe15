"""What a plan comes to: late orders, load, dispatch counts, the last run. One statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max

from production.compile import Floor
from production.lifecycle import LIVE_WORK_ORDER, DispatchStatus, WorkOrderStatus
from production.models import Booking, Plant, ScheduleRun, WorkOrder
from production.scheduling.calendar import open_windows
from production.selectors.board import MINUTE, centre_name
from production.selectors.open_work import OPEN_STATUSES

LOAD_DAYS = 7


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit that will be at its customer later than promised, as planned now."""

    work_order_id: int
    unit: UUID
    serial: str
    order_number: str
    promised: date
    expected: date
    ends_at: datetime

    @property
    def days(self) -> int:
        return (self.expected - self.promised).days


@dataclass(frozen=True, slots=True)
class DayLoad:
    """Booked share of the open time of one day; ``percent`` is None when it is closed."""

    day: date
    booked_min: int
    open_min: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.booked_min / self.open_min) if self.open_min else None


@dataclass(frozen=True, slots=True)
class CentreLoad:
    code: str
    name: str
    days: tuple[DayLoad, ...]

    @property
    def percent(self) -> int | None:
        """Of all days together."""
        opened = sum(day.open_min for day in self.days)
        return round(100 * sum(day.booked_min for day in self.days) / opened) if opened else None


def late_units(plant: Plant, floor: Floor) -> list[LateUnit]:
    """Units whose last operation ends after the latest end that keeps their promise."""
    rows = (
        WorkOrder.objects.filter(plant=plant, status__in=OPEN_STATUSES)
        .annotate(ends=Max("operations__booking__period__endswith"))
        .filter(ends__gt=F("due_at"))
        .values_list(
            *("id", "unit__public_id", "unit__serial", "unit__line__order__number"),
            *("unit__line__promise_date", "ends"),
        )
    )
    found = [
        LateUnit(pk, unit, serial, number, promised, floor.promise_date(ends), ends)
        for pk, unit, serial, number, promised, ends in rows
    ]
    return sorted(found, key=lambda one: (-one.days, one.promised, one.work_order_id))


def load_of(
    plant: Plant, floor: Floor, *, first: date, language: str, days: int = LOAD_DAYS
) -> tuple[CentreLoad, ...]:
    """Booked and open minutes of each work centre on each local day from ``first``."""
    zone = floor.book.zone
    edges = [
        datetime.combine(first + timedelta(days=n), time(), tzinfo=zone).astimezone(UTC)
        for n in range(days + 1)
    ]
    booked = _booked_min(plant, floor, edges)
    lanes: dict[str, int] = {}
    for lane in floor.lanes:
        lanes[lane.work_centre] = lanes.get(lane.work_centre, 0) + 1
    opened: dict[str, list[int]] = {}
    loads = []
    for code, centre in floor.book.work_centres.items():
        if centre.calendar not in opened:
            opened[centre.calendar] = _open_min(floor, centre.calendar, edges)
        minutes = zip(booked.get(code, [0] * days), opened[centre.calendar], strict=True)
        loads.append(
            CentreLoad(
                code=code,
                name=centre_name(floor, code, language),
                days=tuple(
                    DayLoad(first + timedelta(days=n), taken, free * lanes.get(code, 0))
                    for n, (taken, free) in enumerate(minutes)
                ),
            )
        )
    return tuple(loads)


def _booked_min(plant: Plant, floor: Floor, edges: Sequence[datetime]) -> dict[str, list[int]]:
    rows = Booking.objects.filter(
        plant=plant, period__startswith__lt=edges[-1], period__endswith__gt=edges[0]
    ).values_list("lane_id", "period")
    found: dict[str, list[int]] = {}
    for lane_id, period in rows:
        taken = found.setdefault(floor.lane_of[lane_id].work_centre, [0] * (len(edges) - 1))
        for number, (opens, closes) in enumerate(pairwise(edges)):
            if period.lower < closes and opens < period.upper:
                taken[number] += (min(closes, period.upper) - max(opens, period.lower)) // MINUTE
    return found


def _open_min(floor: Floor, calendar: str, edges: Sequence[datetime]) -> list[int]:
    return [
        sum(
            closes - opens
            for opens, closes in open_windows(
                floor.book.calendars[calendar], zone=floor.book.zone, origin=start, until=end
            )
        )
        for start, end in pairwise(edges)
    ]


def dispatch_counts(plant: Plant) -> Mapping[str, int]:
    """Live work orders by how far they have got to the line; every status is named.

    Accepted ones only count until they are made.
    """
    rows = (
        WorkOrder.objects.filter(plant=plant, status__in=LIVE_WORK_ORDER)
        .exclude(
            dispatch=DispatchStatus.ACCEPTED,
            status__in=[WorkOrderStatus.COMPLETED, WorkOrderStatus.CLOSED],
        )
        .values_list("dispatch")
        .annotate(count=Count("id"))
        .order_by()
    )
    counts: dict[str, Any] = dict(rows)
    return {status.value: counts.get(status.value, 0) for status in DispatchStatus}


def last_run(plant: Plant) -> ScheduleRun | None:
    return (
        ScheduleRun.objects.filter(plant=plant)
        .select_related("started_by")
        .defer("moves")
        .order_by("-id")
        .first()
    )
