"""A price as costs of single answers, so that a diagram can add it up.

A line that depends on one feature is a cost of its answers. A line that depends on several becomes
a question of its own: which of its amounts counts; formulas tie the answer to the features.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from math import prod

from design.rules import ANY_TEXT, Choices, ChoiceValue, Feature, Model, answers
from design.rules.formula import Formula, all_of, any_of
from design.rules.levels import Level

from .book import ConditionalLine, PriceBook

MAX_COMBINATIONS = 20_000
LiteralsOf = Callable[[Feature, ChoiceValue], tuple[int, ...]]
ONE_CHARACTER = "x"
"""Stands for a text that is not written yet: it is as short as can be."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A line over several features: the answers that lead to each of its amounts.

    Attributes:
        level: The question which amount counts.
        amounts: In minor units (cents).
        of: For each combination of answers, the place of its amount.
        lengths_of: Texts whose length changes an amount; the amounts are those of one character.
    """

    level: Level
    features: tuple[Feature, ...]
    amounts: tuple[int, ...]
    of: Mapping[tuple[ChoiceValue, ...], int]
    lengths_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Costs:
    """All lines of a price, sorted by what they depend on.

    Attributes:
        base: What every design costs, in ten-thousandths of the currency.
        single: Lines of one feature, by its id.
        joint: Lines of several.
        left_out: Ids of lines over too many combinations to be tabulated.
        fixed: What answers cost beside all lines, by feature.
    """

    base: int
    single: Mapping[str, tuple[ConditionalLine, ...]]
    joint: tuple[Joint, ...]
    left_out: tuple[str, ...]
    fixed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def features(self) -> frozenset[str]:
        """Features whose answers cost something by themselves."""
        return frozenset(self.single) | frozenset(self.fixed)

    def are_true(self, choices: Choices) -> bool:
        """Whether the amounts hold for the texts among the choices, however long they are."""
        texts = frozenset().union(*(joint.lengths_of for joint in self.joint))
        return all(len(str(choices.get(name, ""))) <= len(ONE_CHARACTER) for name in texts)


def costs_of(book: PriceBook, model: Model) -> Costs:
    single: dict[str, list[ConditionalLine]] = {}
    joint: list[Joint] = []
    left_out: list[str] = []
    base = _whole(book.base)
    for line in book.conditional:
        features = [feature for feature in model.features if feature.id in line.names]
        if not features:
            base += _whole(book.amount(line, {}) or Decimal(0))
        elif len(features) == 1 and features[0].kind != "multi":
            single.setdefault(features[0].id, []).append(line)
        elif _combinations(features) <= MAX_COMBINATIONS:
            joint.append(_joint(book, line, features))
        else:
            left_out.append(line.id)
    kept = {name: tuple(lines) for name, lines in single.items()}
    return Costs(base, kept, tuple(joint), tuple(left_out))


def amounts_of(
    book: PriceBook, costs: Costs, feature: Feature, choices: Choices
) -> tuple[int, ...]:
    """What each answer of ``feature`` adds; a text that is chosen counts with its length."""
    lines = costs.single.get(feature.id, ())
    fixed = costs.fixed.get(feature.id, (0,) * len(feature.domain))
    text = choices.get(feature.id)
    found = []
    for answer, more in zip(feature.domain, fixed, strict=True):
        value = (text or ONE_CHARACTER) if answer == ANY_TEXT and feature.kind == "text" else answer
        scope = {feature.id: feature.in_scope(value)}
        amounts = (book.amount(line, scope) or Decimal(0) for line in lines)
        found.append(more + sum(_whole(amount) for amount in amounts))
    return tuple(found)


def tie(joint: Joint, literals_of: LiteralsOf, amounts: Sequence[int]) -> Formula:
    """What makes the joint question's answer the right one.

    Args:
        literals_of: The literals that say a feature has an answer.
        amounts: Variable of each amount of the line.
    """
    return all_of(
        any_of(
            (
                *(
                    -literal
                    for feature, answer in zip(joint.features, combination, strict=True)
                    for literal in literals_of(feature, answer)
                ),
                amounts[place],
            )
        )
        for combination, place in joint.of.items()
    )


def _combinations(features: Sequence[Feature]) -> int:
    return prod(len(list(answers(feature))) for feature in features)


def _joint(book: PriceBook, line: ConditionalLine, features: Sequence[Feature]) -> Joint:
    amounts: dict[int, int] = {}
    of: dict[tuple[ChoiceValue, ...], int] = {}
    by_length: set[str] = set()
    for combination in product(*(list(answers(feature)) for feature in features)):
        amount = _amount(book, line, features, combination, 1)
        of[combination] = amounts.setdefault(amount, len(amounts))
        for feature, answer in zip(features, combination, strict=True):
            if feature.kind != "text" or not answer or feature.id in by_length:
                continue
            longer = (2, feature.max_length)
            if any(amount != _amount(book, line, features, combination, n) for n in longer):
                by_length.add(feature.id)
    level = Level(f"price:{line.id}", "", len(amounts))
    return Joint(level, tuple(features), tuple(amounts), of, frozenset(by_length))


def _amount(
    book: PriceBook,
    line: ConditionalLine,
    features: Sequence[Feature],
    combination: tuple[ChoiceValue, ...],
    length: int,
) -> int:
    """What the line comes to, with texts of so many characters."""
    scope = {
        f.id: f.in_scope(ONE_CHARACTER * length if v == ANY_TEXT and f.kind == "text" else v)
        for f, v in zip(features, combination, strict=True)
    }
    return _whole(book.amount(line, scope) or Decimal(0))


def _whole(amount: Decimal) -> int:
    """Whole ten-thousandths: no currency has smaller units."""
    return int(amount.scaleb(4))
