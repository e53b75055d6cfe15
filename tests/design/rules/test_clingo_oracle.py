"""Domains, validity and counts against clingo: small models, and ones brute force cannot list."""

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from design.rules import Domain, Engine, Interval, Model
from tests.design.rules import random_models
from tests.design.rules.asp import Document, Program
from tests.design.rules.random_models import random_document

SMALL, LARGE, BLOCK = 120, 60, 12
CLICKS = 5
LISTED = 2_000
"""Up to so many designs are counted one by one."""


def _small(seed: int) -> tuple[dict[str, Any], Program] | None:
    planted = random_document(seed)
    return None if planted is None else (planted[0], Program(planted[0]))


@lru_cache(maxsize=LARGE)
def _large(seed: int) -> tuple[dict[str, Any], Program] | None:
    """Seven to ten features, a parameter of many steps, a component, and sums over all of them."""
    rng = random.Random(seed)
    kinds = ["choice", "choice", "choice", "optional", "multi", "text"]
    features = [
        random_models._feature(rng, f"f{place}", kind)
        for place, kind in enumerate(rng.sample(kinds, rng.randint(4, 6)))
    ]
    features += [_long_parameter(rng, "long"), _component(rng)]
    simple = [feature for feature in features if feature["kind"] != "component"]
    rules = [random_models._rule(rng, simple) for _ in range(rng.randint(2, 5))]
    rules += [_sum_rule(rng, simple), _component_rule(rng, simple)]
    numbered = [{"id": f"R{place}", **rule} for place, rule in enumerate(rules)]
    document = {"features": features, "rules": numbered}
    program = Program(document)
    design = program.a_design(seed)
    if design is None:
        return None
    _set_defaults(features, design, "")
    return document, Program(document)


def _long_parameter(rng: random.Random, name: str) -> dict[str, Any]:
    low, step, count = rng.choice([0, 200, -300]), rng.choice([5, 10, 20]), rng.randint(40, 150)
    return {"id": name, "group": "g", "kind": "parameter", "unit": "mm", "min": low,
            "max": low + step * count, "step": step, "default": low}  # fmt: skip


def _component(rng: random.Random) -> dict[str, Any]:
    kinds = rng.sample(["choice", "optional", "parameter", "text", "multi"], 3)
    inner = [random_models._feature(rng, f"i{place}", kind) for place, kind in enumerate(kinds)]
    for feature in inner:
        if feature["kind"] == "multi":
            feature["min"] = 0
    optional = rng.random() < 0.8
    # Without the unit its choices stand at `none`, so its rules ask before they use a number.
    asked = [
        {**feature, "optional": optional or feature["optional"]}
        if feature["kind"] == "choice"
        else feature
        for feature in inner
    ]
    rules = [{"id": "I1", **random_models._rule(rng, asked)}] if _is_rich(inner) else []
    return {"id": "unit", "group": "g", "kind": "component", "optional": optional,
            "features": inner, "rules": rules}  # fmt: skip


def _is_rich(inner: list[dict[str, Any]]) -> bool:
    """Whether the rules of ``random_models`` find two features to compare."""
    return sum(feature["kind"] in ("choice", "parameter") for feature in inner) >= 2


def _sum_rule(rng: random.Random, features: list[dict[str, Any]]) -> dict[str, Any]:
    """A sum over everything that has a number."""
    terms = [
        f"{rng.choice([1, 1, 2])} * {random_models._number(feature)}"
        for feature in features
        if feature["kind"] in ("choice", "parameter")
    ]
    limit = rng.randint(4, 18) * 100
    return {"always": f"{' + '.join(terms)} {rng.choice(['<=', '>=', '<', '>'])} {limit}"}


def _component_rule(rng: random.Random, features: list[dict[str, Any]]) -> dict[str, Any]:
    fitted = f"unit {rng.choice(['==', '!='])} 'fitted'"
    return {"when": fitted, "then": random_models.random_condition(rng, features, 1)}


def _set_defaults(features: list[dict[str, Any]], design: dict[str, Any], prefix: str) -> None:
    for feature in features:
        name = f"{prefix}{feature['id']}"
        feature["default"] = design[name]
        _set_defaults(feature.get("features", []), design, f"{name}_")


def _sessions(document: Document, program: Program, seed: int) -> Iterator[dict[str, Any]]:
    """The choices after each click, valid or not."""
    rng = random.Random(seed + 1)
    choices: dict[str, Any] = {}
    yield choices
    for _ in range(CLICKS):
        name = rng.choice(list(program.features))
        choices = {key: value for key, value in choices.items() if key != name}
        if rng.random() < 0.85:
            choices[name] = _answer(rng, program.features[name])
        yield dict(choices)
        if not program.exists(choices) and rng.random() < 0.7:
            choices.pop(name, None)


def _answer(rng: random.Random, feature: Document) -> Any:
    match feature["kind"]:
        case "text":
            return rng.choice(["", "Anna"])
        case "parameter":
            return rng.randrange(feature["min"], feature["max"] + 1, feature["step"])
        case "multi":
            ids = [option["id"] for option in feature["options"]]
            return tuple(rng.sample(ids, rng.randint(feature["min"], feature["max"])))
    ids = [option["id"] for option in feature["options"]]
    return rng.choice([*ids, "none"] if feature.get("optional") else ids)


def _check(document: Document, program: Program, seed: int) -> None:
    """Solver and diagram against clingo after every click of a session."""
    engine = Engine(Model.from_document(document))
    diagram = engine.compile()
    assert diagram is not None
    engine.use(diagram)
    for choices in _sessions(document, program, seed):
        said = (seed, choices)
        assert engine.is_valid(choices) is program.exists(choices), said
        expected = program.domains(choices)
        for domains in (engine.domains(choices), engine.sat_domains(choices)):
            assert {name: _reached(d, expected[name]) for name, d in domains.items()} == {
                name: expected[name] for name in domains
            }, said
        count = program.count(choices, LISTED)
        if count is not None:
            assert engine.count(choices) == count, said


def _reached(domain: Domain, expected: set[Any]) -> set[Any]:
    """A domain as a set. Of an interval only the limits are promised to be reached."""
    if not isinstance(domain, Interval):
        return set(domain)
    limits = {min(expected), max(expected)} if expected else set()
    is_tight = {domain.minimum, domain.maximum} == limits
    return expected if is_tight and expected <= set(domain) else set(domain)


@pytest.mark.parametrize("first", range(0, SMALL, BLOCK))
def test_small_models_have_the_domains_and_counts_clingo_finds(first: int) -> None:
    for seed in range(first, first + BLOCK):
        planted = _small(seed)
        if planted is not None:
            _check(*planted, seed)


@pytest.mark.parametrize("first", range(0, LARGE, BLOCK))
def test_models_beyond_brute_force_have_the_domains_and_counts_clingo_finds(first: int) -> None:
    for seed in range(first, first + BLOCK):
        planted = _large(seed)
        if planted is not None:
            _check(*planted, seed)


def test_enough_models_have_designs_and_enough_of_them_are_large() -> None:
    assert sum(_small(seed) is not None for seed in range(SMALL)) >= 80
    large = [planted[1] for seed in range(LARGE) if (planted := _large(seed)) is not None]
    assert len(large) >= 35
    assert sum(program.count({}, LISTED) is None for program in large) >= 20
