"""What does not go together: the authored rules of an offer."""

from dataclasses import dataclass, field
from typing import Any

from cosmo.lib.expressions import Chosen, Expression, Remembered, Scope


@dataclass(frozen=True, slots=True)
class Table:
    """The allowed combinations of some choice features and parameters, as expressions see them."""

    features: tuple[str, ...]
    rows: frozenset[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One authored rule: an expression that must or must not hold, an implication, or a table.

    Exactly one of the forms is filled: ``when`` with ``then``, ``never``, ``always`` or ``table``.

    Attributes:
        guard: The rule holds only where this does; of a component's rules: that it is fitted.
    """

    id: str
    when: Expression | None = None
    then: Expression | None = None
    never: Expression | None = None
    always: Expression | None = None
    table: Table | None = None
    guard: Expression | None = None
    _holds: Remembered[bool] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_holds", Remembered(self.features, self._verdict))

    @property
    def implication(self) -> tuple[Expression, Expression]:
        """``when`` and ``then`` of a rule that is written as an implication."""
        if self.when is None or self.then is None:
            raise ValueError(f"Rule {self.id} is not an implication.")
        return self.when, self.then

    @property
    def features(self) -> frozenset[str]:
        """Every feature the rule speaks of."""
        parts = (self.when, self.then, self.never, self.always, self.guard)
        names = frozenset().union(*(part.names for part in parts if part is not None))
        return names | frozenset(self.table.features) if self.table else names

    def holds(self, scope: Scope) -> bool:
        """Whether the rule accepts a full selection, read literally and without any solver."""
        return self._holds(scope)

    def _verdict(self, scope: Scope) -> bool:
        if self.guard is not None and not self.guard.evaluate_truth(scope):
            return True
        if self.table is not None:
            return tuple(_plain(scope[name]) for name in self.table.features) in self.table.rows
        if self.never is not None:
            return not self.never.evaluate_truth(scope)
        if self.always is not None:
            return self.always.evaluate_truth(scope)
        when, then = self.implication
        return not when.evaluate_truth(scope) or then.evaluate_truth(scope)


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Chosen) else value
