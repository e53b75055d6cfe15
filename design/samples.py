"""An offer's own examples: presets have to be possible, tests have to come out as written."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cosmo.lib.expressions import Problem
from design.pricing import PriceBook
from design.rules import ChoiceError, Choices, Engine, TextNeeded, check_choices, scope_of

Content = Mapping[str, Any]
Path = tuple[str | int, ...]


def preset_problems(offer: Content, engine: Engine) -> list[Problem]:
    """Presets that name something unknown, or that no design can have."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, preset in enumerate(offer.get("presets", ())):
        path: Path = ("presets", index)
        if preset["id"] in seen:
            sentence = f"Preset '{preset['id']}' is defined twice; give it an id of its own."
            problems.append(Problem((*path, "id"), "duplicate_id", sentence))
        seen.add(preset["id"])
        choices = _read_choices(engine, preset["choices"], (*path, "choices"), problems)
        if choices is not None and not engine.is_valid(choices):
            sentence = f"No design has all of these choices; {_conflict_of(engine, choices)}."
            problems.append(Problem((*path, "choices"), "preset_impossible", sentence))
    return problems


def self_test_problems(offer: Content, engine: Engine) -> list[Problem]:
    """Tests whose result is not what they say."""
    problems: list[Problem] = []
    prices = PriceBook.from_document(offer)
    for index, test in enumerate(offer.get("tests", ())):
        path: Path = ("tests", index)
        choices = _read_choices(engine, test["choices"], (*path, "choices"), problems)
        if choices is None:
            continue
        if engine.is_valid(choices) is not test["valid"]:
            problems.append(_wrong_validity(engine, choices, path, expected=test["valid"]))
        elif test["valid"]:
            problems += _price_problems(engine, prices, choices, test, path)
        else:
            problems += _conflict_problems(engine, choices, test, path)
    return problems


def _read_choices(
    engine: Engine, written: Content, path: Path, problems: list[Problem]
) -> Choices | None:
    raw = {
        name: [str(item) for item in value] or [""] if isinstance(value, list) else [str(value)]
        for name, value in written.items()
    }
    try:
        return check_choices(engine.model, raw)
    except ChoiceError as error:
        problems.append(Problem((*path, error.feature), error.code, error.message))
        return None


def _conflict_of(engine: Engine, choices: Choices) -> str:
    conflict = engine.explain_choices(choices)
    if conflict is None:
        return "nothing stands against them"
    chosen = ", ".join(f"{choice.feature} = {choice.option}" for choice in conflict.choices)
    return f"{chosen} contradict each other by {', '.join(conflict.rules) or 'their number'}"


def _wrong_validity(engine: Engine, choices: Choices, path: Path, *, expected: bool) -> Problem:
    if expected:
        sentence = f"The test says valid, but {_conflict_of(engine, choices)}."
    else:
        sentence = "The test says not valid, but a design has all of these choices."
    return Problem((*path, "valid"), "test_failed", sentence)


def _price_problems(
    engine: Engine, prices: PriceBook, choices: Choices, test: Content, path: Path
) -> list[Problem]:
    if "price" not in test:
        return []
    try:
        design = engine.complete(choices)
    except TextNeeded as error:
        return [Problem((*path, "choices"), error.code, error.message)]
    lines = prices.lines(scope_of(engine.model, design))
    total = sum((line.amount for line in lines), Decimal(0))
    if total == Decimal(str(test["price"])):
        return []
    sentence = f"The test says {test['price']}, but the completed design costs {total}."
    return [Problem((*path, "price"), "test_failed", sentence)]


def _conflict_problems(
    engine: Engine, choices: Choices, test: Content, path: Path
) -> list[Problem]:
    conflict = engine.explain_choices(choices)
    named = set(conflict.rules) if conflict else set()
    if "rules" not in test or set(test["rules"]) == named:
        return []
    found = ", ".join(sorted(named)) or "none"
    sentence = f"The test says {', '.join(test['rules'])}, but the conflict names {found}."
    return [Problem((*path, "rules"), "test_failed", sentence)]
