"""Brute force over every design of a small model, with Python itself reading the rules.

Shares no code with the engine: a rule's expression goes to Python's ``eval`` over plain values.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from types import CodeType
from typing import Any

Design = dict[str, Any]
Document = Mapping[str, Any]
FILLED = "Anna"


class Opt(str):
    """An option as Python sees it: a string with attributes."""

    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.values[name]


def _opt(option: Mapping[str, Any]) -> Opt:
    opt = Opt(option["id"])
    opt.values = option.get("values", {})
    return opt


def option_ids(feature: Mapping[str, Any]) -> list[str]:
    ids = [option["id"] for option in feature["options"]]
    return ["none", *ids] if feature.get("optional") else ids


def answers(feature: Mapping[str, Any]) -> list[Any]:
    """Every answer of a feature; a text is empty or filled."""
    match feature["kind"]:
        case "choice":
            return option_ids(feature)
        case "multi":
            ids = option_ids(feature)
            sizes = range(feature["min"], feature["max"] + 1)
            return [tuple(some) for size in sizes for some in combinations(ids, size)]
        case "parameter":
            return list(range(feature["min"], feature["max"] + 1, feature["step"]))
        case _:
            return ["", FILLED]


def names_of(document: Document, design: Design) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for feature in document["features"]:
        value = design[feature["id"]]
        if feature["kind"] == "choice":
            options = {option["id"]: _opt(option) for option in feature["options"]}
            value = options.get(value, Opt(value))
        names[feature["id"]] = value
    return names


@cache
def _code(source: str) -> CodeType:
    return compile(source, source, "eval")


def keeps(rule: Mapping[str, Any], names: Mapping[str, Any]) -> bool:
    def true(source: str) -> bool:
        return bool(eval(_code(source), {"len": len, "min": min, "max": max}, dict(names)))  # noqa: S307

    if "table" in rule:
        row = [names[name] for name in rule["table"]["features"]]
        return row in [list(allowed) for allowed in rule["table"]["allowed"]]
    if "never" in rule:
        return not true(rule["never"])
    if "always" in rule:
        return true(rule["always"])
    return not true(rule["when"]) or true(rule["then"])


Single = tuple[str, Any, bool]
"""Feature, option, and whether it is chosen or left out."""


class Oracle:
    """All designs of a document, and for each the rules it breaks.

    Sets of designs are ints, one bit a design, so that thousands of questions stay quick.
    """

    def __init__(self, document: Document) -> None:
        self.features = {feature["id"]: feature for feature in document["features"]}
        self.rules = [rule["id"] for rule in document["rules"]]
        self.all: list[tuple[Design, set[str]]] = []
        for values in product(*(answers(feature) for feature in document["features"])):
            design = dict(zip(self.features, values, strict=True))
            names = names_of(document, design)
            broken = {rule["id"] for rule in document["rules"] if not keeps(rule, names)}
            self.all.append((design, broken))
        self.valid = [design for design, broken in self.all if not broken]
        self._everything = (1 << len(self.all)) - 1
        self._broken = {
            rule: self._mask(rule in broken for _, broken in self.all) for rule in self.rules
        }
        self._valid = self._mask(not broken for _, broken in self.all)
        self._singles: dict[Single, int] = {}

    @staticmethod
    def _mask(bits: Iterable[bool]) -> int:
        return sum(1 << place for place, bit in enumerate(bits) if bit)

    def matches(self, design: Design, name: str, value: Any) -> bool:
        if self.features[name]["kind"] == "text":
            return bool(design[name]) == bool(value)
        if self.features[name]["kind"] == "multi":
            return set(design[name]) == set(value)
        return bool(design[name] == value)

    def exists(self, choices: Mapping[str, Any]) -> bool:
        return self.possible(self.singles(choices))

    def domains(self, choices: Mapping[str, Any]) -> dict[str, set[Any]]:
        return {name: self._domain(choices, name) for name in self.features}

    def _domain(self, choices: Mapping[str, Any], name: str) -> set[Any]:
        feature = self.features[name]
        others = self.singles({key: value for key, value in choices.items() if key != name})
        if feature["kind"] == "multi" and name in choices:
            unions = {o: {*choices[name], o} for o in option_ids(feature)}
            return {o for o, u in unions.items() if self.possible(others + self.singles({name: u}))}
        offered = option_ids(feature) if feature["kind"] == "multi" else answers(feature)
        return {
            "*" if value == FILLED else value
            for value in offered
            if self.possible([*others, (name, value, True)])
        }

    def singles(self, choices: Mapping[str, Any]) -> list[Single]:
        found: list[Single] = []
        for name, value in choices.items():
            if self.features[name]["kind"] != "multi":
                found.append((name, value, True))
                continue
            ids = option_ids(self.features[name])
            found += [(name, option, False) for option in ids if option not in value]
            found += [(name, option, True) for option in value]
        return found

    def possible(self, singles: Sequence[Single], rules: Sequence[str] | None = None) -> bool:
        """Whether a design has all single choices and keeps ``rules`` (all when None)."""
        left = self._valid if rules is None else self._everything
        for rule in rules or ():
            left &= ~self._broken[rule]
        for single in singles:
            left &= self._having(single)
        return left != 0

    def _having(self, single: Single) -> int:
        if single not in self._singles:
            self._singles[single] = self._mask(self._has(d, single) for d, _ in self.all)
        return self._singles[single]

    def _has(self, design: Design, single: Single) -> bool:
        name, option, is_chosen = single
        if self.features[name]["kind"] == "multi":
            return (option in design[name]) is is_chosen
        return self.matches(design, name, option)
