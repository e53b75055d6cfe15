"""One shopper's clicks: each is accepted or refused with its reason, and can be undone.

The state is the choices alone; the engine is asked anew each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .conflict import Choice, Conflict
from .engine import Domains, Engine
from .features import Choices, ChoiceValue, Feature, Including

Price = Callable[[Choices], Decimal]
MOST_SHOWN, MOST_COMPARED = 3, 9
Repair = tuple[Choice, ...]
"""Earlier choices to take back."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a click was not accepted.

    Attributes:
        conflict: The earlier choices and the rules that stand against it; minimal.
        repairs: Up to three sets of the fewest choices to take back for it.
    """

    conflict: Conflict
    repairs: tuple[Repair, ...]


@dataclass(slots=True)
class Session:
    """Choices made by clicks. A click on a multi-select feature adds an option; on any other it
    replaces the answer.

    Attributes:
        price: What the cheapest design with some choices costs; puts repairs in order.
    """

    engine: Engine
    price: Price | None = None
    choices: Choices = field(default_factory=dict)
    _before: list[Choices] = field(default_factory=list)

    def choose(self, feature: str, option: str | int) -> Refused | None:
        """Make a choice; None when it is accepted, else nothing changes.

        ``option`` is one of the feature's; numbers of parameters without their point.
        """
        asked = self.engine.model.by_id[feature]
        wished = {name: v for name, v in self.choices.items() if name != feature}
        wished[feature] = self._answer(asked, option)
        if self.engine.is_valid(wished):
            self._move(wished)
            return None
        conflict = self.engine.explain(self.choices, feature, option)
        if conflict is None:  # the text is what differs: a text may be there, but not this way
            raise AssertionError(f"'{feature}' is refused without a reason.")
        return Refused(conflict, self._repairs(feature, option, wished[feature]))

    def _repairs(self, feature: str, option: str | int, answer: ChoiceValue) -> tuple[Repair, ...]:
        """Up to three of the fewest changes; with prices, the cheapest first."""
        if self.price is None:
            return self.engine.repairs(self.choices, feature, option, MOST_SHOWN)
        found = self.engine.repairs(self.choices, feature, option, MOST_COMPARED)
        prices = [self.price(self._without(repair, {feature: answer})) for repair in found]
        order = sorted(range(len(found)), key=lambda place: (prices[place], place))
        return tuple(found[place] for place in order[:MOST_SHOWN])

    def _without(self, repair: Repair, newest: Choices) -> Choices:
        """The choices after a repair, with the newest one."""
        rest = {name: value for name, value in self.choices.items() if name not in newest}
        rest |= newest
        for choice in repair:
            held = rest.pop(choice.feature)
            left = (
                [name for name in held if name != choice.option] if isinstance(held, tuple) else ()
            )
            if left:
                rest[choice.feature] = Including(left)
        return rest

    def retract(self, feature: str, option: str | int | None = None) -> None:
        """Take the answer of a feature back, or only one option: that may not have been chosen."""
        rest = dict(self.choices)
        held = rest.pop(feature, None)
        if option is not None and isinstance(held, tuple):
            left = Including(name for name in held if name != option)
            if left:
                rest[feature] = left
        elif option is not None and held is not None and held != option:
            rest = dict(self.choices)
        self._move(rest)

    def undo(self) -> None:
        """Back to before the last choice or retraction, even one that changed nothing; nothing
        happens at the beginning."""
        if self._before:
            self.choices = self._before.pop()

    def domains(self) -> Domains:
        return self.engine.domains(self.choices)

    def count(self, uncounted: Sequence[str] = ()) -> int | None:
        """How many designs are left; None where that is not known exactly.

        Args:
            uncounted: Two-valued features that no rule speaks of and that are not to be counted.
        """
        count = self.engine.count(self.choices)
        if count is None:
            return None
        return count >> sum(name not in self.choices for name in uncounted)

    def _answer(self, feature: Feature, option: str | int) -> ChoiceValue:
        held = self.choices.get(feature.id)
        if feature.kind != "multi":
            return option
        before = held if isinstance(held, tuple) else ()
        return Including(dict.fromkeys((*before, str(option))))

    def _move(self, choices: Choices) -> None:
        self._before.append(self.choices)
        self.choices = choices
