"""The shelf as documents and books, and random designs of it."""

import random
from functools import cache
from pathlib import Path
from typing import Any

from design.rules import Selection, TextNeeded, flat_document
from tests.catalogue.folders import Content, Product, read_product

FOLDER = Path(__file__).parents[3] / "catalogue" / "shelf"
SAMPLES = 150


def shelf() -> Product:
    return read_product(FOLDER)


@cache
def flat_offer() -> Content:
    """The offer with its components laid out flat."""
    return flat_document(shelf().offer)


def complete(**choices: Any) -> Selection:
    """The design with these choices; fails where they contradict each other."""
    return shelf().engine.complete(choices)


@cache
def sampled_designs() -> tuple[Selection, ...]:
    """Valid designs, from random wishes of which some are dropped until the rest goes together."""
    engine = shelf().engine
    chance = random.Random(20261122)
    designs: list[Selection] = []
    while len(designs) < SAMPLES:
        wishes: dict[str, Any] = {}
        for feature in chance.sample(engine.model.features, 12):
            if feature.kind == "text":
                wishes[feature.id] = chance.choice(["Read on", "开卷有益", "M" * 24])
            elif feature.kind == "multi":
                held = chance.sample(feature.option_ids, chance.randint(0, feature.maximum))
                wishes[feature.id] = tuple(o for o in feature.option_ids if o in held)
            else:
                wishes[feature.id] = chance.choice(feature.domain)
        while not engine.is_valid(wishes):
            del wishes[next(iter(wishes))]
        try:
            designs.append(engine.complete(wishes))
        except TextNeeded:
            designs.append(engine.complete({**wishes, "engraving_text": "Anna"}))
    return tuple(designs)
