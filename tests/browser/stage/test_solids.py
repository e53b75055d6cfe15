"""The browser's solids are Python's: the same boxes for hundreds of designs of each product."""

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from design.rules import Choices, Engine, Model, Selection, TextNeeded, flat_document, scope_of
from design.shape import Part, ShapeBook, parts_json
from design.shape.solids import solid
from tests.catalogue.folders import read_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CATALOGUE = Path(__file__).parents[3] / "catalogue"
DESIGNS = 200
CLOSE = 0.01  # mm
WORDS = ("Ada", "Für Öznur", "给小明", "1842")
BOXES = """async (designs) => {
  const stage = await import("/static/built/stage.js");
  const { solid, face, middle } = await stage.load();
  return designs.map(({ parts }) => parts.map((part) => {
    const made = part.kind === "text" ? face(part, []) : solid(part);
    const { min, max } = made.boundingBox;
    const at = middle(part);
    return [
      at[0] + min.x * 1000, at[1] - max.z * 1000, at[2] + min.y * 1000,
      at[0] + max.x * 1000, at[1] - min.z * 1000, at[2] + max.y * 1000,
    ];
  }));
}"""


@cache
def offer(slug: str) -> tuple[Engine, ShapeBook]:
    document = read_product(CATALOGUE / slug).offer
    model = Model.from_document(document)
    return Engine(model), ShapeBook.from_document(flat_document(document))


def random_design(engine: Engine, random: Random) -> Selection:
    """Some features decided at random as far as that goes together, the rest completed."""
    choices: dict[str, Any] = {}
    for feature in random.sample(engine.model.features, k=len(engine.model.features)):
        wanted = random_answer(feature, random)
        if engine.is_valid({**choices, feature.id: wanted}):
            choices[feature.id] = wanted
    return completed(engine, choices)


def random_answer(feature: Any, random: Random) -> Any:
    if feature.kind == "text":
        return random.choice(WORDS)
    if feature.kind == "parameter":
        steps = int((feature.maximum - feature.minimum) / feature.step)
        return feature.minimum + feature.step * random.randint(0, steps)
    if feature.kind == "multi":
        return ()
    return random.choice(feature.options).id


def completed(engine: Engine, choices: Choices) -> Selection:
    try:
        return engine.complete(choices)
    except TextNeeded as needed:
        return engine.complete({**choices, str(needed.facts["feature"]): WORDS[0]})


def stated_box(part: Part) -> list[float]:
    """The box a part says it has; letters along a line are a face and have no depth."""
    low = [float(side) for side in part.at]
    high = [a + float(s) for a, s in zip(low, part.size, strict=True)]
    if part.kind == "text":
        depth = (low[1] + high[1]) / 2
        low[1] = high[1] = depth
    return [*low, *high]


@pytest.mark.parametrize("slug", ["refrigerator", "shelf", "bicycle-frame"])
def test_boxes_of_200_designs_are_the_same_in_the_browser(
    page: Page, address: str, slug: str
) -> None:
    engine, book = offer(slug)
    random = Random(20261122)
    designs = []
    for _ in range(DESIGNS):
        scope = scope_of(engine.model, random_design(engine, random))
        designs.append((book.parts(scope), book.bounds(scope)))
    assert len({json.dumps([p.id for p in parts]) for parts, _ in designs}) > 5
    page.goto(f"{address}/accounts/login/")
    sent = [json.loads(parts_json(parts, bounds)) for parts, bounds in designs]
    answered = page.evaluate(BOXES, sent)
    compared = 0
    for (parts, _), boxes in zip(designs, answered, strict=True):
        stated = [stated_box(part) for part in parts]
        for part, mine, other in zip(parts, stated, boxes, strict=True):
            assert other == pytest.approx(mine, abs=CLOSE), part
            compared += 1
        assert whole(boxes) == pytest.approx(whole(stated), abs=CLOSE)
        points = [solid(part).points for part in parts if part.kind != "text"]
        built = [
            [min(p[:, s].min() for p in points) for s in range(3)],
            [max(p[:, s].max() for p in points) for s in range(3)],
        ]
        solids = [box for part, box in zip(parts, boxes, strict=True) if part.kind != "text"]
        assert whole(solids) == pytest.approx([*built[0], *built[1]], abs=CLOSE)
    assert compared > DESIGNS * 9


def whole(boxes: list[list[float]]) -> list[float]:
    """The box around all of them."""
    lows = [min(box[side] for box in boxes) for side in range(3)]
    return [*lows, *(max(box[side] for box in boxes) for side in range(3, 6))]
