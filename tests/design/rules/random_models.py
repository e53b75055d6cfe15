"""Small random offers of every kind of feature and rule, and random sessions in them."""

import random
from functools import lru_cache
from typing import Any

from tests.design.rules.oracle import Oracle, answers, option_ids

Document = dict[str, Any]


@lru_cache(maxsize=400)
def random_document(seed: int) -> tuple[Document, Oracle] | None:
    """A document whose defaults are a design; None when the rules leave no design at all."""
    rng = random.Random(seed)
    features = _features(rng)
    rules = [{"id": f"R{n}", **_rule(rng, features)} for n in range(rng.randint(1, 5))]
    document: Document = {"features": features, "rules": rules}
    oracle = Oracle(document)
    if not oracle.valid:
        return None
    design = rng.choice(oracle.valid)
    for feature in features:
        value = design[feature["id"]]
        feature["default"] = list(value) if feature["kind"] == "multi" else value
    return document, oracle


def _features(rng: random.Random) -> list[Document]:
    kinds = ["choice", "choice", *rng.choices(_KINDS, k=rng.randint(1, 3))]
    rng.shuffle(kinds)
    return [_feature(rng, f"f{place}", kind) for place, kind in enumerate(kinds)]


_KINDS = ["choice", "optional", "multi", "parameter", "text"]


def _feature(rng: random.Random, name: str, kind: str) -> Document:
    options = [
        {"id": f"{name}{letter}", "values": {"mm": rng.randint(1, 6) * 100}}
        for letter in "abcd"[: rng.randint(2, 4 if kind != "multi" else 3)]
    ]
    base = {"id": name, "group": "g"}
    if kind == "multi":
        low = rng.randint(0, 1)
        return {**base, "kind": kind, "options": options, "default": [],
                "min": low, "max": rng.randint(max(low, 1), len(options))}  # fmt: skip
    if kind == "parameter":
        low, step = rng.choice([0, 100, -200]), rng.choice([50, 100])
        high = low + step * rng.randint(1, 4)
        return {**base, "kind": kind, "unit": "mm", "min": low, "max": high, "step": step,
                "default": low}  # fmt: skip
    if kind == "text":
        return {**base, "kind": kind, "max_length": 9, "default": ""}
    return {**base, "kind": "choice", "options": options, "default": options[0]["id"],
            "optional": kind == "optional"}  # fmt: skip


def _rule(rng: random.Random, features: list[Document]) -> Document:
    singles = [f for f in features if f["kind"] in ("choice", "parameter")]
    form = rng.choice(["implication", "implication", "never", "always", "table"])
    if form == "table":
        columns = rng.sample(singles, rng.randint(2, min(3, len(singles))))
        rows = {tuple(rng.choice(answers(f)) for f in columns) for _ in range(rng.randint(2, 9))}
        return {"table": {"features": [f["id"] for f in columns],
                          "allowed": [list(row) for row in sorted(rows, key=str)]}}  # fmt: skip
    if form == "implication":
        return {
            "when": random_condition(rng, features, 1),
            "then": random_condition(rng, features, 1),
        }
    return {form: random_condition(rng, features, 2)}


def random_condition(rng: random.Random, features: list[Document], depth: int = 1) -> str:
    if depth and rng.random() < 0.55:
        a, b = (random_condition(rng, features, depth - 1) for _ in range(2))
        shape = rng.choice(["({a} and {b})", "({a} or {b})", "not {a}", "({a} if {b} else {a2})"])
        return shape.format(a=a, b=b, a2=random_condition(rng, features, depth - 1))
    return _atom(rng, features, rng.choice(features))


def _atom(rng: random.Random, features: list[Document], feature: Document) -> str:
    name = feature["id"]
    if feature["kind"] == "text":
        return f"{name} {rng.choice(['!=', '=='])} ''"
    if feature["kind"] == "multi":
        option = rng.choice(option_ids(feature))
        return rng.choice(
            [f"'{option}' in {name}", f"'{option}' not in {name}",
             f"len({name}) {rng.choice(['<=', '>', '=='])} {rng.randint(0, 2)}"]
        )  # fmt: skip
    if feature["kind"] == "choice" and rng.random() < 0.6:
        option, other = (rng.choice(option_ids(feature)) for _ in range(2))
        return rng.choice(
            [f"{name} == '{option}'", f"'{option}' != {name}", f"{name} in ('{option}', '{other}')",
             f"{name} not in ('{option}', '{other}')"]
        )  # fmt: skip
    return _arithmetic(rng, features, feature)


def _number(feature: Document) -> str:
    name = str(feature["id"])
    if feature["kind"] == "parameter":
        return name
    return f"({name}.mm if {name} != 'none' else 0)" if feature["optional"] else f"{name}.mm"


def _arithmetic(rng: random.Random, features: list[Document], feature: Document) -> str:
    others = [f for f in features if f["kind"] in ("choice", "parameter") and f is not feature]
    left, right = _number(feature), _number(rng.choice(others))
    limit = rng.randint(-1, 9) * 100
    return rng.choice(
        [f"{left} + {right} <= {limit}", f"{left} * 2 - {right} > {limit}", f"{left} < {right}",
         f"{limit - 300} <= {left} <= {limit}", f"max({left}, {right}) != {limit}",
         f"{left} // 200 == {right} // 200"]
    )  # fmt: skip


def random_answer(rng: random.Random, feature: Document) -> Any:
    return rng.choice(answers(feature))
