"""What really happened moves a booking: as far as the lane is free, never over its neighbours.

All of it runs under the plant's lock, where nobody else writes bookings. What does not fit stays
as planned, and a new plan is asked for.
"""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from production.models import Booking, Operation, ResourceLane

MINUTE = timedelta(minutes=1)
TOLERANCE = timedelta(minutes=15)  # a later start or end than this asks for a new plan


def follow_start(operation: Operation, *, at: datetime, station: str, seq: int) -> str:
    """Move the operation's booking to its real start, on the station that has it.

    Returns why a new plan is wanted; empty when the plan still holds.
    """
    booking = operation.booking
    planned = booking.period
    start = _floor(at)
    length = planned.upper - planned.lower
    for lane in _lanes(booking, station):
        if _is_free(lane, start, start + length, but=booking):
            _write(booking, lane, start, start + length, seq)
            break
    else:
        return f"{operation.code} began where others are booked"
    return f"{operation.code} began late" if start > planned.lower + TOLERANCE else ""


def follow_end(operation: Operation, *, at: datetime, seq: int) -> str:
    """Let the operation's booking end when it really ended, or where the next one begins.

    Returns why a new plan is wanted; empty when the plan still holds.
    """
    booking, planned = operation.booking, operation.booking.period
    start = _floor(operation.started_at or planned.lower)
    end = max(_floor(at), start + MINUTE)
    free_until = _free_until(booking, start, end)
    if free_until <= start:
        # It really began where others are booked: what it keeps is at least not in the future.
        kept_until = max(planned.lower + MINUTE, min(planned.upper, end))
        _write(booking, booking.lane, planned.lower, kept_until, seq)
        return f"{operation.code} ended where others are booked"
    _write(booking, booking.lane, start, min(end, free_until), seq)
    if free_until < end:
        return f"{operation.code} ran into the next"
    return f"{operation.code} ended late" if end > planned.upper + TOLERANCE else ""


def _lanes(booking: Booking, station: str) -> list[ResourceLane]:
    """The lanes of the station that has it, the planned one first."""
    planned = booking.lane
    if planned.resource.code == station:
        siblings = planned.resource.lanes.filter(is_retired=False).exclude(pk=planned.pk)
        return [planned, *siblings.order_by("number")]
    return list(
        ResourceLane.objects.filter(
            plant_id=booking.plant_id, resource__code=station, is_retired=False
        ).order_by("number")
    )


def _is_free(lane: ResourceLane, start: datetime, end: datetime, *, but: Booking) -> bool:
    taken = lane.bookings.filter(period__overlap=DateTimeTZRange(start, end))
    return not taken.exclude(pk=but.pk).exists()


def _free_until(booking: Booking, start: datetime, end: datetime) -> datetime:
    """The end, or the begin of the first neighbour before it."""
    neighbour = (
        booking.lane.bookings.filter(period__overlap=DateTimeTZRange(start, end))
        .exclude(pk=booking.pk)
        .order_by("period")
        .first()
    )
    return end if neighbour is None else neighbour.period.lower


def _write(booking: Booking, lane: ResourceLane, start: datetime, end: datetime, seq: int) -> None:
    booking.lane = lane
    booking.period = DateTimeTZRange(start, end)
    if booking.second_lane_id is not None and _is_crew_elsewhere(booking):
        booking.second_lane = None  # somebody else has come: who, the next plan says
    booking.set_up_min = min(booking.set_up_min, (end - start) // MINUTE)
    booking.seq = seq
    booking.save(update_fields=["lane", "second_lane", "period", "set_up_min", "seq"])


def _is_crew_elsewhere(booking: Booking) -> bool:
    """Whether the person planned for it is booked at another machine at that time."""
    others = Booking.objects.filter(
        second_lane_id=booking.second_lane_id, period__overlap=booking.period
    )
    return others.exclude(pk=booking.pk).exists()


def _floor(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
