"""From a solution back to bookings: only what differs is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from production.lifecycle import OperationStatus
from production.models import Booking
from production.planning.snapshot import Owner, Remnant, Snapshot, is_finished
from production.scheduling.problem import Placement
from production.scheduling.solution import Solution

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BookingChanges:
    """What publishing writes: delete first, then shorten, then create."""

    delete: tuple[int, ...]
    shorten: tuple[Booking, ...]
    create: tuple[Booking, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.delete or self.shorten or self.create)


def changes_of(snapshot: Snapshot, solution: Solution, *, seq: int) -> BookingChanges:
    """The bookings that must go, and those that take their place, for a solution to be the plan."""
    delete: list[int] = []
    create: list[Booking] = []
    for owner, place in zip(snapshot.owners, solution.placements, strict=True):
        wanted = _booking(snapshot, owner, place, seq)
        if owner.booking is not None:
            if _is_same(owner.booking, wanted):
                continue
            delete.append(owner.booking.pk)
        create.append(wanted)
    for remnant in snapshot.remnants:
        delete.append(remnant.booking.pk)
        create.append(_remains(snapshot, remnant, seq))
    shorten = []
    for booking in snapshot.work.left_over:
        if booking.period.lower < snapshot.origin and _is_done(booking):
            shorten.append(_past_of(booking, snapshot.origin, seq))
        elif not is_finished(booking):
            delete.append(booking.pk)
    return BookingChanges(tuple(delete), tuple(shorten), tuple(create))


def _remains(snapshot: Snapshot, remnant: Remnant, seq: int) -> Booking:
    before = remnant.booking
    return Booking(
        plant=snapshot.plant,
        lane_id=before.lane_id,
        period=snapshot.period(remnant.place),
        set_up_min=0,
        set_up_family=before.set_up_family,
        unit_id=before.unit_id,
        operation_code=before.operation_code,
        operation=before.operation,
        seq=seq,
    )


def _past_of(booking: Booking, now: datetime, seq: int) -> Booking:
    booking.period = DateTimeTZRange(booking.period.lower, now)
    booking.set_up_min = min(booking.set_up_min, (now - booking.period.lower) // MINUTE)
    booking.seq = seq
    return booking


def _is_done(booking: Booking) -> bool:
    return booking.operation is not None and booking.operation.status == OperationStatus.DONE


def _booking(snapshot: Snapshot, owner: Owner, place: Placement, seq: int) -> Booking:
    return Booking(
        plant=snapshot.plant,
        lane_id=snapshot.lane_ids[place.lane],
        second_lane_id=snapshot.lane_ids[place.second_lane] if place.second_lane >= 0 else None,
        period=snapshot.period(place),
        set_up_min=place.set_up or owner.set_up_min,
        set_up_family=owner.set_up_family,
        unit_id=owner.unit_id,
        operation_code=owner.code,
        operation=owner.operation,
        hold_id=owner.held.hold_id if owner.held else None,
        seq=seq,
    )


def _is_same(one: Booking, other: Booking) -> bool:
    return _facts(one) == _facts(other)


def _facts(booking: Booking) -> tuple[object, ...]:
    period = booking.period
    lanes = (booking.lane_id, booking.second_lane_id)
    return *lanes, period.lower, period.upper, booking.set_up_min
