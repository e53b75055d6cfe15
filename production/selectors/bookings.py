"""The free time of a plant's lanes, kept in the process while nothing is booked or given back."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from production.compile import Floor, floor_of
from production.lifecycle import OperationStatus
from production.models import Booking, Plant
from production.scheduling.calendar import minutes_after, open_windows
from production.scheduling.gaps import Booked, GapIndex, LaneGaps, UnitPlacement
from production.scheduling.problem import Window

HORIZON = timedelta(days=400)  # how far ahead a promise may reach
REFRESH = timedelta(days=20)  # a horizon that began longer ago is laid out anew


@dataclass(frozen=True, slots=True)
class PlantGaps:
    """Free time of one plant as of ``seq``. Immutable; minutes count from ``origin``."""

    plant_id: int
    content_hash: str
    seq: int
    origin: datetime
    index: GapIndex

    def minute(self, moment: datetime) -> int:
        return minutes_after(self.origin, moment)

    def moment(self, minute: int) -> datetime:
        return self.origin + timedelta(minutes=minute)

    def period(self, start: int, end: int) -> DateTimeTZRange:
        return DateTimeTZRange(self.moment(start), self.moment(end))

    def after(self, units: Iterable[UnitPlacement], seq: int) -> "PlantGaps":
        """The same plant once ``units`` are booked by the change number ``seq``."""
        index = self.index
        for unit in units:
            index = index.insert(unit)
        return PlantGaps(self.plant_id, self.content_hash, seq, self.origin, index)


_gaps: dict[int, PlantGaps] = {}
_windows: dict[tuple[int, str, datetime], Mapping[str, tuple[Window, ...]]] = {}
_loading = threading.Lock()


def gaps_of(plant: Plant) -> PlantGaps:
    """The plant's gaps as of ``plant.booking_seq``. No statement while that has not moved.

    The row in hand says which state is wanted, so read it in the same breath. What is loaded is
    kept for others only once this transaction has committed: it may hold bookings of its own
    that are never to be.
    """
    now = plant.clock.now()
    kept = _gaps.get(plant.pk)
    if kept is not None and _is_current(kept, plant, now):
        return kept
    fresh = _load(plant, _origin(kept, now))
    keep_gaps(fresh)
    return fresh


def keep_gaps(gaps: PlantGaps) -> None:
    """Offer ``gaps`` to later questions in this process, once this transaction has committed."""
    transaction.on_commit(partial(_gaps.__setitem__, gaps.plant_id, gaps))


def layout_windows(
    floor: Floor, origin: datetime, until: datetime
) -> dict[str, tuple[Window, ...]]:
    """Open windows of each work centre in minutes after ``origin``; equal calendars share them."""
    by_calendar: dict[str, tuple[Window, ...]] = {}
    for centre in floor.book.work_centres.values():
        if centre.calendar not in by_calendar:
            by_calendar[centre.calendar] = open_windows(
                floor.book.calendars[centre.calendar],
                zone=floor.book.zone,
                origin=origin,
                until=until,
            )
    return {code: by_calendar[c.calendar] for code, c in floor.book.work_centres.items()}


def _is_current(kept: PlantGaps, plant: Plant, now: datetime) -> bool:
    return (
        kept.seq == plant.booking_seq
        and kept.content_hash == plant.content_hash
        and kept.origin <= now < kept.origin + REFRESH
    )


def _origin(kept: PlantGaps | None, now: datetime) -> datetime:
    """Origins stay for a while, so that calendars need not be laid out for every change."""
    if kept is not None and kept.origin <= now < kept.origin + REFRESH:
        return kept.origin
    return now.replace(second=0, microsecond=0)


def _load(plant: Plant, origin: datetime) -> PlantGaps:
    floor = floor_of(plant)
    windows = _windows_of(plant, floor, origin)
    booked = _booked_by_lane(plant, floor, origin)
    index = GapIndex(
        {
            lane.id: LaneGaps(windows[lane.work_centre], booked.get(lane.id, ()))
            for lane in floor.lanes
        }
    )
    return PlantGaps(plant.pk, plant.content_hash, plant.booking_seq, origin, index)


def _windows_of(plant: Plant, floor: Floor, origin: datetime) -> Mapping[str, tuple[Window, ...]]:
    key = (plant.pk, plant.content_hash, origin)
    with _loading:
        found = _windows.get(key)
        if found is None:
            found = layout_windows(floor, origin, origin + HORIZON)
            for stale in [k for k in _windows if k[0] == plant.pk]:
                del _windows[stale]
            _windows[key] = found
    return found


def _booked_by_lane(plant: Plant, floor: Floor, origin: datetime) -> dict[int, list[Booked]]:
    """What is booked after ``origin``; one statement.

    An operation that has not started keeps room before it: its set-up grows to the worst if the
    plan puts something else in front.
    """
    rows = (
        Booking.objects.filter(plant_id=plant.pk, period__endswith__gt=origin)
        .order_by("lane_id", "period")
        .values_list(  # two moments are read several times faster than one range
            *("lane_id", "period__startswith", "period__endswith"),
            *("set_up_min", "set_up_family", "operation__status"),
        )
    )
    booked: dict[int, list[Booked]] = {}
    for lane_id, begins, ends, set_up_min, family, status in rows:
        room = 0
        if status == OperationStatus.PLANNED:
            set_up = floor.centre(floor.lane_of[lane_id].work_centre).set_up
            room = max(0, set_up.worst_into(family or None) - set_up_min)
        start, end = minutes_after(origin, begins), minutes_after(origin, ends)
        booked.setdefault(lane_id, []).append(Booked(start, end, room))
    return booked
