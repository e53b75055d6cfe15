"""When resources stand still."""

from datetime import datetime, timedelta

from production.compile import Floor
from production.lifecycle import DowntimeKind
from production.models import Downtime, Plant, Resource
from production.selectors.board import Stop, centre_name

MINUTE = timedelta(minutes=1)


def downtimes_after(plant_id: int, moment: datetime) -> list[Downtime]:
    """Every downtime that reaches beyond ``moment`` (plant time), by resource and beginning."""
    return list(
        Downtime.objects.filter(plant_id=plant_id, period__endswith__gt=moment)
        .select_related("resource__work_centre", "noted_by")
        .order_by("resource__work_centre__position", "resource__position", "period")
    )


def blocked_by_resource(
    plant_id: int, moment: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """By resource row, the periods after ``moment`` in which it stands still, disjoint."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Downtime.objects.filter(plant_id=plant_id, period__endswith__gt=moment).order_by(
        "resource_id", "period"
    )
    for resource_id, period in rows.values_list("resource_id", "period"):
        mine = found.setdefault(resource_id, [])
        if mine and period.lower <= mine[-1][1]:
            mine[-1] = (mine[-1][0], max(mine[-1][1], period.upper))
        else:
            mine.append((period.lower, period.upper))
    return found


def stops_between(
    plant_id: int, floor: Floor, start: datetime, end: datetime
) -> dict[int, list[Stop]]:
    """By lane in use, when it stands still between two moments (plant time), by beginning: what
    was noted, and the maintenance of the plant's document. One statement.
    """
    found: dict[int, list[Stop]] = {}
    rows = Downtime.objects.filter(plant_id=plant_id, period__overlap=(start, end)).values_list(
        "resource__work_centre__code", "resource__code", "kind", "period", "reason"
    )
    for centre, code, kind, period, reason in rows:
        stop = Stop(DowntimeKind(kind), period.lower, period.upper, reason)
        for lane in floor.lanes_of.get((centre, code), ()):
            found.setdefault(lane.id, []).append(stop)
    for lane_id, windows in floor.maintenance(start, end).items():
        found.setdefault(lane_id, []).extend(
            Stop(DowntimeKind.MAINTENANCE, start + begins * MINUTE, start + ends * MINUTE)
            for begins, ends in windows
        )
    for stops in found.values():
        stops.sort(key=lambda stop: (stop.start, stop.end))
    return found


def resources_of(plant: Plant, floor: Floor, language: str) -> list[tuple[str, str]]:
    """``work-centre/code`` and name of every resource in use, as its work centres stand on the
    floor: a code is unique within a work centre only.
    """
    rows = (
        Resource.objects.filter(work_centre__plant=plant, lanes__is_retired=False)
        .select_related("work_centre")
        .order_by("work_centre__position", "position")
        .distinct()
    )
    named = []
    for resource in rows:
        centre = centre_name(floor, resource.work_centre.code, language)
        code = f"{resource.work_centre.code}/{resource.code}"
        named.append((code, f"{centre}: {resource.code}"))
    return named
