"""Luck that repeats: a draw depends on the seed and its purpose, not on earlier draws."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from random import Random

SLOWEST, FASTEST = 1.06, 0.92
STOP_REASONS = (
    ("material_missing", "A component is missing at the station."),
    ("tool_worn", "A worn tool is being changed."),
    ("sensor_fault", "A sensor reported a fault; the station is being checked."),
)
FINDINGS = (
    ("scratch", "Scratch on a visible surface."),
    ("gap", "A gap is out of tolerance."),
    ("colour", "The colour deviates from the sample."),
    ("fit", "A part does not fit."),
    ("function", "A function test failed."),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """An interruption of a running operation: after ``share`` of it, for ``minutes``."""

    share: float
    minutes: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Chances:
    """Shares from 0 to 1: per inspection ``scrap`` and ``rework``, per operation ``stops``."""

    seed: int
    scrap: float = 0.02
    rework: float = 0.05
    stops: float = 0.03

    def __post_init__(self) -> None:
        for name, share in (("scrap", self.scrap), ("rework", self.rework), ("stops", self.stops)):
            if not 0 <= share <= 1:
                raise ValueError(f"{name} {share} must lie between 0 and 1.")

    def as_json(self) -> dict[str, float | int]:
        return asdict(self)

    def _draw(self, *what: object) -> Random:
        # A string seed goes through SHA-512: the same on every machine and Python.
        return Random(":".join(map(str, (self.seed, *what))))  # noqa: S311 - luck, no secret

    def pace(self, *what: object) -> float:
        """How long an operation takes, as a factor of its planned time."""
        return self._draw("pace", *what).uniform(FASTEST, SLOWEST)

    def stop(self, *what: object) -> Stop | None:
        luck = self._draw("stop", *what)
        if luck.random() >= self.stops:
            return None
        code, text = luck.choice(STOP_REASONS)
        return Stop(luck.uniform(0.1, 0.9), luck.randint(5, 45), code, text)

    def inspect(self, *what: object) -> str:
        """``pass``, ``rework`` or ``scrap``."""
        roll = self._draw("inspect", *what).random()
        if roll < self.scrap:
            return "scrap"
        return "rework" if roll < self.scrap + self.rework else "pass"

    def finding(self, *what: object) -> tuple[str, str]:
        return self._draw("finding", *what).choice(FINDINGS)

    def release_min(self, *what: object) -> int:
        """Minutes between the last operation and the release of the unit."""
        return self._draw("release", *what).randint(15, 45)
