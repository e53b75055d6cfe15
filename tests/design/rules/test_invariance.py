"""What must not matter: the order of choices, features and rules, names, and earlier questions."""

import random
import re
from collections.abc import Mapping
from threading import Thread
from typing import Any

import pytest

from design.rules import Engine, Model
from tests.design.rules.documents import Document
from tests.design.rules.oracle import Oracle
from tests.design.rules.random_models import random_answer, random_document

SEEDS = range(1000, 1040)


def _planted(seed: int) -> tuple[Document, Oracle]:
    """The first model from ``seed`` on, in steps nobody else takes, whose rules leave a design."""
    planted = random_document(seed)
    return planted if planted is not None else _planted(seed + 1000)


def _choices(rng: random.Random, oracle: Oracle, count: int) -> dict[str, Any]:
    names = rng.sample(list(oracle.features), min(count, len(oracle.features)))
    return {name: random_answer(rng, oracle.features[name]) for name in names}


def _engine(document: Mapping[str, Any]) -> Engine:
    return Engine(Model.from_document(document))


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_choices_features_and_rules_changes_no_domain(seed: int) -> None:
    document, oracle = _planted(seed)
    rng = random.Random(seed)
    shuffled = {
        "features": rng.sample(document["features"], len(document["features"])),
        "rules": rng.sample(document["rules"], len(document["rules"])),
    }
    engine, other = _engine(document), _engine(shuffled)
    for count in range(4):
        choices = _choices(rng, oracle, count)
        backwards = dict(reversed(choices.items()))
        assert engine.domains(choices) == other.domains(backwards)
        assert engine.domains(choices) == engine.domains(backwards)


@pytest.mark.parametrize("seed", SEEDS)
def test_renaming_changes_nothing_but_names(seed: int) -> None:
    document, oracle = _planted(seed)
    renamed = _engine(_rename(document))
    engine, rng = _engine(document), random.Random(seed)
    for count in range(4):
        choices = _choices(rng, oracle, count)
        domains = {_new(name): _rename(value) for name, value in engine.domains(choices).items()}
        assert renamed.domains(_rename(choices)) == domains


@pytest.mark.parametrize("seed", SEEDS)
def test_undone_is_never_chosen(seed: int) -> None:
    document, oracle = _planted(seed)
    asked, fresh, rng = _engine(document), _engine(document), random.Random(seed)
    before = _choices(rng, oracle, 2)
    first = asked.domains(before)
    for _ in range(6):
        detour = _choices(rng, oracle, 4)
        asked.domains(detour)
        asked.explain_choices(detour)
        asked.keep_newest(detour)
    assert asked.domains(before) == first == fresh.domains(before)
    name = next(iter(oracle.features))
    for option in fresh.model.by_id[name].domain:
        assert asked.explain(before, name, option) == fresh.explain(before, name, option)
    assert asked.keep_newest(before) == fresh.keep_newest(before)
    if oracle.exists(before):
        assert asked.complete(before) == fresh.complete(before)


def test_threads_that_share_an_engine_get_their_own_answers() -> None:
    document, oracle = _planted(1001)
    engine, wrong = _engine(document), []

    def shop(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(60):
            choices = _choices(rng, oracle, 3)
            found = {name: set(domain) for name, domain in engine.domains(choices).items()}
            if found != oracle.domains(choices) or engine.is_valid(choices) != oracle.exists(
                choices
            ):
                wrong.append(choices)

    threads = [Thread(target=shop, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _new(text: str) -> str:
    """f0 becomes z9, f1a becomes z8a: no name keeps its place in the alphabet."""
    return re.sub(r"\bf([0-9])([a-d]?)\b", lambda m: f"z{9 - int(m[1])}{m[2]}", text)


def _rename(value: Any) -> Any:
    if isinstance(value, str):
        return _new(value)
    if isinstance(value, Mapping):
        return {_new(key): _rename(item) for key, item in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return type(value)(_rename(item) for item in value)
    return value
