"""Timing the engine by clicking like a shopper, beside a plain solver that keeps nothing.

The plain solver is Glucose 4 with the same clauses, asked anew for every option of every question:
no diagram, no remembered designs, nothing taken over from the click before.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pysat.solvers import Glucose4

from .engine import Engine
from .features import ChoiceValue, Feature, Interval
from .model import Model
from .propagation import warm

Cheapest = Callable[[Mapping[str, ChoiceValue]], object]
PLAIN_SECONDS = 20.0


@dataclass(slots=True)
class Times:
    """Milliseconds of one kind of question."""

    spent: list[float] = field(default_factory=list)

    def add(self, ask: Callable[[], object]) -> None:
        began = time.perf_counter()
        ask()
        self.spent.append(1000 * (time.perf_counter() - began))

    def at(self, share: float) -> float | None:
        """The time that ``share`` of the questions stay under; None without questions."""
        if not self.spent:
            return None
        ordered = sorted(self.spent)
        return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 3)

    def summary(self) -> dict[str, float | int | None]:
        return {
            "asked": len(self.spent),
            "p50_ms": self.at(0.5),
            "p95_ms": self.at(0.95),
            "max_ms": self.at(1.0),
        }


@dataclass(slots=True)
class Clicked:
    """What the sessions came to.

    Attributes:
        plain: The plain solver on some of the clicks, and ``same`` the engine on these.
    """

    domains: Times = field(default_factory=Times)
    conflict: Times = field(default_factory=Times)
    repair: Times = field(default_factory=Times)
    cheapest: Times = field(default_factory=Times)
    plain: Times = field(default_factory=Times)
    same: Times = field(default_factory=Times)

    @property
    def ratio_to_plain(self) -> float | None:
        """How many times as long the plain solver takes, by medians."""
        ours, theirs = self.same.at(0.5), self.plain.at(0.5)
        return round(theirs / ours, 1) if ours and theirs else None


def click_through(
    engine: Engine, cheapest: Cheapest | None, *, sessions: int, clicks: int, seed: int
) -> Clicked:
    """Random sessions: valid choices, and now and then a blocked one that has to be explained."""
    found = Clicked()
    plain = PlainSolver(engine)
    plain_until = time.monotonic() + PLAIN_SECONDS
    warm()  # loading the loops is no click's business
    engine.domains({})
    for session in range(sessions):
        rng = random.Random(seed + session)  # noqa: S311 - the same clicks every time
        for choices in _walk(engine, rng, clicks):
            began = len(found.domains.spent)
            found.domains.add(lambda c=choices: engine.domains(c))  # type: ignore[misc]
            _ask_why(engine, rng, choices, found)
            if cheapest is not None and not getattr(cheapest, "is_over", False):
                found.cheapest.add(lambda c=choices: cheapest(c))  # type: ignore[misc]
            if time.monotonic() < plain_until and rng.random() < 0.5:
                found.plain.add(lambda c=choices: plain.domains(c))  # type: ignore[misc]
                found.same.spent.append(found.domains.spent[began])
    return found


def _walk(engine: Engine, rng: random.Random, clicks: int) -> Iterator[dict[str, ChoiceValue]]:
    """The choices after each click of one session."""
    choices: dict[str, ChoiceValue] = {}
    for _ in range(clicks):
        domains = engine.domains(choices)
        asked = [
            feature
            for feature in engine.model.features
            if feature.id not in choices
            and feature.kind in ("choice", "parameter")
            and len(domains[feature.id]) > 1
        ]
        if not asked:
            return
        feature = rng.choice(asked)
        option = rng.choice([value for value in feature.domain if value in domains[feature.id]])
        if isinstance(domains[feature.id], Interval) and not engine.is_valid(
            {**choices, feature.id: option}
        ):
            continue
        choices = {**choices, feature.id: option}
        yield dict(choices)


def _ask_why(
    engine: Engine, rng: random.Random, choices: Mapping[str, ChoiceValue], found: Clicked
) -> None:
    domains = engine.domains(choices)
    blocked = [
        (feature.id, value)
        for feature in engine.model.features
        if feature.kind in ("choice", "parameter")
        for value in feature.domain
        if value not in domains[feature.id]
    ]
    if blocked:
        feature, option = rng.choice(blocked)
        found.conflict.add(lambda: engine.explain(choices, feature, option))
        found.repair.add(lambda: engine.repairs(choices, feature, option))


class PlainSolver:
    """One solver call an option."""

    def __init__(self, engine: Engine) -> None:
        self._model: Model = engine.model
        self._encoding = engine.encoding
        self._solver = Glucose4(bootstrap_with=self._encoding.clauses)
        for selector in self._encoding.rules.values():
            self._solver.add_clause([selector])

    def domains(self, choices: Mapping[str, ChoiceValue]) -> dict[str, set[str | int]]:
        units = {
            name: self._encoding.literals(self._model.by_id[name], value)
            for name, value in choices.items()
        }
        everything = [x for literals in units.values() for x in literals]
        found: dict[str, set[str | int]] = {}
        for feature in self._model.features:
            literals = everything
            if feature.id in choices:
                literals = [x for name, group in units.items() if name != feature.id for x in group]
            found[feature.id] = self._domain(feature, literals)
        return found

    def _domain(self, feature: Feature, literals: list[int]) -> set[str | int]:
        return {
            value
            for value in feature.domain
            if self._solver.solve([*literals, *self._encoding.single(feature, value)])
        }
