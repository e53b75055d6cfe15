"""From a solution back to bookings: only what differs is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from production.lifecycle import OperationStatus
from production.models import Booking
from production.planning.snapshot import Remnant, Snapshot, is_finished
from production.scheduling.solution import Solution

MINUTE = timedelta(minutes=1)


class NewBooking(NamedTuple):
    """A row to write, in the order of the statement that writes it."""

    lane_id: int
    second_lane_id: int | None
    lower: datetime
    upper: datetime
    set_up_min: int
    set_up_family: str
    unit_id: int
    operation_code: str
    operation_id: int | None
    hold_id: int | None


@dataclass(frozen=True, slots=True)
class BookingChanges:
    """What publishing writes: delete first, then shorten, then create."""

    delete: tuple[int, ...]
    shorten: tuple[Booking, ...]
    create: tuple[NewBooking, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.delete or self.shorten or self.create)


def changes_of(snapshot: Snapshot, solution: Solution, *, seq: int) -> BookingChanges:
    """The bookings that must go, and those that take their place, for a solution to be the plan."""
    delete: list[int] = []
    create: list[NewBooking] = []
    lane_ids, moment = snapshot.lane_ids, snapshot.moment
    for owner, place in zip(snapshot.owners, solution.placements, strict=True):
        wanted = (
            lane_ids[place.lane],
            lane_ids[place.second_lane] if place.second_lane >= 0 else None,
            moment(place.start),
            moment(place.end),
            place.set_up or owner.set_up_min,
        )
        if owner.booking is not None:
            if owner.booking[1:] == wanted:
                continue
            delete.append(owner.booking.pk)
        create.append(
            NewBooking(
                *wanted,
                set_up_family=owner.set_up_family,
                unit_id=owner.unit_id,
                operation_code=owner.code,
                operation_id=owner.operation.pk if owner.operation else None,
                hold_id=owner.held.hold_id if owner.held else None,
            )
        )
    for remnant in snapshot.remnants:
        delete.append(remnant.booking.pk)
        create.append(_remains(snapshot, remnant))
    shorten = []
    for booking in snapshot.work.left_over:
        if booking.period.lower < snapshot.origin and _is_done(booking):
            shorten.append(_past_of(booking, snapshot.origin, seq))
        elif not is_finished(booking):
            delete.append(booking.pk)
    return BookingChanges(tuple(delete), tuple(shorten), tuple(create))


def _remains(snapshot: Snapshot, remnant: Remnant) -> NewBooking:
    before = remnant.booking
    return NewBooking(
        lane_id=before.lane_id,
        second_lane_id=None,
        lower=snapshot.moment(remnant.place.start),
        upper=snapshot.moment(remnant.place.end),
        set_up_min=0,
        set_up_family=before.set_up_family,
        unit_id=before.unit_id,
        operation_code=before.operation_code,
        operation_id=before.operation_id,
        hold_id=None,
    )


def _past_of(booking: Booking, now: datetime, seq: int) -> Booking:
    booking.period = DateTimeTZRange(booking.period.lower, now)
    booking.set_up_min = min(booking.set_up_min, (now - booking.period.lower) // MINUTE)
    booking.seq = seq
    return booking


def _is_done(booking: Booking) -> bool:
    return booking.operation is not None and booking.operation.status == OperationStatus.DONE
