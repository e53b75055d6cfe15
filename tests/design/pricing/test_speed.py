"""A click on the real product stays within its budget of processor time.

Budgets are the p95 aims of the engine with room for a slow machine; processor time, not the
clock, so that a busy machine does not fail the test.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from design.pricing import PriceBook, differences
from design.rules import Choices, Engine, Feature, Model, TextNeeded

OFFER = Path(__file__).parents[3] / "catalogue" / "refrigerator" / "offer.yaml"
BUDGET_MS = {"domains": 15, "explain": 5, "keep_newest": 20, "complete": 10, "differences": 40}


def _answer(rng: random.Random, feature: Feature) -> Any:
    if feature.kind == "multi":
        count = rng.randint(feature.minimum, feature.maximum)
        return tuple(rng.sample(feature.option_ids, count))
    return rng.choice(feature.domain)


def test_a_click_stays_within_its_budget() -> None:
    document = yaml.safe_load(OFFER.read_text(encoding="utf-8"))
    engine, book = Engine(Model.from_document(document)), PriceBook.from_document(document)
    spent: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def measured(name: str) -> Iterator[None]:
        start = time.thread_time()
        yield
        spent[name].append((time.thread_time() - start) * 1000)

    for seed in range(12):
        rng = random.Random(seed)
        choices: Choices = {}
        for feature in rng.sample(engine.model.features, len(engine.model.features)):
            with measured("keep_newest"):
                choices, _ = engine.keep_newest({**choices, feature.id: _answer(rng, feature)})
            with measured("domains"):
                domains = engine.domains(choices)
            blocked = [
                (other.id, option)
                for other in engine.model.features
                for option in other.domain
                if option not in domains[other.id]
            ]
            for name, option in rng.sample(blocked, min(2, len(blocked))):
                with measured("explain"):
                    engine.explain(choices, name, option)
            try:
                with measured("complete"):
                    design = engine.complete(choices)
            except TextNeeded:
                continue
            with measured("differences"):
                differences(book, engine, design, choices, domains)
    p95 = {name: sorted(times)[int(len(times) * 0.95)] for name, times in spent.items()}
    assert set(p95) == set(BUDGET_MS)
    assert {name: ms for name, ms in p95.items() if ms > BUDGET_MS[name]} == {}
