"""Whether a design exists whose numbers lie within windows, without saying which numbers."""

from collections.abc import Mapping

from .combinations import between
from .engine import Engine
from .features import Choices


def blocked_within(
    engine: Engine, choices: Choices, windows: Mapping[str, tuple[int, int]]
) -> frozenset[str] | None:
    """Features of ``choices`` that leave no design with each parameter of ``windows`` between two
    of its values, both included; None if there is one.

    At least one of the features named has to change its answer for such a design. One question to
    the solver, however wide the windows are.
    """
    variables = engine._encoding.variables
    owners = {
        literal: name
        for name, value in choices.items()
        for literal in engine._encoding.literals(engine.model.by_id[name], value)
    }
    literals = list(owners)
    for name, (low, high) in windows.items():
        feature = engine.model.by_id[name]
        if feature.is_scaled:
            literals += between(feature, variables, low, high)
        else:
            table = variables[name]
            literals += [-table[n] for n in feature.numbers if not low <= n <= high]
    with engine._lock:
        if engine._solver.find(literals) is not None:
            return None
        core = engine._solver.core()
    return frozenset(owners[literal] for literal in core if literal in owners)
