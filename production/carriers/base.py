"""What the platform asks of a carrier. Times are plant time."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from production.scheduling.delivery import Carrier as Timetable


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel the carrier has taken on.

    Attributes:
        pickup_at: When it is fetched at the plant.
        expected_at: When the carrier means to deliver.
    """

    number: str
    pickup_at: datetime
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """None for what has not happened."""

    handed_over_at: datetime | None
    delivered_at: datetime | None


class ParcelCarrier(Protocol):
    def take_on(self, *, reference: UUID, ready_at: datetime, timetable: Timetable) -> Parcel:
        """Register a unit's parcel. The same reference gives the same parcel again."""
        ...

    def whereabouts(self, parcel: Parcel, *, now: datetime) -> Whereabouts:
        """Where the parcel has got to by ``now``."""
        ...


@cache
def carrier_called(code: str) -> ParcelCarrier:
    return cast(ParcelCarrier, import_string(settings.COSMO_CARRIERS[code])())
