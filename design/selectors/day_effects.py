"""What each answer does to the day of delivery, and which single answers bring it sooner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cosmo.lib.ports import Inquiry
from design.compile import CompiledOffer
from design.pricing import Designs
from design.rules import Choices, Selection
from design.selectors.answers import FeatureView, GroupView, OptionView
from design.selectors.configured import Configured
from design.selectors.studio_state import address

DayChanges = Mapping[str, Mapping[str | int, int]]
SOONER_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other answer that changes the day for the better, or the price at the day's cost.

    Attributes:
        days: By how many days later it comes; negative: sooner.
        change: What it adds to the price or takes off.
        address: Query of the studio that leads there.
    """

    feature: str
    option: str
    days: int
    change: Decimal
    address: str

    @property
    def is_sooner(self) -> bool:
        return self.days < 0


def day_changes(inquiry: Inquiry, selection: Selection, designs: Designs, said: date) -> DayChanges:
    """By feature and option, by how many days the day moves; one question for all of them."""
    asked = [
        (feature, option, design)
        for feature, options in designs.items()
        for option, design in options.items()
        if design != selection
    ]
    if not asked:
        return {}
    found: dict[str, dict[str | int, int]] = {}
    days = inquiry.days([design for _, _, design in asked])
    for (feature, option, _), day in zip(asked, days, strict=True):
        if day is not None:
            found.setdefault(feature, {})[option] = (day - said).days
    return found


def with_days(groups: tuple[GroupView, ...], changes: DayChanges) -> tuple[GroupView, ...]:
    """The same questions, each answer that can be had with its effect on the day."""
    return tuple(
        replace(group, features=tuple(_feature(one, changes) for one in group.features))
        for group in groups
    )


def view_alternatives(
    compiled: CompiledOffer,
    configured: Configured,
    groups: tuple[GroupView, ...],
    designs: Designs,
) -> tuple[Alternative, ...]:
    """The answers that bring it soonest, at most one a question, and the cheapest that is later."""
    found = [
        (one.id, _alternative(compiled, configured, one, option, designs[one.id][option.id]))
        for one, option in _options(groups)
        if option.days and option.change is not None and option.id in designs.get(one.id, {})
    ]
    sooner = sorted(
        ((question, one) for question, one in found if one.days < 0),
        key=lambda item: (item[1].days, item[1].change),
    )
    best = dict(reversed(sooner))  # by question: two may share a name
    shown = [one for question, one in sooner if best[question] is one][:SOONER_SHOWN]
    cheaper = [one for _question, one in found if one.days > 0 and one.change < 0]
    return (*shown, *sorted(cheaper, key=lambda a: (a.change, a.days))[:1])


def _feature(feature: FeatureView, changes: DayChanges) -> FeatureView:
    days = changes.get(feature.id, {})
    return replace(
        feature,
        options=tuple(
            option if option.change is None else replace(option, days=days.get(option.id))
            for option in feature.options
        ),
        inside=tuple(_feature(one, changes) for one in feature.inside),
    )


def _options(groups: tuple[GroupView, ...]) -> Iterator[tuple[FeatureView, OptionView]]:
    waiting = [feature for group in groups for feature in group.features]
    while waiting:
        feature = waiting.pop(0)
        yield from ((feature, option) for option in feature.options)
        waiting = [*feature.inside, *waiting]


def _alternative(
    compiled: CompiledOffer,
    configured: Configured,
    feature: FeatureView,
    option: OptionView,
    design: Selection,
) -> Alternative:
    choices: Choices = {**configured.choices, feature.id: design[feature.id]}
    return Alternative(
        feature=feature.name,
        option=option.name,
        days=option.days or 0,
        change=option.change or Decimal(0),
        address=address(compiled, choices, design),
    )
