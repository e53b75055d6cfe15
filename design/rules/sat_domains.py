"""What can still be chosen, asked of the SAT solver: always right, whatever the model's size."""

from collections.abc import Iterable, Mapping, Sequence

from .encoding import Encoding
from .features import Choices, ChoiceValue, Feature, Interval
from .solver import Solver

Domain = frozenset[str] | frozenset[int] | Interval
FEW_OPTIONS = 4


def domains(
    features: Mapping[str, Feature], encoding: Encoding, solver: Solver, choices: Choices
) -> dict[str, Domain]:
    """See ``Engine.domains``."""
    units = {name: encoding.literals(features[name], value) for name, value in choices.items()}
    everything = [literal for literals in units.values() for literal in literals]
    open_features = [f for f in features.values() if f.id not in choices]
    result = _possible(encoding, solver, everything, open_features)
    for name in choices:
        feature = features[name]
        others = [x for key, literals in units.items() if key != name for x in literals]
        if feature.kind == "multi":
            result[name] = _addable(encoding, solver, others, feature, choices[name])
        elif feature.is_scaled or len(feature.domain) > FEW_OPTIONS:
            result.update(_possible(encoding, solver, others, [feature]))
        else:
            result[name] = _switchable(encoding, solver, others, feature)
    return {name: result[name] for name in features}


def _possible(
    encoding: Encoding, solver: Solver, literals: list[int], features: Iterable[Feature]
) -> dict[str, Domain]:
    found: dict[str, Domain] = {}
    listed = []
    for feature in features:
        if feature.is_scaled:
            found[feature.id] = _extent(encoding, solver, literals, feature)
        else:
            listed.append(feature)
    wanted = {(f.id, v): encoding.literal(f, v) for f in listed for v in f.domain}
    fits = solver.possible(literals, wanted.values())
    for feature in listed:
        found[feature.id] = frozenset(
            value for value in feature.domain if wanted[feature.id, value] in fits
        )  # type: ignore[assignment]  # all ids are strings, all parameter values numbers
    return found


def _switchable(encoding: Encoding, solver: Solver, others: list[int], feature: Feature) -> Domain:
    return frozenset(
        value
        for value in feature.domain
        if solver.find([*others, encoding.literal(feature, value)]) is not None
    )  # type: ignore[return-value]  # as above


def _addable(
    encoding: Encoding,
    solver: Solver,
    others: list[int],
    feature: Feature,
    value: ChoiceValue,
) -> frozenset[str]:
    held = value if isinstance(value, tuple) else (str(value),)
    fits = set()
    for option in feature.option_ids:
        union = held if option in held else (*held, option)
        if len(union) <= feature.maximum:
            literals = encoding.literals(feature, union)
            if solver.find([*others, *literals]) is not None:
                fits.add(option)
    return frozenset(fits)


def _extent(
    encoding: Encoding, solver: Solver, literals: Sequence[int], feature: Feature
) -> Domain:
    """The least and the greatest value, both reached; an empty set if there is none."""
    if solver.find(literals) is None:
        return frozenset()
    thresholds = tuple(encoding.variables[feature.id].values())
    least = solver.least(literals, thresholds)
    greatest = solver.greatest(literals, thresholds)
    low, high = feature.numbers[least], feature.numbers[greatest]
    return Interval(low, high, feature.step)
