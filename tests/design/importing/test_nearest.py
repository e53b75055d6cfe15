"""The smallest repair, held against trying everything."""

import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest

from design.importing import ColumnMapping, Importer, MappedColumn, Outcome, Row
from design.rules import Engine, Feature, Model, violations

NUMBERS = ("a", "b", "c", "d")
TENTH = Decimal("0.1")
SHAPES = (
    "{x} + {y} <= {n}",
    "2 * {x} - {y} >= {m}",
    "{x} - {y} + {z} <= {n}",
    "{x} // 3 + {y} // 2 >= {m}",
)


def random_model(chance: random.Random) -> Model:
    """Four numbers with a step of their own, a closed and an open choice, and rules over them."""
    features: list[dict[str, Any]] = []
    for name in NUMBERS:
        low, step = chance.randint(10, 40), chance.choice([1, 2, 3])
        high = low + step * chance.randint(8, 14)
        features.append(
            {"id": name, "group": "g", "kind": "parameter", "unit": "mm", "min": low, "max": high,
             "step": step, "default": low}
        )  # fmt: skip
    for name in ("kind", "extra"):
        options = [{"id": option, "values": {"n": n}} for n, option in enumerate("xyz")]
        features.append(
            {"id": name, "group": "g", "kind": "choice", "default": "x", "options": options}
        )
    rules = [{"id": f"R{number}", **random_rule(chance)} for number in range(chance.randint(2, 5))]
    return Model.from_document({"features": features, "rules": rules}, defaults_hold=False)


def random_rule(chance: random.Random) -> dict[str, str]:
    x, y, z = chance.sample(NUMBERS, 3)
    sizes = {"n": chance.randint(60, 110), "m": chance.randint(10, 50)}
    then = chance.choice(SHAPES).format(x=x, y=y, z=z, **sizes)
    match chance.randint(0, 3):
        case 0:
            return {"when": "kind != 'x'", "then": then}
        case 1:
            return {"when": f"{x} > {chance.randint(20, 60)}", "then": "extra.n >= 1"}
        case 2:
            return {"when": "extra == 'z'", "then": then}
        case _:
            return {"always": then}


def importer_of(model: Model) -> Importer:
    columns = tuple(MappedColumn(name, name) for name in NUMBERS)
    options = {option: option for option in "xyz"}
    kind = MappedColumn("kind", "kind", options=options)
    return Importer(Engine(model), ColumnMapping("random", (*columns, kind), (), frozenset()))


def cheapest(model: Model, row: dict[str, Any]) -> Decimal | None:
    """The cost of the best repair by trying every way to move at most three numbers."""
    best = None
    near = {name: list(reachable(model.by_id[name], row[name])) for name in NUMBERS}
    bases = {name: [pair for pair in near[name] if pair[1] == 0] for name in NUMBERS}
    for size in range(4):
        for moved in combinations(NUMBERS, size):
            pools = [near[name] if name in moved else bases[name] for name in NUMBERS]
            for chosen in product(*pools):
                cost = sum((pair[1] for pair in chosen), Decimal(0))
                values = {n: pair[0] for n, pair in zip(NUMBERS, chosen, strict=True)}
                if (best is None or cost < best) and is_design(model, {**values, **row_rest(row)}):
                    best = cost
    return best


def row_rest(row: dict[str, Any]) -> dict[str, Any]:
    return {"kind": row["kind"]}


def is_design(model: Model, values: dict[str, Any]) -> bool:
    return any(not violations(model, {**values, "extra": extra}) for extra in "xyz")


def reachable(feature: Feature, before: Decimal) -> Iterator[tuple[int, Decimal]]:
    """Values within a tenth, and what they cost; the nearest step costs nothing."""
    nearest = min(feature.numbers, key=lambda value: (abs(value - before), -value))
    for value in feature.numbers:
        share = abs(value - before) / before
        if value == nearest and 2 * abs(value - before) <= feature.step:
            yield value, Decimal(0)
        elif share < TENTH:
            yield value, share


@pytest.mark.parametrize("seed", range(25))
def test_repairs_cost_as_little_as_trying_everything_finds(seed: int) -> None:
    chance = random.Random(seed)
    model = random_model(chance)
    importer = importer_of(model)
    for _ in range(12):
        row: dict[str, Any] = {"kind": chance.choice("xyz")}
        for name in NUMBERS:
            feature = model.by_id[name]
            low, high = feature.minimum * 19, feature.maximum * 21
            row[name] = Decimal(chance.randint(low, high)) / 20
        outcome = importer.outcome(Row(2, "row", {k: str(v) for k, v in row.items()}))
        expected = cheapest(model, row)
        if expected is None:
            assert outcome.kind == "refused", row
            continue
        assert outcome.kind == ("accepted" if expected == 0 else "repaired"), row
        assert cost_of(outcome) == pytest.approx(expected, abs=Decimal("1e-20")), row
        assert len(outcome.repaired) <= 3
        assert violations(model, outcome.selection or {}) == ()


def cost_of(outcome: Outcome) -> Decimal:
    assert all(one.relative < TENTH for one in outcome.repaired)
    return sum((one.relative for one in outcome.repaired), Decimal(0))
