"""Units that will be later than promised, why, and what their customers may choose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet

from production.compile import Floor
from production.lifecycle import (
    LIVE_WORK_ORDER,
    DispatchStatus,
    DowntimeKind,
    OperationStatus,
    SlipCause,
    SlipStatus,
    WorkOrderStatus,
)
from production.models import Downtime, Inspection, Operation, Plant, Slip, WorkOrder
from production.scheduling import delivery
from production.selectors.dispatch import is_silent
from production.selectors.open_work import OPEN_STATUSES

BROKEN = ("tool_worn", "sensor_fault")  # reasons of a line that speak of a machine
MISSING = "material_missing"
AT_THE_LINE = (DispatchStatus.DUE, DispatchStatus.ACCEPTED, DispatchStatus.STUCK)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a promise cannot be kept. ``key`` tells one breakdown from the next."""

    kind: SlipCause
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """When a sold unit will be at its customer, as planned now.

    Attributes:
        tight: The day if nothing else goes wrong: no buffer before the pick-up.
        safe: The day that would be promised today.
    """

    work_order: WorkOrder
    promised: date
    tight: date
    safe: date

    @property
    def slips(self) -> bool:
        """The buffer is there to be used up: only a day missed even without it is a slip."""
        return self.tight > self.promised

    @property
    def is_well(self) -> bool:
        return self.safe <= self.promised


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer to one feature, with which the unit would be there sooner."""

    feature: str
    feature_name: str
    option: str
    option_name: str
    promise_date: date
    price: Decimal
    difference: Decimal


def outlooks_of(plant: Plant, floor: Floor) -> list[Outlook]:
    """Work that is late by the plan, and all that has an open slip; one statement."""
    is_watched = Q(unit__slips__status=SlipStatus.OPEN)
    rows = (
        WorkOrder.objects.filter(plant=plant, status__in=LIVE_WORK_ORDER)
        .annotate(ends=Max("operations__booking__period__endswith"))
        .filter(Q(status__in=OPEN_STATUSES, ends__gt=F("due_at")) | is_watched)
        .select_related("line", "plant", "unit__line__order")
        .defer("plant__document")
        .order_by("id")
    )
    return [_outlook(row, row.ends, floor) for row in rows if row.ends is not None]


def _outlook(work_order: WorkOrder, ends: datetime, floor: Floor) -> Outlook:
    return Outlook(
        work_order=work_order,
        promised=work_order.unit.line.promise_date,
        tight=delivery.promise_date(ends, carrier=floor.book.carrier, buffer_min=0),
        safe=floor.promise_date(ends),
    )


def causes_of(work_orders: Sequence[WorkOrder]) -> dict[int, Cause]:
    """The cause of each late work order, by its id; five statements whatever their number.

    What is known of the unit itself comes first: it was made again, waits for material, its
    station broke down, its line is silent. What is left is late because there is too much work.
    """
    ids = [work_order.pk for work_order in work_orders]
    failed = dict(
        Inspection.objects.filter(work_order__in=ids, is_passed=False)
        .values_list("work_order")
        .annotate(count=Count("id"))
        .order_by()
    )
    scrapped = set(
        WorkOrder.objects.filter(
            unit__in=[work_order.unit_id for work_order in work_orders],
            status=WorkOrderStatus.ABORTED,
        ).values_list("unit_id", flat=True)
    )
    broken = _broken_stations({work_order.plant for work_order in work_orders})
    waits_for = _stations_of(ids, broken)
    return {
        work_order.pk: _cause(
            work_order, failed.get(work_order.pk, 0), work_order.unit_id in scrapped, waits_for
        )
        for work_order in work_orders
    }


def _cause(
    work_order: WorkOrder, failed: int, is_remade: bool, waits_for: Mapping[int, str]
) -> Cause:
    line = work_order.line
    if is_remade or failed:
        return Cause(SlipCause.QUALITY, f"quality:{work_order.generation}:{failed}")
    if work_order.job_reason == MISSING:
        return Cause(SlipCause.MATERIAL, "material:line")
    if work_order.release_at > work_order.plant.clock.now():
        day = work_order.release_at.date().isoformat()
        return Cause(SlipCause.MATERIAL, f"material:{day}", {"available": day})
    if work_order.job_reason in BROKEN:
        return _breakdown(work_order.job_station or line.code)
    if work_order.pk in waits_for:
        return _breakdown(waits_for[work_order.pk])
    if work_order.dispatch in AT_THE_LINE and is_silent(line):
        seen = line.seen_at.isoformat(timespec="seconds") if line.seen_at else "never"
        return Cause(SlipCause.LINE_SILENT, f"line:{line.code}:{seen}", {"line": line.code})
    return Cause(SlipCause.OVERLOAD, "overload")


def _breakdown(station: str) -> Cause:
    return Cause(SlipCause.BREAKDOWN, f"breakdown:{station}", {"station": station})


def _broken_stations(plants: Collection[Plant]) -> set[str]:
    """Stations that stand still now: somebody said so, or the line did of what lies on them."""
    reported = (
        WorkOrder.objects.filter(
            plant__in=plants, status=WorkOrderStatus.HELD, job_reason__in=BROKEN
        )
        .exclude(job_station="")
        .values_list("job_station", flat=True)
    )
    noted: set[str] = set()
    for plant in plants:
        noted |= set(
            Downtime.objects.filter(
                plant=plant,
                kind=DowntimeKind.BREAKDOWN,
                ended_at=None,
                period__endswith__gt=plant.clock.now(),
            ).values_list("resource__code", flat=True)
        )
    return noted.union(reported)


def _stations_of(work_order_ids: Sequence[int], stations: Collection[str]) -> dict[int, str]:
    """By work order, the broken station that one of its open steps could use."""
    if not stations:
        return {}
    rows = (
        Operation.objects.filter(work_order__in=work_order_ids)
        .exclude(status=OperationStatus.DONE)
        .order_by("work_order_id", "-position")
        .values_list("work_order_id", "alternatives")
    )
    found: dict[int, str] = {}
    for work_order_id, alternatives in rows:
        usable = [resource for resource, _minutes in alternatives if resource in stations]
        if usable:
            found[work_order_id] = usable[0]
    return found


def open_slips(plants: Iterable[Plant]) -> QuerySet[Slip]:
    """What waits for a customer's answer, longest first."""
    return _with_unit(Slip.objects.filter(plant__in=list(plants), status=SlipStatus.OPEN)).order_by(
        "created_at", "id"
    )


def closed_slips(plants: Iterable[Plant], *, limit: int = 50) -> QuerySet[Slip]:
    """How the last ones ended, newest first."""
    return _with_unit(
        Slip.objects.filter(plant__in=list(plants)).exclude(status=SlipStatus.OPEN)
    ).order_by("-closed_at", "-id")[:limit]


def _with_unit(slips: QuerySet[Slip]) -> QuerySet[Slip]:
    return slips.select_related(
        "unit__line__order", "unit__line__product", "plant"
    ).prefetch_related("words__by")


def silent_slips(now: datetime, *, limit: int = 100) -> list[int]:
    """Open slips whose customers said nothing in time."""
    return list(
        Slip.objects.filter(status=SlipStatus.OPEN, answer_until__lte=now)
        .order_by("answer_until")
        .values_list("pk", flat=True)[:limit]
    )
