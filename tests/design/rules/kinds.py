"""The random small models in other shapes: scaled parameters, and features inside a component."""

import random
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from design.rules import Caps, Engine, Including, Interval, Model
from tests.design.rules.oracle import FILLED, Oracle, Single, answers, option_ids
from tests.design.rules.random_models import random_document

Document = dict[str, Any]
State = Mapping[str, Any]
SHAPES = ("plain", "scaled", "component")
CAPS = Caps(seconds=20, nodes=50_000, tries=1)


@dataclass(frozen=True)
class Case:
    """One model and brute force over it. ``structure`` holds the rules no explanation names."""

    seed: int
    document: Document
    oracle: Oracle
    structure: tuple[str, ...] = ()

    def engine(self, *, with_diagram: bool) -> Engine:
        engine = Engine(Model.from_document(self.document))
        if with_diagram:
            diagram = engine.compile(CAPS)
            assert diagram is not None
            engine.use(diagram)
        return engine

    def singles(self, choices: State) -> list[Single]:
        """What a design with these choices has; an ``Including`` leaves the rest open."""
        found: list[Single] = []
        for name, value in choices.items():
            if isinstance(value, Including):
                found += [(name, option, True) for option in value]
            else:
                found += self.oracle.singles({name: value})
        return found

    def possible(self, choices: State, *more: Single) -> bool:
        return self.oracle.possible([*self.singles(choices), *more])

    def count(self, choices: State) -> int:
        left = self.singles(choices)
        return sum(all(self.oracle._has(d, single) for single in left) for d in self.oracle.valid)

    def domains(self, choices: State) -> dict[str, set[Any]]:
        return {name: self._domain(choices, name) for name in self.oracle.features}

    def _domain(self, choices: State, name: str) -> set[Any]:
        feature = self.oracle.features[name]
        others = {key: value for key, value in choices.items() if key != name}
        if feature["kind"] == "multi":
            held = choices.get(name, Including())
            wished = {o: type(held)(dict.fromkeys((*held, o))) for o in option_ids(feature)}
            return {o for o, union in wished.items() if self.possible({**others, name: union})}
        found = {a for a in answers(feature) if self.possible(others, (name, a, True))}
        if feature.get("scaled") and found:
            return set(range(min(found), max(found) + 1, feature["step"]))
        return {"*" if value == FILLED else value for value in found}


def same(found: Mapping[str, Any], wanted: Mapping[str, set[Any]]) -> bool:
    return {name: set(domain) for name, domain in found.items()} == wanted


def limits(domain: object) -> tuple[int, int] | None:
    return (domain.minimum, domain.maximum) if isinstance(domain, Interval) else None


def cases(first: int, end: int, shape: str) -> Iterator[Case]:
    for seed in range(first, end):
        found = case(seed, shape)
        if found is not None:
            yield found


@cache
def case(seed: int, shape: str) -> Case | None:
    """None when the rules leave no design, or there is nothing of this shape."""
    planted = random_document(seed)
    if planted is None:
        return None
    if shape == "plain":
        return Case(seed, *planted)
    document = deepcopy(planted[0])
    if shape == "scaled":
        for feature in document["features"]:
            if feature["kind"] == "parameter":
                feature["scaled"] = True
        return Case(seed, document, Oracle(document))
    return _component(seed, document)


def _component(seed: int, document: Document) -> Case | None:
    """The last two features, and the rules that speak of them, in a component that may be absent.

    The flat document for the oracle is written here once more, sharing nothing with the engine's.
    """
    outer, inner = document["features"][:-2], document["features"][-2:]
    if not outer:
        return None
    names = "|".join(feature["id"] for feature in inner)

    def moved(part: Any) -> Any:
        if isinstance(part, dict):
            return {**part, "features": [moved(name) for name in part["features"]]}
        return re.sub(rf"\b({names})\b", r"unit_\1", part)

    inner_rules = [rule for rule in document["rules"] if moved_rule(rule, moved) != rule]
    outer_rules = [rule for rule in document["rules"] if rule not in inner_rules]
    unit = {"id": "unit", "group": "g", "kind": "choice", "options": [{"id": "fitted"}],
            "optional": True, "default": "none"}  # fmt: skip
    flat, rules = [*outer, unit], list(outer_rules)
    absent, structure = "unit == 'none'", []
    for feature in inner:
        name = f"unit_{feature['id']}"
        flat.append({**feature, "id": name, "optional": True, "min": feature.get("min", 0)})
        if feature["kind"] == "multi":
            flat[-1] = {**flat[-1], "min": 0, "optional": False}
            empty = f"len({name}) == 0"
            always = f"({empty}) if {absent} else len({name}) >= {feature['min']}"
        elif feature["kind"] == "choice" and feature["optional"]:
            always = f"{name} == 'none' or not {absent}"
        elif feature["kind"] == "choice":
            always = f"({absent}) == ({name} == 'none')"
        elif feature["kind"] == "text":
            always = f"{name} == '' or not {absent}"
        else:
            always = f"{name} == {feature['default']} or not {absent}"
        structure.append({"id": f"S_{name}", "always": always})
    # Where an inner choice has no answer, the structure is broken and the rule can say anything.
    bare = [absent] + [
        f"unit_{feature['id']} == 'none'"
        for feature in inner
        if feature["kind"] == "choice" and not feature["optional"]
    ]
    for rule in inner_rules:
        always = " or ".join([*bare, _as_one(rule, moved)])
        rules.append({"id": f"unit_{rule['id']}", "always": always})
    oracle = Oracle({"features": flat, "rules": [*rules, *structure]})
    start = next((design for design in oracle.valid if design["unit"] == "none"), None)
    if start is None:
        return None
    for feature in outer:
        value = start[feature["id"]]
        feature["default"] = list(value) if feature["kind"] == "multi" else value
    component = {"id": "unit", "group": "g", "kind": "component", "optional": True,
                 "default": "none", "features": inner, "rules": inner_rules}  # fmt: skip
    written = {"features": [*outer, component], "rules": outer_rules}
    return Case(seed, written, oracle, tuple(rule["id"] for rule in structure))


def moved_rule(rule: Document, moved: Any) -> Document:
    return {key: part if key == "id" else moved(part) for key, part in rule.items()}


def _as_one(rule: Document, moved: Any) -> str:
    """A rule as a single expression of Python."""
    there = moved_rule(rule, moved)
    if "table" in there:
        row = ", ".join(there["table"]["features"])
        return f"[{row}] in {there['table']['allowed']}"
    if "never" in there:
        return f"not ({there['never']})"
    if "always" in there:
        return f"({there['always']})"
    return f"(not ({there['when']}) or ({there['then']}))"


def random_state(rng: random.Random, case: Case) -> dict[str, Any]:
    """Some choices, valid or not; of a multi-select the exact set or some of it."""
    state: dict[str, Any] = {}
    names = list(case.oracle.features)
    for name in rng.sample(names, rng.randint(0, len(names))):
        value = rng.choice(answers(case.oracle.features[name]))
        if isinstance(value, tuple) and value and rng.random() < 0.5:
            value = Including(value)
        state[name] = value
    return state
