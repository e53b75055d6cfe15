"""Answers from outside: strings from an address, a form or a partner, checked before anything else.

Everything here may be hostile. What passes is a set of answers the engine can be asked about;
whether they go together is the engine's business.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import suggestion

from .features import Choices, ChoiceValue, Feature, Selection, scaled_number, with_unit
from .model import Model

_SHOWN = 60
_MOST_DECIMALS = 9  # an answer may be written more finely than the parameter is
# Control, format (bidirectional overrides, zero-width), surrogate, private, unassigned, separators.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Joins emoji and several scripts; harmless inside a text.
_JOINERS = frozenset("\u200c\u200d")


class ChoiceError(Invalid):
    """An answer that cannot be one.

    Attributes:
        feature: The feature it was given for, as it was given.
        value: The offending value, shortened.
        sentence: What is wrong and what would be right.
    """

    def __init__(self, feature: str, value: str, sentence: str, code: str, **facts: Any) -> None:
        self.feature = shorten(feature)
        self.value = shorten(value)
        self.sentence = sentence
        super().__init__(code, sentence, feature=self.feature, value=self.value, **facts)


def shorten(text: str) -> str:
    """``text`` fit to be shown: printable, and never longer than a line."""
    printable = "".join(sign if _is_printable(sign) else "\ufffd" for sign in text[: _SHOWN + 1])
    return printable if len(printable) <= _SHOWN else printable[:_SHOWN] + "\u2026"


def check_choices(model: Model, raw: Mapping[str, Sequence[str]]) -> Choices:
    """Turn strings into answers, in the order given.

    A multi-select feature is answered with the exact set of chosen options; a single empty string
    says that none is chosen.

    Raises:
        ChoiceError: for the first answer that is none.
    """
    return {name: _check_one(_feature(model, name), list(values)) for name, values in raw.items()}


def check_selection(model: Model, selection: Mapping[str, Any]) -> Selection:
    """A stored or received full selection in the order of the model, every answer checked.

    Raises:
        ChoiceError: an answer is missing, unknown or impossible.
    """
    for name in selection:
        _feature(model, name)
    checked: dict[str, ChoiceValue] = {}
    for feature in model.features:
        if feature.id not in selection:
            sentence = f"'{feature.id}' has no answer; a design answers every feature."
            raise ChoiceError(feature.id, "", sentence, "choice_missing")
        value = selection[feature.id]
        if feature.kind == "parameter" and isinstance(value, int):
            value = feature.shown(value)  # kept as the engine counts: 735 for 73.5
        strings = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
        if feature.kind == "multi" and not strings:
            strings = [""]
        checked[feature.id] = _check_one(feature, strings)
    return checked


def check_option(feature: Feature, value: str) -> str | int:
    """One answer; of a multi-select feature one of its options, whatever else is chosen there.

    Raises:
        ChoiceError: it is none.
    """
    if feature.kind != "multi":
        found = _check_one(feature, [value])
        return found if isinstance(found, int) else str(found)
    _check_option(feature, value)
    return value


def _feature(model: Model, name: str) -> Feature:
    feature = model.by_id.get(name)
    if feature is not None:
        return feature
    shown = shorten(name)
    sentence = f"This product has no feature '{shown}'.{suggestion(shown, model.by_id)}"
    raise ChoiceError(name, "", sentence, "unknown_feature")


def _check_one(feature: Feature, values: list[str]) -> ChoiceValue:
    if feature.kind == "multi":
        return _check_several(feature, values)
    if len(values) != 1:
        sentence = f"'{feature.id}' takes one answer, not {len(values)}."
        raise ChoiceError(feature.id, ", ".join(values[:4]), sentence, "too_many_choices")
    if feature.kind == "choice":
        _check_option(feature, values[0])
        return values[0]
    check = _check_number if feature.kind == "parameter" else check_text
    return check(feature, values[0])


def _check_option(feature: Feature, value: str) -> None:
    if value not in feature.option_ids:
        shown = shorten(value)
        known = suggestion(shown, feature.option_ids)
        sentence = f"'{feature.id}' has no option '{shown}'.{known}"
        raise ChoiceError(feature.id, value, sentence, "unknown_option")


def _check_several(feature: Feature, values: list[str]) -> tuple[str, ...]:
    chosen = dict.fromkeys(values if values != [""] else [])
    if len(chosen) > len(feature.options):
        sentence = f"'{feature.id}' has {len(feature.options)} options, not {len(chosen)}."
        raise ChoiceError(feature.id, "", sentence, "too_many_choices", maximum=feature.maximum)
    for value in chosen:
        _check_option(feature, value)
    listed = ", ".join(chosen)
    if len(chosen) > feature.maximum:
        sentence = (
            f"'{feature.id}' takes at most {feature.maximum} options, not {len(chosen)}: {listed}."
        )
        raise ChoiceError(feature.id, listed, sentence, "too_many_choices", maximum=feature.maximum)
    if len(chosen) < feature.minimum:
        sentence = f"'{feature.id}' needs at least {feature.minimum} options, not {len(chosen)}."
        raise ChoiceError(feature.id, listed, sentence, "too_few_choices", minimum=feature.minimum)
    return tuple(chosen)


def _check_number(feature: Feature, value: str) -> int:
    limits = {
        name: feature.in_scope(getattr(feature, name)) for name in ("minimum", "maximum", "step")
    }
    try:
        number = scaled_number(value, _MOST_DECIMALS)
    except ValueError:
        wanted = "a number" if feature.decimals else "a whole number"
        sentence = f"'{shorten(value)}' is not {wanted}; '{feature.id}' needs one."
        raise ChoiceError(feature.id, value, sentence, "not_a_number", **limits) from None
    places: int = 10 ** (_MOST_DECIMALS - feature.decimals)
    low, high, step = (places * n for n in (feature.minimum, feature.maximum, feature.step))

    def shown(scaled: int, unit: str = feature.unit) -> str:
        return with_unit(f"{Decimal(scaled).scaleb(-_MOST_DECIMALS).normalize():,f}", unit)

    if not low <= number <= high:
        side, limit = ("below", low) if number < low else ("above", high)
        sentence = (
            f"'{feature.id}' {shown(number)} is {side} {shown(limit)}; "
            f"choose {shown(low, '')} to {shown(high)}."
        )
        raise ChoiceError(feature.id, value, sentence, "parameter_out_of_range", **limits)
    if (number - low) % step:
        lower = number - (number - low) % step
        sentence = (
            f"'{feature.id}' goes in steps of {shown(step)}; choose {shown(lower, '')} or "
            f"{shown(min(lower + step, high))} instead of {shown(number)}."
        )
        raise ChoiceError(feature.id, value, sentence, "parameter_between_steps", **limits)
    return number // places


def check_text(feature: Feature, value: str) -> str:
    """A text of the customer, composed (NFC) and trimmed; characters are counted, not bytes."""
    text = unicodedata.normalize("NFC", value[: 20 * feature.max_length + 100]).strip()
    for place, sign in enumerate(text, 1):
        if not _is_printable(sign):
            sentence = (
                f"Character {place} of '{feature.id}' (U+{ord(sign):04X}) cannot be printed; "
                "remove it."
            )
            raise ChoiceError(feature.id, value, sentence, "text_not_printable", place=place)
    if len(text) > feature.max_length:
        sentence = (
            f"'{feature.id}' has {len(text)} characters; at most {feature.max_length} fit. "
            f"Remove {len(text) - feature.max_length}."
        )
        raise ChoiceError(feature.id, value, sentence, "text_too_long", maximum=feature.max_length)
    return text


def _is_printable(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in _UNPRINTABLE
