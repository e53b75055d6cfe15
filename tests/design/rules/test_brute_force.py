"""Every answer of the engine against brute force, over hundreds of random small models."""

import random
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from design.rules import Conflict, Engine, Model, TextNeeded, violations
from tests.design.rules.oracle import FILLED, Oracle, Single, answers
from tests.design.rules.random_models import random_answer, random_document

MODELS = 264
BLOCK = 22
CLICKS = 5


def _session(seed: int) -> Iterator[tuple[Oracle, Engine, dict[str, Any], random.Random]]:
    """A random session: the choices after each click, valid or not."""
    planted = random_document(seed)
    if planted is None:
        return
    document, oracle = planted
    engine = Engine(Model.from_document(document))
    rng = random.Random(seed + 1)
    choices: dict[str, Any] = {}
    yield oracle, engine, choices, rng
    for _ in range(CLICKS):
        name = rng.choice(list(oracle.features))
        choices = {key: value for key, value in choices.items() if key != name}
        if rng.random() < 0.85:
            choices[name] = random_answer(rng, oracle.features[name])
        yield oracle, engine, dict(choices), rng
        if not oracle.exists(choices) and rng.random() < 0.5:
            choices = dict(engine.keep_newest(choices)[0])


blocks = pytest.mark.parametrize("first", range(0, MODELS, BLOCK))


@blocks
def test_domains_and_validity_are_those_of_brute_force(first: int) -> None:
    for seed in range(first, first + BLOCK):
        for oracle, engine, choices, _ in _session(seed):
            assert engine.is_valid(choices) is oracle.exists(choices)
            found = {name: set(domain) for name, domain in engine.domains(choices).items()}
            assert found == oracle.domains(choices), (seed, choices)


@blocks
def test_explanations_are_true_and_minimal(first: int) -> None:
    for seed in range(first, first + BLOCK):
        for oracle, engine, choices, _ in _session(seed):
            domains = engine.domains(choices)
            for name, feature in oracle.features.items():
                for option in _offered(feature):
                    conflict = engine.explain(choices, name, option)
                    if feature["kind"] != "multi":
                        assert (conflict is None) is (option in domains[name])
                    if conflict is not None:
                        target = (name, FILLED if option == "*" else option, True)
                        _check_minimal(oracle, choices, target, conflict)


@blocks
def test_contradicting_choices_are_explained(first: int) -> None:
    for seed in range(first, first + BLOCK):
        for oracle, engine, choices, _ in _session(seed):
            conflict = engine.explain_choices(choices)
            assert (conflict is None) is oracle.exists(choices)
            if conflict is not None:
                _check_minimal(oracle, choices, None, conflict)


@blocks
def test_fewest_choices_give_way_to_the_newest(first: int) -> None:
    for seed in range(first, first + BLOCK):
        for oracle, engine, choices, _ in _session(seed):
            kept, dropped = engine.keep_newest(choices)
            assert oracle.exists(kept)
            taken = [(choice.feature, choice.option, choice.is_chosen) for choice in dropped]
            assert taken == _fewest_dropped(oracle, choices), (seed, choices)
            untouched = set(choices) - {choice.feature for choice in dropped}
            assert {name: kept[name] for name in untouched} == {n: choices[n] for n in untouched}


@blocks
def test_completions_are_valid_and_keep_what_was_preferred(first: int) -> None:
    for seed in range(first, first + BLOCK):
        for oracle, engine, choices, rng in _session(seed):
            if not oracle.exists(choices):
                continue
            prefer = rng.choice(oracle.all)[0]
            try:
                design = engine.complete(choices, prefer)
            except TextNeeded as error:
                name = error.facts["feature"]
                assert not prefer[name]
                assert not oracle.exists({**choices, name: ""})
                continue
            assert violations(engine.model, design) == ()
            assert oracle.exists(design)
            assert all(oracle.matches(dict(design), name, value) for name, value in choices.items())
            assert dict(design) == _one_by_one(oracle, engine.model, choices, prefer), seed
            assert Engine(engine.model).complete(choices, prefer) == design


@blocks
def test_rules_are_judged_alike_with_and_without_solver(first: int) -> None:
    for seed in range(first, first + BLOCK):
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        model = Model.from_document(document)
        for design, broken in oracle.all:
            assert set(violations(model, design)) == broken


def test_enough_models_have_designs() -> None:
    assert sum(random_document(seed) is not None for seed in range(MODELS)) >= 200


def _offered(feature: dict[str, Any]) -> list[Any]:
    if feature["kind"] == "multi":
        return [option["id"] for option in feature["options"]]
    return ["*" if value == FILLED else value for value in answers(feature)]


def _one_by_one(
    oracle: Oracle, model: Model, choices: dict[str, Any], prefer: dict[str, Any]
) -> dict[str, Any]:
    """The completion as its docstring tells it, one question after the other."""
    design = dict(choices)
    unwritten = {
        name: ""
        for name, feature in oracle.features.items()
        if feature["kind"] == "text" and not prefer[name] and not feature["default"]
    }
    for wishes in (unwritten, prefer, model.defaults):
        for name, feature in oracle.features.items():
            if (
                name not in design
                and name in wishes
                and (wishes is prefer or feature["kind"] != "parameter")
                and oracle.exists({**design, name: wishes[name]})
            ):
                design[name] = wishes[name]
    for name, feature in oracle.features.items():
        if name not in design and feature["kind"] != "multi":
            design[name] = next(v for v in _nearest(feature, prefer[name]) if
                                oracle.exists({**design, name: v}))  # fmt: skip
        elif name not in design:
            design[name] = _nearest_set(oracle, design, name, prefer[name])
    return {
        name: tuple(o["id"] for o in feature["options"] if o["id"] in design[name])
        if feature["kind"] == "multi"
        else design[name]
        for name, feature in oracle.features.items()
    }


def _nearest(feature: dict[str, Any], wish: Any) -> list[Any]:
    if feature["kind"] == "parameter":
        return sorted(answers(feature), key=lambda number: (abs(number - wish), number))
    return answers(feature)


def _nearest_set(oracle: Oracle, design: dict[str, Any], name: str, wish: Any) -> tuple[str, ...]:
    """Option by option, as wished where that leaves a design."""
    decided: list[Single] = []
    for option in oracle.features[name]["options"]:
        single = (name, option["id"], option["id"] in wish)
        if not oracle.possible([*oracle.singles(design), *decided, single]):
            single = (name, option["id"], option["id"] not in wish)
        decided.append(single)
    return tuple(option for _, option, is_chosen in decided if is_chosen)


def _check_minimal(
    oracle: Oracle, choices: dict[str, Any], target: Single | None, conflict: Conflict
) -> None:
    named: list[Single] = [(c.feature, c.option, c.is_chosen) for c in conflict.choices]
    assert set(named) <= set(oracle.singles(choices))
    fixed = [] if target is None else [target]
    assert not oracle.possible([*fixed, *named], conflict.rules)
    for single in named:
        rest = [other for other in named if other != single]
        assert oracle.possible([*fixed, *rest], conflict.rules)
    for rule in conflict.rules:
        assert oracle.possible([*fixed, *named], [r for r in conflict.rules if r != rule])


def _fewest_dropped(oracle: Oracle, choices: dict[str, Any]) -> list[Single]:
    singles = oracle.singles(choices)
    newest = list(choices)[-1] if choices else ""
    of_newest = [single for single in singles if single[0] == newest]
    for stand in (of_newest, of_newest[-1:], []):
        loose = [single for single in singles if single not in stand]
        for size in range(len(loose) + 1):
            places = [
                some
                for some in combinations(range(len(loose)), size)
                if oracle.possible([*stand, *(s for p, s in enumerate(loose) if p not in some)])
            ]
            if places:
                best = min(places, key=lambda some: sorted(some, reverse=True))
                return [loose[place] for place in best]
    raise AssertionError("no design at all")
