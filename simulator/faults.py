"""Switches that make the line misbehave as real lines do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

from simulator.problems import Problem

YEAR_MIN = 525_600
TEN_MIN_MS = 600_000


@dataclass(frozen=True, slots=True)
class Faults:
    """docs/line-protocol.md section 9. Shares lie between 0 and 1."""

    offline: bool = False
    slow_ms: int = 0
    drop_answer: float = 0.0
    duplicate: float = 0.0
    shuffle: bool = False
    reject: float = 0.0
    clock_skew_min: int = 0

    def changed(self, part: Mapping[str, Any]) -> Faults:
        """These switches with some set anew.

        Raises:
            Problem: 422 for an unknown switch or a value out of its range.
        """
        for name, value in part.items():
            check_switch(name, value)
        return replace(self, **part)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


SWITCHES = frozenset(one.name for one in fields(Faults))


def check_switch(name: str, value: object) -> None:
    if name not in SWITCHES:
        known = ", ".join(sorted({*SWITCHES, "forget"}))
        raise Problem(422, "not_the_schema", f"There is no switch {name[:40]!r}; known: {known}.")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in ("offline", "shuffle"):
        fits = isinstance(value, bool)
        wanted = "true or false"
    elif name in ("slow_ms", "clock_skew_min"):
        low, high = (0, TEN_MIN_MS) if name == "slow_ms" else (-YEAR_MIN, YEAR_MIN)
        fits = isinstance(value, int) and number and low <= value <= high
        wanted = f"a whole number from {low} to {high}"
    else:
        fits = isinstance(value, int | float) and number and 0 <= value <= 1
        wanted = "a share from 0 to 1"
    if not fits:
        raise Problem(422, "not_the_schema", f"{name} is {str(value)[:40]!r}; give {wanted}.")


class Misfortune:
    """Draws for the switches with a share; seeded, in order of asking."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"{seed}:faults")  # noqa: S311 - luck, no secret

    def strikes(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def delay_s(self, most_s: float) -> float:
        return self._random.uniform(0, most_s)
