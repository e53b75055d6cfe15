"""A rule counts if deleting it would allow a further design; brute force knows."""

from typing import Any

from design.rules import Model, changes_count
from tests.design.rules.documents import choice, offer
from tests.design.rules.random_models import random_document


def test_rules_that_change_the_number_of_designs_are_those_of_brute_force() -> None:
    seen = {True: 0, False: 0}
    for seed in range(120):
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        model = Model.from_document(document)
        for rule in oracle.rules:
            counts = any(broken == {rule} for _, broken in oracle.all)
            assert changes_count(model, rule) is counts
            seen[counts] += 1
    assert min(seen.values()) > 20  # both answers were put to the test


def test_a_planted_redundant_rule_is_found_and_no_other() -> None:
    pairs = [choice(f"f{n}", "a", "b") for n in range(3)]
    rules: list[dict[str, Any]] = [
        {"when": "f0 == 'b'", "then": "f1 == 'b'"},
        {"when": "f1 == 'b'", "then": "f2 == 'b'"},
        {"id": "implied", "never": "f0 == 'b' and f2 == 'a'"},
        {"id": "empty", "always": "f0 == 'a' or f0 == 'b'"},
    ]
    model = Model.from_document(offer(pairs, *rules))
    assert [rule.id for rule in model.rules if not changes_count(model, rule.id)] == [
        "implied",
        "empty",
    ]
