"""The counter that proves the refrigerator's numbers is itself proven by counting one by one."""

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.counting import count_designs, domains_of, factor_of, holds

FEATURES: list[dict[str, Any]] = [
    {"id": "a", "kind": "choice", "options": [{"id": "x", "values": {"mm": 3}}, {"id": "y"}]},
    {"id": "b", "kind": "choice", "optional": True, "options": [{"id": "x"}, {"id": "y"}]},
    {"id": "c", "kind": "multi", "min": 0, "max": 2, "options": [{"id": n} for n in "xyz"]},
    {"id": "d", "kind": "parameter", "min": 2, "max": 8, "step": 2},
    {"id": "e", "kind": "text", "max_length": 5},
]
ATOMS = ["a == 'x'", "b == 'none'", "b != 'y'", "'x' in c", "len(c) >= 1", "d > 4", "e != ''"]
atoms = st.sampled_from(ATOMS)
RULES = st.one_of(
    st.builds(lambda p, q: {"when": p, "then": q}, atoms, atoms),
    st.builds(lambda p, q, r: {"never": f"{p} and {q} and not ({r})"}, atoms, atoms, atoms),
    st.builds(lambda p, q: {"always": f"{p} or {q}"}, atoms, atoms),
    st.builds(
        lambda rows: {"table": {"features": ["a", "d"], "allowed": rows}},
        st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from([2, 4, 6, 8])), min_size=1),
    ),
)


@given(st.lists(RULES, max_size=6))
def test_counter_agrees_with_counting_one_by_one(rules: list[dict[str, Any]]) -> None:
    domains = domains_of({"features": FEATURES}, with_text=True)
    scopes = (dict(zip(domains, row, strict=True)) for row in product(*domains.values()))
    expected = sum(all(holds(rule, scope) for rule in rules) for scope in scopes)
    assert count_designs([factor_of(rule, domains) for rule in rules], domains) == expected


def test_every_combination_counts_without_rules() -> None:
    domains = domains_of({"features": FEATURES}, with_text=False)
    assert count_designs([], domains) == 2 * 3 * 7 * 4 * 1
