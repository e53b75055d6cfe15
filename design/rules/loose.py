"""The rules of a model, each of which can be left out or broken: for questions about the rules.

One solver for all questions: a rule is in force where its selector is assumed, and broken where
its ``broken`` literal is. What the solver learns for one question serves the next, and every
design it finds answers all questions that the design shows the answer of.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from pysat.solvers import Glucose4

from .clauses import Clauses
from .combinations import between
from .features import Feature
from .model import Model
from .translate import Translator


class LooseRules:
    """Asks about the rules of one model; every answer names as few rules as possible."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._encoding = model.encoding
        self._selectors = self._encoding.rules
        rows = self._encoding.clauses
        top = max((abs(literal) for row in rows for literal in row), default=0)
        last = max(top, self._encoding.width, *self._selectors.values(), 0)
        clauses = Clauses(first_free=last + 1)
        translator = Translator(model.by_id, self._encoding.variables)
        self._broken: dict[str, int] = {}
        for rule in model.rules:
            self._broken[rule.id] = clauses.new_variable()
            clauses.require(translator.broken(rule), (-self._broken[rule.id],))
        self._glucose = Glucose4(bootstrap_with=[*rows, *clauses.rows])
        self._seen_literals: set[int] = set()
        self._scaled = [feature for feature in model.features if feature.is_scaled]
        self._seen_places: dict[str, set[int]] = {f.id: set() for f in self._scaled}
        self._values: dict[str, frozenset[int]] = {}

    @cached_property
    def everything(self) -> tuple[str, ...]:
        return tuple(self._selectors)

    def having(self, feature: Feature, value: str | int) -> tuple[int, ...]:
        """The literals that say a design has this option."""
        return self._encoding.single(feature, value)

    def lying(self, feature: Feature, low: int, high: int) -> tuple[int, ...]:
        """The literals that say a scaled parameter lies from ``low`` to ``high``."""
        return between(feature, self._encoding.variables, low, high)

    def possible_values(self, feature: Feature) -> frozenset[int]:
        """The values of a scaled parameter that some design has. Asked once, then known."""
        if feature.id not in self._values:
            possible = (v for n, v in enumerate(feature.numbers) if self._is_possible(feature, n))
            self._values[feature.id] = frozenset(possible)
        return self._values[feature.id]

    def _is_possible(self, feature: Feature, place: int) -> bool:
        if place in self._seen_places[feature.id]:
            return True
        self._prefer_places(place / len(feature.numbers))
        value = feature.numbers[place]
        return self._design([*self.lying(feature, value, value), *self._selectors.values()])

    def _prefer_places(self, share: float) -> None:
        """Have the solver try every scaled parameter at this share of its range: one design then
        shows a new value of each."""
        wishes: list[int] = []
        for feature in self._scaled:
            literals = list(self._encoding.variables[feature.id].values())
            place = round(share * len(literals))
            wishes += literals[:place]
            wishes += [-literal for literal in literals[place:]]
        self._glucose.set_phases(wishes)

    def cause(
        self, literals: Sequence[int] = (), rules: Iterable[str] | None = None
    ) -> tuple[str, ...] | None:
        """The fewest of ``rules`` that forbid ``literals`` together; None if they do not.

        Fewest in the sense that none of them is superfluous. Empty when the features alone forbid
        it.
        """
        if rules is None and len(literals) == 1 and literals[0] in self._seen_literals:
            return None
        names = list(self.everything if rules is None else rules)
        selectors = [self._selectors[name] for name in names]
        if rules is None:
            is_possible = self._design([*literals, *selectors])
        else:
            is_possible = self._solve([*literals, *selectors])
        if is_possible:
            return None
        needed = set(self._shrink(literals, selectors))
        return tuple(name for name in names if self._selectors[name] in needed)

    def implied_by(self, rule_id: str) -> tuple[str, ...] | None:
        """The other rules that say already what ``rule_id`` says; None if it says something new."""
        others = [name for name in self.everything if name != rule_id]
        return self.cause((self._broken[rule_id],), others)

    def _solve(self, assumptions: Sequence[int]) -> bool:
        return bool(self._glucose.solve(assumptions=assumptions))

    def _design(self, assumptions: Sequence[int]) -> bool:
        """Whether a design under all rules exists; what it shows is remembered."""
        if not self._solve(assumptions):
            return False
        shown = self._glucose.get_model()[: self._encoding.width]
        self._seen_literals.update(shown)
        for feature in self._scaled:
            thresholds = self._encoding.variables[feature.id].values()
            self._seen_places[feature.id].add(sum(shown[x - 1] > 0 for x in thresholds))
        return True

    def _shrink(self, fixed: Sequence[int], candidates: Sequence[int]) -> list[int]:
        """Leave out one after the other while the contradiction stays."""
        core = frozenset(self._glucose.get_core() or ())
        kept: list[int] = []
        for place, literal in enumerate(candidates):
            if literal not in core:
                continue  # the core lies in what is kept and what is still to come
            if self._solve([*fixed, *kept, *candidates[place + 1 :]]):
                kept.append(literal)
            else:
                core = frozenset(self._glucose.get_core() or ())
        return kept
