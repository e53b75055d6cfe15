"""The only file that knows time.

Real time is what a watch says: leases, holds' expiry, tokens, when somebody clicked. Plant time
is what a plant lives by: planning, bookings, promise dates and the line's reports. They differ
where a demonstration lets a plant run faster than a watch.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PlantClock:
    """Plant time = ``origin_plant`` + ``factor`` x (real time - ``origin_real``).

    Attributes:
        origin_plant: Plant time at the origin, aware.
        origin_real: Real time at the origin, aware.
        factor: Plant seconds per real second, above 0; 1 in a real plant.
    """

    origin_plant: datetime
    origin_real: datetime
    factor: float

    def __post_init__(self) -> None:
        if self.factor <= 0:
            raise ValueError(f"A plant clock's factor is above 0, not {self.factor}.")
        if self.origin_plant.tzinfo is None or self.origin_real.tzinfo is None:
            raise ValueError("A plant clock's origins carry a time zone.")

    def now(self) -> datetime:
        return self.to_plant(real_now())

    def to_plant(self, real: datetime) -> datetime:
        return self.origin_plant + (real - self.origin_real) * self.factor

    def to_real(self, plant: datetime) -> datetime:
        return self.origin_real + (plant - self.origin_plant) / self.factor

    def moment_of(self, moment: datetime, other: "PlantClock") -> datetime:
        """What this clock shows when ``other`` shows ``moment``."""
        real = real_now()
        ahead = moment - other.to_plant(real)  # not by real time: a standing clock never gets there
        return self.to_plant(real) + ahead * (self.factor / other.factor)

    def resumed(self, *, last_seen_real: datetime, real: datetime, factor: float) -> "PlantClock":
        """The clock that goes on from plant time at ``last_seen_real`` as if no time had passed."""
        stopped_at = self.to_plant(max(last_seen_real, self.origin_real))
        return PlantClock(origin_plant=stopped_at, origin_real=real, factor=factor)


def ceil_minute(moment: datetime) -> datetime:
    """The next whole minute, or ``moment`` itself when it is one."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
