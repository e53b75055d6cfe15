"""What can be chosen: the features of an offer and their options."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from cosmo.lib.expressions import Chosen, Number

FeatureKind = Literal["choice", "multi", "parameter", "text"]
ChoiceValue = str | int | tuple[str, ...]
Choices = Mapping[str, ChoiceValue]
"""Answers given so far, oldest first. A multi-select answer is the exact set of chosen options."""
Selection = Mapping[str, ChoiceValue]
"""An answer to every feature, in the order of the model."""

NONE = "none"
"""The option an optional feature has beside its own."""
ANY_TEXT = "*"
"""Stands in a domain for every text that is not empty."""
MAX_STEPS = 64


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a feature, with the values expressions read behind it."""

    id: str
    values: Mapping[str, Number | str | bool]


@dataclass(frozen=True)
class Feature:
    """One question.

    Attributes:
        options: Of a choice or multi-select feature, in the order shown; an optional choice
            starts with ``none``.
        minimum, maximum: Of a multi-select feature: how many options may be chosen; of a parameter:
            its limits, in ``unit``.
        step: Distance between two values of a parameter, in ``unit``; 0 elsewhere.
        max_length: Characters of a text; 0 elsewhere.
    """

    id: str
    group: str
    kind: FeatureKind
    default: ChoiceValue
    options: tuple[Option, ...] = ()
    optional: bool = False
    minimum: int = 0
    maximum: int = 0
    step: int = 0
    unit: str = ""
    max_length: int = 0

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    @property
    def numbers(self) -> range:
        """The values of a parameter."""
        return range(self.minimum, self.maximum + 1, self.step)

    @property
    def domain(self) -> tuple[str | int, ...]:
        """Every answer that can be offered, rules aside."""
        if self.kind == "parameter":
            return tuple(self.numbers)
        return ("", ANY_TEXT) if self.kind == "text" else self.option_ids

    @cached_property
    def chosen(self) -> Mapping[str, Chosen]:
        """Each option as expressions see it when it is chosen."""
        return {option.id: Chosen(option.id, option.values) for option in self.options}

    def in_scope(self, value: ChoiceValue) -> Any:
        """``value`` as expressions see it."""
        if self.kind == "choice":
            return self.chosen[cast(str, value)]
        return frozenset(cast(tuple[str, ...], value)) if self.kind == "multi" else value
