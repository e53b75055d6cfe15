"""The rules of a model, each of which can be left out or broken: for questions about the rules.

One solver for all questions: a rule is in force where its selector is assumed, and broken where
its ``broken`` literal is. What the solver learns for one question serves the next.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from .clauses import Clauses
from .combinations import between
from .encoding import encode
from .features import Feature
from .model import Model
from .solver import Solver
from .translate import Translator


class LooseRules:
    """Asks about the rules of one model; every answer names as few rules as possible."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._encoding = encode(model.features, model.rules, model.structure)
        self._selectors = self._encoding.rules
        rows = self._encoding.clauses
        top = max((abs(literal) for row in rows for literal in row), default=0)
        clauses = Clauses(
            first_free=max(top, self._encoding.width, *self._selectors.values(), 0) + 1
        )
        translator = Translator(model.by_id, self._encoding.variables)
        self._broken: dict[str, int] = {}
        for rule in model.rules:
            self._broken[rule.id] = clauses.new_variable()
            clauses.require(translator.broken(rule), (-self._broken[rule.id],))
        # Remembered designs include which rules they keep: most questions need no solver.
        self._solver = Solver([*rows, *clauses.rows], (), clauses.top)

    @cached_property
    def everything(self) -> tuple[str, ...]:
        return tuple(self._selectors)

    def having(self, feature: Feature, value: str | int) -> tuple[int, ...]:
        """The literals that say a design has this option."""
        return self._encoding.single(feature, value)

    def lying(self, feature: Feature, low: int, high: int) -> tuple[int, ...]:
        """The literals that say a scaled parameter lies from ``low`` to ``high``."""
        return between(feature, self._encoding.variables, low, high)

    def is_forbidden(self, literals: Sequence[int]) -> bool:
        """Whether no design has all ``literals``."""
        return self._solver.find([*literals, *self._selectors.values()]) is None

    def cause(
        self, literals: Sequence[int] = (), rules: Iterable[str] | None = None
    ) -> tuple[str, ...] | None:
        """The fewest of ``rules`` that forbid ``literals`` together; None if they do not.

        Fewest in the sense that none of them is superfluous. Empty when the features alone forbid
        it.
        """
        names = list(self.everything if rules is None else rules)
        selectors = [self._selectors[name] for name in names]
        if self._solver.find([*literals, *selectors]) is not None:
            return None
        needed = set(self._shrink(literals, selectors))
        return tuple(name for name in names if self._selectors[name] in needed)

    def implied_by(self, rule_id: str) -> tuple[str, ...] | None:
        """The other rules that say already what ``rule_id`` says; None if it says something new."""
        others = [name for name in self.everything if name != rule_id]
        return self.cause((self._broken[rule_id],), others)

    def _shrink(self, fixed: Sequence[int], candidates: Sequence[int]) -> list[int]:
        """Leave out one after the other while the contradiction stays."""
        core = self._solver.core()
        kept: list[int] = []
        for place, literal in enumerate(candidates):
            if literal not in core:
                continue  # the core lies in what is kept and what is still to come
            if self._solver.find([*fixed, *kept, *candidates[place + 1 :]]) is not None:
                kept.append(literal)
            else:
                core = self._solver.core()
        return kept
