"""What became of a row, as JSON for people and programs."""

from decimal import Decimal
from typing import Any

from design.rules import ChoiceValue, Model

from .outcome import Change, Outcome


def changes_to_json(outcome: Outcome, model: Model) -> dict[str, Any]:
    """What differs from the file: rounded, repaired, and filled where the row says nothing.

    ``defaults`` names the features that took their default; ``filled`` has the answers of those
    where the default does not fit.
    """
    filled = outcome.filled or {}
    usual = [name for name, value in filled.items() if value == model.by_id[name].default]
    return {
        "rounded": [_change(one, model) for one in outcome.rounded],
        "repaired": [
            {**_change(one, model), "percent": round(float(one.relative * 100), 2)}
            for one in outcome.repaired
        ],
        "defaults": usual,
        "filled": {
            name: answer_to_json(model, name, value)
            for name, value in filled.items()
            if name not in usual
        },
    }


def outcome_to_json(outcome: Outcome, model: Model) -> dict[str, Any]:
    if outcome.refusal is None:
        return {"outcome": outcome.kind, **changes_to_json(outcome, model)}
    refusal = outcome.refusal
    reason = {"code": refusal.code, refusal.kind: refusal.name, "values": dict(refusal.values)}
    return {"outcome": outcome.kind, "reason": {**reason, "sentence": refusal.sentence}}


def answer_to_json(model: Model, name: str, value: ChoiceValue) -> str | int | float | list[str]:
    """An answer as it is written outside: 73.5, not 735."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int):
        return _number(Decimal(model.by_id[name].shown(value)))
    return value


def _change(one: Change, model: Model) -> dict[str, Any]:
    kind = "feature" if one.name in model.by_id else "column"
    return {kind: one.name, "from": _number(one.before), "to": _number(one.after)}


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
