"""Resources that stand still: noted, prolonged, over. The plan follows at once."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils import timezone

from cosmo.accounts.models import User
from cosmo.lib.clock import ceil_minute
from cosmo.lib.errors import Invalid, NotFound, Sentence
from production.lifecycle import DowntimeKind, OperationStatus, PlanReason
from production.locks import plant_lock
from production.models import Downtime, Operation, Plant, Resource
from production.services.plan_events import announce_wanted_plan, mark_plan_wanted
from production.services.planning import mark_bookings_changed

log = structlog.get_logger(__name__)
LONGEST = timedelta(days=60)
MINUTE = timedelta(minutes=1)
REASONS = {
    DowntimeKind.BREAKDOWN: PlanReason.BREAKDOWN,
    DowntimeKind.MAINTENANCE: PlanReason.MAINTENANCE,
}


@transaction.atomic
def note_downtime(
    *,
    plant_id: int,
    resource: str,
    kind: str,
    starts_at: datetime | None = None,
    ends_at: datetime,
    reason: str = "",
    user: User | None = None,
) -> Downtime:
    """Say that a resource stands still; nothing is planned on its lanes then.

    What was pinned into that time loses its pin: it cannot be made there. What runs there is
    expected to go on afterwards.

    Args:
        resource: Its code, or ``work-centre/code``.
        starts_at: Plant time; None for now.
        ends_at: Plant time it is expected to work again.

    Raises:
        DomainError: ``unknown_resource``, ``ambiguous_resource``, ``unknown_downtime_kind``,
            ``bad_period`` (ends before it begins, lies in the past or lasts more than 60 days).
    """
    if kind not in DowntimeKind.values:
        raise Invalid("unknown_downtime_kind", f"{kind} is neither breakdown nor maintenance.")
    plant_lock(plant_id)
    plant = Plant.objects.defer("document").get(pk=plant_id)
    found = _resource(plant, resource)
    now = plant.clock.now().replace(second=0, microsecond=0)
    period = _period(now, starts_at, ends_at)
    downtime = Downtime.objects.create(
        plant=plant, resource=found, kind=kind, period=period, reason=reason[:200], noted_by=user
    )
    freed = _lift_pins(found, period)
    _count_change(plant)
    mark_plan_wanted(
        plant_id,
        REASONS[DowntimeKind(kind)],
        facts={"resource": found.code, "until": period.upper.isoformat(), "pins_lifted": freed},
    )
    announce_wanted_plan(plant_id)
    log.info("downtime", resource=resource, kind=kind, until=period.upper.isoformat(), pins=freed)
    return downtime


@transaction.atomic
def end_downtime(*, downtime_id: int, user: User | None = None) -> Downtime | None:
    """The resource works again, earlier than expected or as expected. What had not begun is
    forgotten. Safe to repeat.

    Returns the downtime as it was; None when it had not begun.
    """
    plant_id = Downtime.objects.filter(pk=downtime_id).values_list("plant_id", flat=True).first()
    if plant_id is None:
        return None
    plant_lock(plant_id)
    found = Downtime.objects.select_related("plant", "resource").filter(pk=downtime_id)
    downtime = found.first()
    if downtime is None or downtime.ended_at is not None:
        return downtime
    now = ceil_minute(downtime.plant.clock.now())
    _count_change(downtime.plant)
    mark_plan_wanted(plant_id, PlanReason.DOWNTIME_OVER, facts={"resource": downtime.resource.code})
    announce_wanted_plan(plant_id)
    log.info("downtime_over", resource=downtime.resource.code)
    if now <= downtime.period.lower:
        downtime.delete()
        return None
    downtime.period = DateTimeTZRange(downtime.period.lower, min(now, downtime.period.upper))
    downtime.ended_at, downtime.ended_by = timezone.now(), user
    downtime.save(update_fields=["period", "ended_at", "ended_by"])
    return downtime


def _resource(plant: Plant, said: str) -> Resource:
    """By its code, or by ``work-centre/code`` where several work centres have one of that code."""
    centre, _, code = said.rpartition("/")
    rows = Resource.objects.filter(work_centre__plant=plant, code=code).order_by("work_centre")
    known = list(rows.filter(work_centre__code=centre) if centre else rows)
    if not known:
        raise NotFound(
            "unknown_resource",
            Sentence("%(plant)s has no resource %(resource)s."),
            plant=plant.code,
            resource=said,
        )
    if len(known) > 1:
        centres = known[0].work_centre.code, known[1].work_centre.code
        raise Invalid(
            "ambiguous_resource",
            Sentence(
                "Several work centres have a resource %(resource)s. Say which, for instance "
                "%(example)s."
            ),
            resource=said,
            example=f"{min(centres)}/{code}",
        )
    return known[0]


def _period(now: datetime, starts_at: datetime | None, ends_at: datetime) -> DateTimeTZRange:
    start, end = starts_at or now, ceil_minute(ends_at)
    if end <= max(start, now) or end - start > LONGEST:
        raise Invalid(
            "bad_period",
            Sentence(
                "A standstill from %(start)s to %(end)s cannot be: it ends after now and after its "
                "beginning, and lasts at most %(days)s days."
            ),
            start=f"{start:%Y-%m-%d %H:%M}",
            end=f"{end:%Y-%m-%d %H:%M}",
            days=LONGEST.days,
        )
    return DateTimeTZRange(start.replace(second=0, microsecond=0), end)


def _lift_pins(resource: Resource, period: DateTimeTZRange) -> int:
    hit = Operation.objects.filter(
        booking__lane__resource=resource,
        booking__period__overlap=period,
        status=OperationStatus.PLANNED,
        is_pinned=True,
    )
    return Operation.objects.filter(pk__in=list(hit.values_list("pk", flat=True))).update(
        is_pinned=False
    )


def _count_change(plant: Plant) -> None:
    """A plan being made on the old facts is not published, and quotes look again."""
    Plant.objects.filter(pk=plant.pk).update(downtime_seq=F("downtime_seq") + 1)
    mark_bookings_changed({plant.pk})
