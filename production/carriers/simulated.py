"""A carrier that keeps its timetable: fetched at the pick-up, there after its working days."""

from datetime import datetime, time, timedelta
from uuid import UUID

from production.carriers.base import Parcel, Whereabouts
from production.scheduling.delivery import Carrier as Timetable

AT_THE_DOOR = time(12)  # local, on the day of delivery
SAME_DAY = timedelta(hours=3)  # a tour that delivers on the day of the pick-up


class SimulatedCarrier:
    def take_on(self, *, reference: UUID, ready_at: datetime, timetable: Timetable) -> Parcel:
        ready_day = ready_at.astimezone(timetable.zone).date()
        day = timetable.working_day_from(ready_day)
        if timetable.pickup_on(day) < ready_at:
            day = timetable.working_day_from(ready_day + timedelta(days=1))
        pickup_at = timetable.pickup_on(day)
        noon = datetime.combine(
            timetable.working_days_after(day), AT_THE_DOOR, tzinfo=timetable.zone
        )
        return Parcel(
            number=parcel_number(reference),
            pickup_at=pickup_at,
            expected_at=max(noon, pickup_at + SAME_DAY),
        )

    def whereabouts(self, parcel: Parcel, *, now: datetime) -> Whereabouts:
        return Whereabouts(
            handed_over_at=parcel.pickup_at if parcel.pickup_at <= now else None,
            delivered_at=parcel.expected_at if parcel.expected_at <= now else None,
        )


def parcel_number(reference: UUID) -> str:
    """``SIM``, thirteen digits and a check digit (Luhn), always the same for one reference."""
    digits = f"{reference.int % 10**13:013d}"
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"SIM{digits}{-total % 10}"
