"""What stands on a plant's lanes between two moments: the board, in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet

from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.errors import NotFound
from design.models import TextBundle
from design.selectors.texts import FALLBACK, ProductTexts
from production.compile import Floor, FloorLane
from production.lifecycle import DowntimeKind, OperationStatus, WorkOrderStatus
from production.models import Booking, Plant
from production.scheduling.calendar import open_windows, subtract

PLANNERS = (Role.PLANNER, Role.ADMINISTRATOR)
OPERATORS = (Role.OPERATOR, *PLANNERS)
MINUTE = timedelta(minutes=1)
_PARTS = ("product", "operations")  # of a text bundle

BarStatus = Literal["planned", "running", "paused", "done", "kept"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One booking: an operation of a unit, or capacity kept for a quoted order.

    Attributes:
        key: Stays the same when the bar moves; unique on a board.
        position: Of the unit among the ``quantity`` of its order line, from 1.
        set_up_min: At the beginning of the period.
        tone: Of the order; the same for all its bars.
    """

    key: str
    unit: UUID
    serial: str
    code: str
    name: str
    product: str
    order_number: str
    position: int
    quantity: int
    start: datetime
    end: datetime
    set_up_min: int
    status: BarStatus
    is_late: bool
    tone: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which a lane stands still. ``reason`` is what a person wrote, or nothing."""

    kind: DowntimeKind
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane with its bars in order, and when it stands still. ``name`` says the lane only where
    there are several.
    """

    name: str
    resource: str
    is_retired: bool
    bars: tuple[Bar, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class CentreRows:
    """A work centre's lanes; ``closed`` are the periods outside its calendar."""

    code: str
    name: str
    closed: tuple[tuple[datetime, datetime], ...]
    lanes: tuple[LaneRow, ...]


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking as read; names are looked up afterwards, for all rows at once."""

    lane_id: int
    start: datetime
    end: datetime
    set_up_min: int
    code: str
    unit: UUID
    serial: str
    position: int
    quantity: int
    order_id: int
    order_number: str
    texts_id: int
    work_order_id: int | None
    operation_status: str | None
    work_order_status: str | None


_COLUMNS = (
    *("lane_id", "period", "set_up_min", "operation_code"),
    *("unit__public_id", "unit__serial", "unit__position", "unit__line__quantity"),
    *("unit__line__order_id", "unit__line__order__number", "unit__line__texts_id"),
    *("operation__work_order_id", "operation__status", "operation__work_order__status"),
)


def plants_visible_to(user: Any, *roles: Role) -> QuerySet[Plant]:
    """Plants of organisations in which ``user`` has one of ``roles`` (default: any of the floor).

    Documents are left out; ``floor_of`` reads one when it has to.
    """
    return (
        Plant.objects.filter(organisation__in=organisations_of(user, *(roles or OPERATORS)))
        .defer("document")
        .order_by("code")
    )


def access_plant(plants: Sequence[Plant], code: str) -> Plant:
    """The plant called ``code`` among those the reader may see; the first for no code.

    Raises:
        NotFound: ``unknown_plant``; also for a foreign one.
    """
    found = next((plant for plant in plants if code in ("", plant.code)), None)
    if found is None:
        raise NotFound(
            "unknown_plant",
            f"There is no plant {code!r} you may look at. Choose one from the list.",
        )
    return found


def bookings_between(plant: Plant, start: datetime, end: datetime) -> list[BookingRow]:
    """All that is booked in the half-open period, by start; one statement."""
    rows = (
        Booking.objects.filter(plant=plant, period__startswith__lt=end, period__endswith__gt=start)
        .order_by("period", "id")
        .values_list(*_COLUMNS)
    )
    return [BookingRow(row[0], row[1].lower, row[1].upper, *row[2:]) for row in rows]


def plant_name(floor: Floor, language: str) -> str:
    names = floor.book.names
    return names.get(language) or names.get(FALLBACK) or floor.book.code


def named_plants(plants: Sequence[Plant], language: str) -> list[tuple[Plant, str]]:
    """Plants to choose from with their names, one statement; none where there is no choice."""
    if len(plants) < 2:
        return []
    rows = Plant.objects.filter(pk__in=[plant.pk for plant in plants])
    names: dict[int, dict[str, str]] = dict(rows.values_list("pk", "document__names"))
    return [
        (plant, names[plant.pk].get(language) or names[plant.pk].get(FALLBACK) or plant.code)
        for plant in plants
    ]


def words_of(texts_ids: Iterable[int], language: str) -> dict[int, ProductTexts]:
    """Names of products and operations by text bundle, without reading whole bundles."""
    parts = [f"document__{code}__{part}" for code in (language, FALLBACK) for part in _PARTS]
    rows = TextBundle.objects.filter(pk__in=set(texts_ids)).values_list("pk", *parts)
    return {
        pk: ProductTexts(
            chosen=dict(zip(_PARTS, found[:2], strict=True)),
            fallback=dict(zip(_PARTS, found[2:], strict=True)),
        )
        for pk, *found in rows
    }


def rows_of(
    floor: Floor,
    bookings: Iterable[BookingRow],
    *,
    words: Mapping[int, ProductTexts],
    late: frozenset[int],
    stops: Mapping[int, Sequence[Stop]],
    start: datetime,
    end: datetime,
    language: str,
) -> tuple[CentreRows, ...]:
    """The board's rows: work centres and lanes in the document's order. No statement.

    Args:
        late: Ids of work orders that will miss what was promised.
        stops: By lane, when it stands still (``downtimes.stops_between``).
    """
    by_lane: dict[int, list[Bar]] = {}
    for row in bookings:
        by_lane.setdefault(row.lane_id, []).append(_bar(row, words, late))
    lanes: dict[str, list[FloorLane]] = {code: [] for code in floor.book.work_centres}
    for lane in floor.lanes:
        lanes[lane.work_centre].append(lane)
    for lane in floor.retired:  # kept in sight while something is booked there
        if lane.id in by_lane and lane.work_centre in lanes:
            lanes[lane.work_centre].append(lane)
    return tuple(
        CentreRows(
            code=code,
            name=centre_name(floor, code, language),
            closed=closed_between(floor, code, start, end),
            lanes=tuple(
                _lane_row(floor, lane, by_lane.get(lane.id, ()), stops.get(lane.id, ()))
                for lane in lanes[code]
            ),
        )
        for code in floor.book.work_centres
    )


def centre_name(floor: Floor, code: str, language: str) -> str:
    names = floor.book.work_centres[code].names if code in floor.book.work_centres else {}
    return names.get(language) or names.get(FALLBACK) or code


def closed_between(
    floor: Floor, centre: str, start: datetime, end: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """Periods within ``start`` to ``end`` in which the work centre's calendar is closed."""
    whole = ((0, (end - start) // MINUTE),)
    is_open = open_windows(
        floor.book.calendars[floor.centre(centre).calendar],
        zone=floor.book.zone,
        origin=start,
        until=end,
    )
    return tuple(
        (start + opens * MINUTE, start + closes * MINUTE)
        for opens, closes in subtract(whole, is_open)
    )


def _lane_row(floor: Floor, lane: FloorLane, bars: Iterable[Bar], stops: Iterable[Stop]) -> LaneRow:
    has_several = len(floor.lanes_of.get((lane.work_centre, lane.resource), ())) > 1
    return LaneRow(
        name=lane.name if has_several else lane.resource,
        resource=lane.resource,
        is_retired=lane in floor.retired,
        bars=tuple(bars),
        stops=tuple(stops),
    )


def _bar(row: BookingRow, words: Mapping[int, ProductTexts], late: frozenset[int]) -> Bar:
    texts = words[row.texts_id]
    return Bar(
        key=f"{row.serial}-{row.work_order_id or 0}-{row.code}",
        unit=row.unit,
        serial=row.serial,
        code=row.code,
        name=texts.operation(row.code),
        product=texts.product_name,
        order_number=row.order_number,
        position=row.position,
        quantity=row.quantity,
        start=row.start,
        end=row.end,
        set_up_min=row.set_up_min,
        status=_status(row),
        is_late=row.work_order_id in late,
        tone=row.order_id,
    )


def _status(row: BookingRow) -> BarStatus:
    if row.work_order_id is None:
        return "kept"
    if row.operation_status == OperationStatus.DONE:
        return "done"
    if row.operation_status == OperationStatus.RUNNING:
        return "paused" if row.work_order_status == WorkOrderStatus.HELD else "running"
    return "planned"
