"""A full design from some choices, always the same one for the same question."""

from collections.abc import Mapping, Sequence

from .conflict import TextNeeded
from .encoding import Encoding
from .features import NONE, Choices, ChoiceValue, Feature, Selection
from .model import Model
from .solver import Solver


def complete(
    model: Model, encoding: Encoding, solver: Solver, choices: Choices, prefer: Selection
) -> Selection | None:
    """The completion described at ``Engine.complete``; None if no design answers ``choices``."""
    fixed = [
        literal
        for name, value in choices.items()
        for literal in encoding.literals(model.by_id[name], value)
    ]
    if solver.near(fixed) is None:
        return None
    design = dict(choices)
    empty, prefer = _empty_texts(model, choices, prefer), _meant(model, prefer)
    # A number that does not fit moves to the nearest that does, not to its default.
    numbers = {f.id for f in model.features if f.kind == "parameter" and f.id in prefer}
    asked = [
        (feature, wishes[feature.id])
        for wishes in (empty, prefer, model.outer_defaults, model.usual, model.defaults)
        for feature in model.features
        if feature.id not in design
        and feature.id in wishes
        and (wishes is prefer or feature.id not in numbers)
    ]
    blocks = [encoding.literals(feature, answer) for feature, answer in asked]
    for (feature, answer), block, fits in zip(
        asked, blocks, solver.keep(fixed, blocks), strict=True
    ):
        if fits and feature.id not in design:
            design[feature.id] = answer
            fixed += block
    for feature in model.features:
        if feature.id not in design:
            design[feature.id] = _first_fit(encoding, solver, fixed, feature, prefer)
    return {f.id: _ordered(f, design[f.id]) for f in model.features}


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
    encoding: Encoding,
    solver: Solver,
    fixed: list[int],
    feature: Feature,
    prefer: Mapping[str, ChoiceValue],
) -> ChoiceValue:
    wish = prefer.get(feature.id, feature.default)
    if feature.kind == "multi":
        return _first_set(encoding, solver, fixed, feature, wish)
    if feature.kind == "text":
        raise TextNeeded(feature.id)
    if feature.is_scaled and isinstance(wish, int):
        return _nearest(encoding, solver, fixed, feature, wish)
    for value in _by_closeness(feature, wish):
        literal = encoding.literal(feature, value)
        if solver.near([*fixed, literal]) is not None:
            fixed.append(literal)
            return value
    raise AssertionError(f"No answer of '{feature.id}' fits a design that exists.")


def _nearest(
    encoding: Encoding, solver: Solver, fixed: list[int], feature: Feature, wish: int
) -> int:
    """The possible value of a scaled parameter nearest to ``wish``; the lower of two as near."""
    numbers = feature.numbers
    place = min(max((wish - feature.minimum) // feature.step, 0), len(numbers) - 1)
    thresholds = tuple(encoding.variables[feature.id].values())
    found = []
    below = (-thresholds[place],) if place < len(thresholds) else ()
    if solver.near([*fixed, *below]) is not None:
        found.append(numbers[solver.extents([*fixed, *below], [thresholds])[0][1]])
    above = (thresholds[place],) if place < len(thresholds) else ()
    if above and solver.near([*fixed, *above]) is not None:
        found.append(numbers[solver.extents([*fixed, *above], [thresholds])[0][0]])
    value = min(found, key=lambda number: (abs(number - wish), number))
    fixed += encoding.literals(feature, value)
    return value


def _by_closeness(feature: Feature, wish: ChoiceValue) -> Sequence[str | int]:
    if feature.kind != "parameter" or not isinstance(wish, int):
        return feature.domain
    return sorted(feature.numbers, key=lambda number: (abs(number - wish), number))


def _first_set(
    encoding: Encoding, solver: Solver, fixed: list[int], feature: Feature, wish: ChoiceValue
) -> ChoiceValue:
    """As much of the wished set as fits, option by option, and as little else as can be."""
    wished = wish if isinstance(wish, tuple) else ()
    held = []
    for option in feature.option_ids:
        literal = encoding.literal(feature, option)
        hoped = literal if option in wished else -literal
        if solver.near([*fixed, hoped]) is None:
            hoped = -hoped
        fixed.append(hoped)
        if hoped > 0:
            held.append(option)
    return tuple(held)


def _ordered(feature: Feature, value: ChoiceValue) -> ChoiceValue:
    if feature.kind != "multi" or not isinstance(value, tuple):
        return value
    return tuple(option for option in feature.option_ids if option in value)
