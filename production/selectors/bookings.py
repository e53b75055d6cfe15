"""The free time of a plant's lanes, kept in the process, which follows the bookings by ``seq``."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from production.compile import Floor, floor_of
from production.lifecycle import OperationStatus
from production.models import Plant, ResourceLane
from production.scheduling.calendar import merge, minutes_after, open_windows, subtract
from production.scheduling.gaps import GapIndex, UnitPlacement
from production.scheduling.lane_gaps import Booked
from production.scheduling.ledger import Ledger, Row
from production.scheduling.problem import Window
from production.selectors.booking_log import Change, changed, standing
from production.selectors.downtimes import blocked_by_resource
from production.selectors.first_units import FirstUnits

HORIZON = timedelta(days=400)  # how far ahead a promise may reach
REFRESH = timedelta(days=20)  # a horizon that began longer ago is laid out anew
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOLLOWS_S = 3600.0  # who has not looked for so long reads all anew
PLANTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PlantGaps:
    """Free time of one plant as of ``seq``. Immutable; minutes count from ``origin``.

    ``first_units`` remembers what has been looked for in ``index``.
    """

    plant_id: int
    content_hash: str
    seq: int
    origin: datetime
    index: GapIndex
    first_units: FirstUnits = field(default_factory=FirstUnits, compare=False, repr=False)

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


@dataclass(frozen=True, slots=True)
class Known:
    """What the process knows of a plant: its bookings as of ``gaps.seq``, looked at ``seen``, on
    lanes that stand still as of ``downtime_seq``.
    """

    gaps: PlantGaps
    ledger: Ledger
    downtime_seq: int
    seen: float


_kept: dict[int, Known] = {}
_windows: dict[tuple[int, str, datetime], Mapping[str, tuple[Window, ...]]] = {}
_loading = threading.Lock()


def gaps_of(plant: Plant) -> PlantGaps:
    """The plant's gaps as of ``plant.booking_seq`` or later; see ``known_of``."""
    return known_of(plant).gaps


def known_of(
    plant: Plant, before: Known | None = None, changes: Sequence[Change] | None = None
) -> Known:
    """What is booked at the plant as of ``plant.booking_seq`` or later. No statement while that
    has not moved, one for what changed since, and one for everything where nothing is known.

    The row in hand says which state is wanted, so read it in the same breath. What is read is
    kept for others only once this transaction has committed: it may hold bookings of its own
    that are never to be.

    Args:
        before: What this transaction knows already; None: what the process keeps.
        changes: What changed since ``before``, where it was read together with the row.
    """
    now = plant.clock.now()
    kept = before or _kept.get(plant.pk)
    if kept is None or not _can_be_followed(kept, plant, now):
        fresh = _loaded(plant, _origin(kept, now))
    elif kept.gaps.seq >= plant.booking_seq:
        fresh = replace(kept, seen=monotonic())
    else:
        fresh = _followed(kept, plant, changes)
    transaction.on_commit(partial(_keep, plant.pk, kept, fresh))
    return fresh


def _keep(plant_id: int, before: Known | None, fresh: Known) -> None:
    """Offer ``fresh`` to later questions, unless another has come further meanwhile."""
    with _loading:
        now = _kept.get(plant_id)
        if now is None or now is before or fresh.gaps.seq > now.gaps.seq:
            _kept.pop(plant_id, None)  # the plant asked last goes last
            _kept[plant_id] = fresh
        while len(_kept) > PLANTS_KEPT:
            _kept.pop(next(iter(_kept)))


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


def _can_be_followed(kept: Known, plant: Plant, now: datetime) -> bool:
    """Notes of what is gone are deleted after a day; whoever looks every hour misses none."""
    return (
        kept.gaps.content_hash == plant.content_hash
        and kept.downtime_seq == plant.downtime_seq
        and kept.gaps.origin <= now < kept.gaps.origin + REFRESH
        and monotonic() - kept.seen < FOLLOWS_S
    )


def _origin(kept: Known | None, now: datetime) -> datetime:
    """Origins stay for a while, so that calendars need not be laid out for every change."""
    if kept is not None and kept.gaps.origin <= now < kept.gaps.origin + REFRESH:
        return kept.gaps.origin
    return now.replace(second=0, microsecond=0)


def _loaded(plant: Plant, origin: datetime) -> Known:
    floor = floor_of(plant)
    windows = _windows_of(plant, floor, origin)
    still = _standing_still(plant, floor, origin)
    rows = _rows(floor, origin, standing(plant.pk, origin))
    ledger = Ledger(
        {
            lane.id: subtract(windows[lane.work_centre], still[lane.id])
            if lane.id in still
            else windows[lane.work_centre]  # lanes without a standstill share their calendar's
            for lane in floor.lanes
        },
        rows,
    )
    return _as_kept(ledger, plant, origin)


def _followed(kept: Known, plant: Plant, changes: Sequence[Change] | None) -> Known:
    """What changed since, in one statement where it is not in hand: rows written later, and notes
    of rows that are gone.

    Rows may be of a later state than the plant's row in hand: they are read once more then, which
    changes nothing.
    """
    since, origin = kept.gaps.seq, kept.gaps.origin
    if changes is None:
        changes = changed(plant.pk, since)
    rows = _rows(floor_of(plant), origin, changes, before=kept.ledger)
    return _as_kept(kept.ledger.followed(rows), plant, origin)


def _as_kept(ledger: Ledger, plant: Plant, origin: datetime) -> Known:
    gaps = PlantGaps(plant.pk, plant.content_hash, plant.booking_seq, origin, ledger.index)
    return Known(gaps, ledger, plant.downtime_seq, monotonic())


def _standing_still(plant: Plant, floor: Floor, origin: datetime) -> dict[int, tuple[Window, ...]]:
    """By lane planned maintenance and downtimes; of an oven, all of it on every lane. Up to two
    statements where a resource ever stood still.
    """
    found = {
        lane_id: list(planned)
        for lane_id, planned in floor.maintenance(origin, origin + HORIZON).items()
    }
    for lane_id, begins, ends in _downtimes(plant, origin):
        period = (-minutes_after(begins, origin), minutes_after(origin, ends))
        found.setdefault(lane_id, []).append(period)
    for lanes in floor.lanes_of.values():
        if floor.is_oven(lanes[0]):
            together = [period for lane in lanes for period in found.get(lane.id, ())]
            found.update((lane.id, together) for lane in lanes if together)
    return {lane_id: merge(periods) for lane_id, periods in found.items()}


def _downtimes(plant: Plant, origin: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """Lane, begin and end of each."""
    blocked = blocked_by_resource(plant.pk, origin) if plant.downtime_seq else {}
    if not blocked:
        return
    lanes = ResourceLane.objects.filter(plant_id=plant.pk, resource_id__in=blocked)
    for lane_id, resource_id in lanes.values_list("pk", "resource_id"):
        for begins, ends in blocked[resource_id]:
            yield lane_id, begins, ends


def _windows_of(plant: Plant, floor: Floor, origin: datetime) -> Mapping[str, tuple[Window, ...]]:
    key = (plant.pk, plant.content_hash, origin)
    with _loading:
        found = _windows.get(key)
        if found is None:
            found = layout_windows(floor, origin, origin + HORIZON)
            for stale in [k for k in _windows if k[0] == plant.pk]:
                del _windows[stale]
            _windows[key] = found
            while len(_windows) > PLANTS_KEPT:
                del _windows[next(iter(_windows))]
    return found


def _rows(
    floor: Floor, origin: datetime, found: Iterable[Change], *, before: Ledger | None = None
) -> Iterator[Row]:
    """As the ledger takes them. What has not started keeps room before it: its set-up grows to
    the worst if the plan puts something else in front.

    Args:
        before: What is followed; a crew's lane that it knows and the change does not is free.
    """
    in_use = floor.lane_in_use
    first = minutes_after(EPOCH, origin)
    for pk, lane_id, second_id, begins, ends, set_up_min, family, status in found:
        if before is not None and (second_id is not None or before.knows(-pk)):
            yield Row(-pk, None)
        lane = in_use.get(lane_id)
        if lane is None or ends <= first:
            yield Row(pk, None)
            continue
        room = 0
        if status == OperationStatus.PLANNED:
            set_up = floor.centre(lane.work_centre).set_up
            room = max(0, set_up.worst_into(family or None) - set_up_min)
        booked = Booked(begins - first, ends - first, room)
        yield Row(pk, lane_id, booked)
        if second_id is not None:
            yield Row(-pk, second_id, booked)  # a crew's lane is taken with the machine's
