"""A full design from some choices, always the same one for the same question."""

from collections.abc import Mapping, Sequence

from .conflict import TextNeeded
from .encoding import Encoding
from .features import NONE, Choices, ChoiceValue, Feature, Selection
from .model import Model
from .solver import Solver, Wishes


class Completer:
    """Completes designs of one model; what it reads of the model is read once."""

    def __init__(self, model: Model, encoding: Encoding, solver: Solver) -> None:
        self._features = model.features
        self._by_id = model.by_id
        self._encoding = encoding
        self._solver = solver
        self._component = {f.id: f.component for f in model.features if f.component}
        # None of these can be invented, so they stay empty before anything else is decided.
        self._texts = tuple(f for f in model.features if f.kind == "text" and not f.default)
        self._defaults = tuple(
            (feature, answers[feature.id])
            for answers in (model.outer_defaults, model.usual, model.defaults)
            for feature in model.features
            if feature.id in answers
        )

    def complete(self, choices: Choices, prefer: Selection) -> Selection | None:
        """The completion described at ``Engine.complete``; None if no design answers ``choices``.

        Raises:
            TextNeeded: see there.
        """
        literals = self._encoding.literals
        fixed = [x for name, value in choices.items() for x in literals(self._by_id[name], value)]
        empty, kept = self._empty(choices, prefer), self._wished(choices, prefer)
        first = [*empty, *kept]
        blocks = [literals(*one) for one in first]
        near = [literal for block in blocks[len(empty) :] for literal in block]
        design = dict(choices)
        with self._solver.wishes(near) as wishes:
            # The choices first and alone: near a design as it is, not near one of wishes.
            if wishes is None or not wishes.keep([fixed])[0]:
                return None
            _take(design, first, wishes.keep(blocks))
            if len(design) < len(self._features):
                self._fill(design, wishes, {feature.id: answer for feature, answer in kept})
        return {f.id: _ordered(f, design[f.id]) for f in self._features}

    def _empty(self, choices: Choices, prefer: Selection) -> list[tuple[Feature, ChoiceValue]]:
        """Texts that nobody has written."""
        return [(f, "") for f in self._texts if f.id not in choices and not prefer.get(f.id)]

    def _wished(self, choices: Choices, prefer: Selection) -> list[tuple[Feature, ChoiceValue]]:
        """What ``prefer`` says of what is not chosen; answers of components it has not fitted mean
        nothing."""
        component = self._component
        return [
            (feature, prefer[name])
            for feature in self._features
            if (name := feature.id) in prefer
            and name not in choices
            and (name not in component or prefer.get(component[name]) != NONE)
        ]

    def _fill(self, design: dict[str, ChoiceValue], wishes: Wishes, meant: Selection) -> None:
        """Answers for whatever is left open: defaults, then what fits first."""
        defaults = [
            (feature, answer)
            for feature, answer in self._defaults
            if feature.id not in design
            # A number that does not fit moves to the nearest that does, not to its default.
            and not (feature.kind == "parameter" and feature.id in meant)
        ]
        if defaults:
            fits = wishes.keep([self._encoding.literals(*one) for one in defaults])
            _take(design, defaults, fits)
        for feature in self._features:
            if feature.id not in design:
                design[feature.id] = _first_fit(self._encoding, wishes, feature, meant)


def _take(
    design: dict[str, ChoiceValue],
    asked: Sequence[tuple[Feature, ChoiceValue]],
    fits: Sequence[bool],
) -> None:
    """The first answer of a feature that fits counts; others agree with it or do not fit."""
    for (feature, answer), is_taken in zip(asked, fits, strict=True):
        if is_taken:
            design.setdefault(feature.id, answer)


def _first_fit(
    encoding: Encoding, wishes: Wishes, feature: Feature, prefer: Mapping[str, ChoiceValue]
) -> ChoiceValue:
    wish = prefer.get(feature.id, feature.default)
    if feature.kind == "multi":
        return _first_set(encoding, wishes, feature, wish)
    if feature.kind == "text":
        raise TextNeeded(feature.id)
    values = _by_closeness(encoding, wishes, feature, wish)
    place = wishes.first([encoding.literals(feature, value) for value in values])
    if place is None:
        raise AssertionError(f"No answer of '{feature.id}' fits a design that exists.")
    return values[place]


def _by_closeness(
    encoding: Encoding, wishes: Wishes, feature: Feature, wish: ChoiceValue
) -> Sequence[str | int]:
    """The answers there may be, the nearest to a number first; the lower of two as near."""
    if feature.kind != "parameter" or not isinstance(wish, int):
        return feature.domain
    numbers = feature.numbers
    if feature.is_scaled:
        least, most = wishes.span(tuple(encoding.variables[feature.id].values()))
        numbers = numbers[least : most + 1]
    return sorted(numbers, key=lambda number: (abs(number - wish), number))


def _first_set(
    encoding: Encoding, wishes: Wishes, feature: Feature, wish: ChoiceValue
) -> ChoiceValue:
    """As much of the wished set as fits, option by option, and as little else as can be."""
    wished = wish if isinstance(wish, tuple) else ()
    held = []
    for option in feature.option_ids:
        literal = encoding.literal(feature, option)
        hoped = literal if option in wished else -literal
        if wishes.first([(hoped,), (-hoped,)]) == (0 if hoped > 0 else 1):
            held.append(option)
    return tuple(held)


def _ordered(feature: Feature, value: ChoiceValue) -> ChoiceValue:
    if feature.kind != "multi" or not isinstance(value, tuple):
        return value
    return tuple(option for option in feature.option_ids if option in value)
