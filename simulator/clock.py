"""Plant time as the platform tells it, in whole seconds since 1970 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MINUTE = 60


def read_time(text: str) -> float:
    """Seconds since 1970 of an RFC 3339 time.

    Raises:
        ValueError: no such time, or without an offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; end it with Z.")
    return moment.timestamp()


def write_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class PlantClock:
    """plant = origin_plant + factor x (real - origin_real); all in seconds since 1970."""

    origin_plant: float
    origin_real: float
    factor: float

    @classmethod
    def from_welcome(cls, clock: dict[str, Any]) -> PlantClock:
        factor = float(clock["factor"])
        if factor <= 0:
            raise ValueError(f"Clock factor {factor} must be above 0.")
        return cls(read_time(clock["origin_plant"]), read_time(clock["origin_real"]), factor)

    def plant_at(self, real: float) -> int:
        return int(self.origin_plant + self.factor * (real - self.origin_real))

    def real_at(self, plant: float) -> float:
        return self.origin_real + (plant - self.origin_plant) / self.factor
