"""A full design from some choices, always the same one for the same question."""

from collections.abc import Mapping, Sequence

from .conflict import TextNeeded
from .encoding import Encoding
from .features import NONE, Choices, ChoiceValue, Feature, Selection
from .model import Model
from .solver import Solver, Wishes


def complete(
    model: Model, encoding: Encoding, solver: Solver, choices: Choices, prefer: Selection
) -> Selection | None:
    """The completion described at ``Engine.complete``; None if no design answers ``choices``."""
    fixed = [
        literal
        for name, value in choices.items()
        for literal in encoding.literals(model.by_id[name], value)
    ]
    design = dict(choices)
    empty, prefer = _empty_texts(model, choices, prefer), _meant(model, prefer)
    first = [*_asked(model, empty, design), *_asked(model, prefer, design)]
    blocks = [encoding.literals(feature, answer) for feature, answer in first]
    with solver.wishes(fixed, [x for block in blocks[len(empty) :] for x in block]) as wishes:
        if wishes is None:
            return None
        _take(design, first, wishes.keep(blocks))
        # A number that does not fit moves to the nearest that does, not to its default.
        numbers = {f.id for f in model.features if f.kind == "parameter" and f.id in prefer}
        defaults = [
            (feature, answer)
            for answers in (model.outer_defaults, model.usual, model.defaults)
            for feature, answer in _asked(model, answers, design)
            if feature.id not in numbers
        ]
        if defaults:
            fits = wishes.keep([encoding.literals(*one) for one in defaults])
            _take(design, defaults, fits)
        for feature in model.features:
            if feature.id not in design:
                design[feature.id] = _first_fit(encoding, wishes, feature, prefer)
    return {f.id: _ordered(f, design[f.id]) for f in model.features}


def _asked(
    model: Model, answers: Selection, design: Selection
) -> list[tuple[Feature, ChoiceValue]]:
    return [
        (feature, answers[feature.id])
        for feature in model.features
        if feature.id in answers and feature.id not in design
    ]


def _take(
    design: dict[str, ChoiceValue],
    asked: Sequence[tuple[Feature, ChoiceValue]],
    fits: Sequence[bool],
) -> None:
    """The first answer of a feature that fits counts; others agree with it or do not fit."""
    for (feature, answer), is_taken in zip(asked, fits, strict=True):
        if is_taken:
            design.setdefault(feature.id, answer)


def _empty_texts(model: Model, choices: Choices, prefer: Selection) -> Selection:
    """Texts nobody has written stay empty before anything else is decided: none can be invented."""
    return {
        feature.id: ""
        for feature in model.features
        if feature.kind == "text"
        and feature.id not in choices
        and not prefer.get(feature.id)
        and not feature.default
    }


def _meant(model: Model, prefer: Selection) -> Selection:
    """``prefer`` without the answers of components it has not fitted: they mean nothing."""
    components = {feature.id: feature.component for feature in model.features}
    return {
        name: value
        for name, value in prefer.items()
        if not components[name] or prefer.get(components[name]) != NONE
    }


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
