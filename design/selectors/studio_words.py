"""What was written, beside its field; and what is left to choose, with the way to each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from design.selectors.answers import FeatureView, GroupView
from design.selectors.configured import Configured
from design.selectors.lettering_words import LineView


@dataclass(frozen=True, slots=True)
class Left:
    """One question that waits, and the id of where it is answered."""

    anchor: str
    name: str
    answer: str = ""


def with_words(
    groups: tuple[GroupView, ...],
    lines: Mapping[str, LineView],
    typed: Mapping[str, str],
    refused: frozenset[str],
) -> tuple[GroupView, ...]:
    """The same questions, each text and number as it was written; texts with their letters as they
    will be made.
    """
    return tuple(
        replace(
            group, features=tuple(_feature(one, lines, typed, refused) for one in group.features)
        )
        for group in groups
    )


def _feature(
    feature: FeatureView,
    lines: Mapping[str, LineView],
    typed: Mapping[str, str],
    refused: frozenset[str],
) -> FeatureView:
    number = feature.number
    if number is not None and feature.id in typed:
        number = replace(number, typed=typed[feature.id])
    return replace(
        feature,
        number=number,
        value=typed.get(feature.id, feature.value),
        line=None if feature.id in typed else lines.get(feature.id),
        is_refused=feature.id in refused,
        inside=tuple(_feature(one, lines, typed, refused) for one in feature.inside),
    )


def all_features(groups: Sequence[GroupView]) -> Iterator[FeatureView]:
    """Every question, those inside components after the one they belong to."""
    waiting = [feature for group in groups for feature in group.features]
    while waiting:
        feature = waiting.pop(0)
        yield feature
        waiting = [*feature.inside, *waiting]


def choices_left(groups: Sequence[GroupView], waiting: frozenset[str]) -> tuple[Left, ...]:
    """What must be answered before it can be made: texts to write or mend, and open refusals."""
    return tuple(
        Left(_anchor(feature), feature.name)
        for feature in all_features(groups)
        if feature.is_missing
        or feature.is_refused
        or feature.id in waiting
        or (feature.line is not None and feature.line.faults)
    )


def suggested(groups: Sequence[GroupView], configured: Configured) -> tuple[Left, ...]:
    """Questions that nobody answered yet; the answers shown are the maker's."""
    return tuple(
        Left(f"feature-{feature.id}", feature.name, feature.answer)
        for feature in all_features(groups)
        if feature.id not in configured.choices and feature.kind != "text"
    )


def _anchor(feature: FeatureView) -> str:
    is_field = feature.kind in ("text", "parameter")
    return f"answer-{feature.id}" if is_field else f"feature-{feature.id}"
