"""What can be chosen: the features of an offer and their options."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast

from cosmo.lib.expressions import Chosen, Number

FeatureKind = Literal["choice", "multi", "parameter", "text"]
ChoiceValue = str | int | tuple[str, ...]
"""An answer. Of a parameter with decimals it is the number without its point: 735 for 73.5."""
Choices = Mapping[str, ChoiceValue]
"""Answers given so far, oldest first. A multi-select answer is the exact set of chosen options."""
Selection = Mapping[str, ChoiceValue]
"""An answer to every feature, in the order of the model."""


class Including(tuple[str, ...]):
    """A multi-select answer that is not the whole set: these options, perhaps among others."""

    __slots__ = ()


NONE = "none"
"""The option an optional feature has beside its own."""
ANY_TEXT = "*"
"""Stands in a domain for every text that is not empty."""
MAX_STEPS = 64
"""A parameter of at most so many values is offered value by value."""
MAX_SCALED_STEPS = 4_000
"""A parameter of more values is offered as an interval; of more than this, not at all."""
MAX_DECIMALS = 3
ANGLES = ("°", "′", "″")

_NUMBER = re.compile(r"(-?)([0-9]{1,9})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a feature, with the values expressions read behind it."""

    id: str
    values: Mapping[str, Number | str | bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """What a scaled parameter can still be: its limits are reached, values between may be not.

    Attributes:
        minimum, maximum: The least and the greatest value some design has.
        step: Distance between two values.
    """

    minimum: int
    maximum: int
    step: int

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and value in range(self.minimum, self.maximum + 1, self.step)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.minimum, self.maximum + 1, self.step))

    def __len__(self) -> int:
        return len(range(self.minimum, self.maximum + 1, self.step))


@dataclass(frozen=True)
class Feature:
    """One question.

    Attributes:
        options: Of a choice or multi-select feature, in the order shown; an optional choice
            starts with ``none``.
        minimum, maximum: Of a multi-select feature: how many options may be chosen; of a parameter:
            its limits, in ``unit`` and without the decimal point.
        step: Distance between two values of a parameter; 0 elsewhere.
        scaled: Of a parameter: offered as an interval although it has few values.
        decimals: How many digits of a parameter stand behind the point: 1 where 735 means 73.5.
        max_length: Characters of a text; 0 elsewhere.
        component: Id of the component this feature describes; "" for the product itself.
        usual: The answer of a component's feature once the component is fitted.
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
    scaled: bool = False
    decimals: int = 0
    component: str = ""
    usual: ChoiceValue | None = None

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    @property
    def numbers(self) -> range:
        """The values of a parameter."""
        return range(self.minimum, self.maximum + 1, self.step)

    @cached_property
    def is_scaled(self) -> bool:
        """Whether it is a parameter that is offered as an interval, not value by value."""
        return self.kind == "parameter" and (self.scaled or len(self.numbers) > MAX_STEPS)

    @cached_property
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
        if self.kind == "multi":
            return frozenset(cast(tuple[str, ...], value))
        if self.decimals and isinstance(value, int):
            return Decimal(value).scaleb(-self.decimals)
        return value

    @cached_property
    def reader(self) -> Callable[[Any], Any]:
        """``in_scope``, without asking what kind this is."""
        return self.chosen.__getitem__ if self.kind == "choice" else self.in_scope

    def from_scope(self, value: Any) -> ChoiceValue:
        """The answer that expressions see as ``value``; undoes ``in_scope``."""
        if isinstance(value, Chosen):
            return value.id
        if isinstance(value, frozenset):
            return tuple(option for option in self.option_ids if option in value)
        if self.kind == "parameter":
            return int(Decimal(value).scaleb(self.decimals))
        return cast(str, value)

    def shown(self, value: int) -> str:
        """A value of a parameter as people write it: ``73.5``."""
        return str(Decimal(value).scaleb(-self.decimals)) if self.decimals else str(value)

    def read(self, text: str) -> int:
        """A number as people write it, without its point; limits and steps are not looked at.

        Raises:
            ValueError: it is no number, or has more decimals than this parameter.
        """
        return scaled_number(text, self.decimals)


def with_unit(number: str, unit: str) -> str:
    """``1850 mm``, but ``73.5°``: signs of angles stand at their number."""
    return f"{number}{unit}" if unit in ANGLES else f"{number} {unit}".rstrip()


def scaled_number(text: str, decimals: int) -> int:
    """``text`` times 10 to the power of ``decimals``, exactly.

    Raises:
        ValueError: it is no plain number, or has more decimals.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a number.")
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"'{text}' has more than {decimals} decimals.")
    return int(sign + whole + fraction.ljust(decimals, "0"))


def decimals_of(number: int | str) -> int:
    """How many digits stand behind the point of a number in a document."""
    return len(str(number).partition(".")[2])
