"""Small DIMACS models with answers worked out by hand."""

from design.rules.exchange import read_dimacs
from tests.design.exchange.designs import chosen_sets, sets

SMALL = """c 1 car
c 2 roof rack
c 3 hitch 2.0
c some words
p cnf 4 3
1 0
-2 1 0
-2 -3 0
"""


def test_clauses_become_rules_and_comments_become_names() -> None:
    found = read_dimacs(SMALL, "car.dimacs")
    assert found.name == "car.dimacs"
    assert [feature.id for feature in found.model.features] == [
        "car", "roof rack", "hitch 2.0", "4",
    ]  # fmt: skip
    assert [rule.id for rule in found.model.rules] == ["line-6", "line-7", "line-8"]
    assert found.uncounted == {"4"}
    assert chosen_sets(found.model) == {
        frozenset({"car", *others})
        for others in (
            (), ("roof rack",), ("hitch 2.0",), ("4",), ("roof rack", "4"), ("hitch 2.0", "4"),
        )
    }  # fmt: skip


def test_clauses_may_share_a_line_or_run_over_several() -> None:
    found = read_dimacs("p cnf 3 4\n1 2\n\n3 0 -1 0\n-2\n0 2 3 0", "x.cnf")
    assert [rule.id for rule in found.model.rules] == ["line-2", "line-4", "line-5", "line-6"]
    assert chosen_sets(found.model) == sets("3")
    shared = read_dimacs("p cnf 2 3\n1 0 2 0 -1 2 0", "x.cnf")
    assert [rule.id for rule in shared.model.rules] == ["line-2", "line-2-2", "line-2-3"]


def test_line_ends_byte_order_mark_and_spaces_do_not_matter() -> None:
    text = "\ufeff" + SMALL.replace("\n", "\r\n").replace("-2 1 0", "  -2\t1  0  ")
    found, plain = read_dimacs(text, "x"), read_dimacs(SMALL, "x")
    assert chosen_sets(found.model) == chosen_sets(plain.model)
    assert [feature.id for feature in found.model.features][1] == "roof rack"


def test_an_empty_clause_is_a_contradiction() -> None:
    found = read_dimacs("p cnf 1 1\n0\n", "x")
    assert chosen_sets(found.model) == set()
    assert found.uncounted == {"1"}


def test_a_clause_that_always_holds_still_counts_its_variables() -> None:
    found = read_dimacs("p cnf 2 1\n1 -1 0\n", "x")
    assert len(chosen_sets(found.model)) == 4
    assert found.uncounted == {"2"}


def test_a_model_without_variables_has_one_design() -> None:
    found = read_dimacs("p cnf 0 0\n", "x")
    assert chosen_sets(found.model) == {frozenset()}


def test_comments_that_name_no_variable_are_skipped() -> None:
    found = read_dimacs("c 7 dwarfs\nc\nc made by hand\np cnf 2 0\nc 0 zero\nc 2 B\n", "x")
    assert [feature.id for feature in found.model.features] == ["1", "B"]
