"""What becomes of a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from design.rules import ChoiceValue, Selection

Kind = Literal["accepted", "repaired", "refused"]


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is not the one in the file.

    Attributes:
        before: As in the file, in the unit of the feature.
        relative: By how much of ``before``.
    """

    name: str
    before: Decimal
    after: Decimal

    @property
    def relative(self) -> Decimal:
        if self.before == 0:
            return Decimal(0) if self.after == 0 else Decimal("Infinity")
        return abs(self.after - self.before) / abs(self.before)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row comes to no design.

    Attributes:
        code: ``limit``, ``fixed`` (a column with one value), ``rule``, ``option`` (a text without
            an option) or ``missing`` (a value).
        name: The feature, the fixed column, or the rule.
        values: The values in question, as in the file.
        sentence: All of it in words.
    """

    code: Literal["limit", "fixed", "rule", "option", "missing"]
    name: str
    values: Mapping[str, str]
    sentence: str

    @property
    def kind(self) -> str:
        """What ``name`` is the name of."""
        if self.code == "rule":
            return "rule"
        return "column" if self.code == "fixed" else "feature"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row came to.

    Attributes:
        rounded: Numbers moved to the nearest step.
        repaired: One to three numbers changed so that limits and rules are kept.
        filled: Answers to features for which the row had no value: defaults, or what fits instead.
        choices: What the row answers, in the order of the model; empty when refused.
        selection: The full design; None when refused.
    """

    kind: Kind
    rounded: tuple[Change, ...] = ()
    repaired: tuple[Change, ...] = ()
    filled: Mapping[str, ChoiceValue] | None = None
    choices: Mapping[str, ChoiceValue] | None = None
    selection: Selection | None = None
    refusal: Refusal | None = None
