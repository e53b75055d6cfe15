"""The decision diagram against brute force and against the solver, over the random small models."""

import random
from typing import Any

import pytest

from design.rules import Caps, Diagram, Engine, Model, StoredDiagramInvalid, unpacked
from tests.design.rules.documents import Document, choice, offer, parameter, several, writing
from tests.design.rules.oracle import Oracle, answers
from tests.design.rules.random_models import random_answer, random_document

MODELS = 264
BLOCK = 22
CLICKS = 6
CAPS = Caps(seconds=20, nodes=100_000, tries=3)

blocks = pytest.mark.parametrize("first", range(0, MODELS, BLOCK))


def _engine(document: Document) -> Engine:
    engine = Engine(Model.from_document(document))
    diagram = engine.compile(CAPS)
    assert diagram is not None
    engine.use(unpacked(diagram.packed()))
    return engine


def _count(oracle: Oracle, choices: dict[str, Any]) -> int:
    return sum(
        all(oracle.matches(design, name, value) for name, value in choices.items())
        for design in oracle.valid
    )


@blocks
def test_domains_and_counts_are_those_of_brute_force(first: int) -> None:
    for seed in range(first, first + BLOCK):
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        engine = _engine(document)
        rng = random.Random(seed)
        choices: dict[str, Any] = {}
        for _ in range(CLICKS):
            found = {name: set(domain) for name, domain in engine.domains(choices).items()}
            assert found == oracle.domains(choices), (seed, choices)
            assert engine.domains(choices) == engine.sat_domains(choices)
            assert engine.count(choices) == _count(oracle, choices), (seed, choices)
            name = rng.choice(list(oracle.features))
            choices.pop(name, None)
            if rng.random() < 0.85:
                choices[name] = random_answer(rng, oracle.features[name])


@blocks
def test_a_diagram_survives_its_bytes(first: int) -> None:
    planted = next(found for seed in range(first, MODELS) if (found := random_document(seed)))
    diagram = Engine(Model.from_document(planted[0])).compile(CAPS)
    assert diagram is not None
    again = unpacked(diagram.packed())
    assert again.content_hash == diagram.content_hash
    assert (again.nodes, again.runs) == (diagram.nodes, diagram.runs)


def test_damaged_bytes_are_refused() -> None:
    packed = _diagram(offer([choice("a", "x", "y", "z")])).packed()
    for damaged in (b"", b"PK", packed[: len(packed) // 2]):
        with pytest.raises(StoredDiagramInvalid):
            unpacked(damaged)


def _diagram(document: Document) -> Diagram:
    diagram = Engine(Model.from_document(document)).compile(CAPS)
    assert diagram is not None
    return diagram


def test_without_rules_there_is_nothing_to_draw_and_everything_is_counted() -> None:
    document = offer(
        [choice("a", "x", "y", "z"), several("b", "p", "q"), parameter("n", 0, 90, 10)]
    )
    engine = _engine(document)
    assert _diagram(document).nodes == 0
    assert engine.count({}) == 3 * 4 * 10
    assert engine.count({"a": "x", "b": ("p",)}) == 10


def test_a_count_beyond_64_bits_is_exact() -> None:
    features = [choice(f"f{n}", *"abcdefg") for n in range(40)]
    rule = {"never": "f0 == 'b' and f39 == 'c'"}
    engine = _engine(offer(features, rule))
    assert engine.count({}) == 7**40 - 7**38
    assert engine.count({"f0": "b"}) == 6 * 7**38


def test_a_cap_gives_no_diagram_and_the_solver_answers() -> None:
    wide = [choice(f"f{n}", *"abcdefgh") for n in range(12)]
    rules = [{"never": f"f{n} == 'a' and f{(n * 5 + 1) % 12} == 'b'"} for n in range(12)]
    engine = Engine(Model.from_document(offer(wide, *rules)))
    assert engine.compile(Caps(nodes=200, tries=2)) is None
    assert engine.compile(Caps(runs=3, tries=2)) is None
    assert engine.compile(Caps(seconds=0, tries=2)) is None
    assert engine.diagram is None
    assert engine.count({}) is None
    assert engine.domains({"f0": "a"})["f1"] == frozenset("acdefgh")


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    document = offer([choice("a", "x", "y"), writing("t")], {"when": "a == 'y'", "then": "t != ''"})
    Engine(Model.from_document(document)).compile(CAPS, lambda done, of: told.append((done, of)))
    assert told[-1][0] <= told[-1][1]
    assert told == sorted(told)


def test_every_answer_offered_leads_to_a_whole_design() -> None:
    for seed in range(60):
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        engine = _engine(document)
        for name, domain in engine.domains({}).items():
            if oracle.features[name]["kind"] in ("choice", "parameter"):
                blocked = set(answers(oracle.features[name])) - set(domain)
                assert all(oracle.exists({name: value}) for value in domain)
                assert not any(oracle.exists({name: value}) for value in blocked)
