"""Small UVL models with answers worked out by hand."""

from textwrap import indent

import pytest

from design.rules import ChoiceValue, violations
from design.rules.exchange import read_uvl
from tests.design.exchange.designs import chosen_sets, count, sets, uvl

ABC = """
	R
		optional
			A
			B
			C
"""


def test_every_feature_is_a_boolean_choice_with_the_name_of_the_file() -> None:
    model = uvl('\tR\n\t\toptional\n\t\t\t"two words"\n\t\t\tB_1')
    assert [feature.id for feature in model.features] == ["R", "two words", "B_1"]
    for feature in model.features:
        assert feature.kind == "choice"
        assert feature.default == "false"
        assert feature.option_ids == ("true", "false")


def test_rules_are_called_after_their_lines() -> None:
    model = uvl("\tR\n\t\tmandatory\n\t\t\tA\n\t\tor\n\t\t\tB\n\t\t\tC", "\tA => B")
    assert [rule.id for rule in model.rules] == [
        "line-2", "line-4", "line-4-2", "line-6", "line-7", "line-5", "line-9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("mandatory", sets("R A B C")),
        ("optional", sets("R", "R A", "R B", "R C", "R A B", "R A C", "R B C", "R A B C")),
        ("or", sets("R A", "R B", "R C", "R A B", "R A C", "R B C", "R A B C")),
        ("alternative", sets("R A", "R B", "R C")),
        ("[2]", sets("R A B", "R A C", "R B C")),
        ("[0..1]", sets("R", "R A", "R B", "R C")),
        ("[1..2]", sets("R A", "R B", "R C", "R A B", "R A C", "R B C")),
        ("[2..*]", sets("R A B", "R A C", "R B C", "R A B C")),
        ("[ 3 .. 9 ]", sets("R A B C")),
        ("[0]", sets("R")),
        ("[0..*]", sets("R", "R A", "R B", "R C", "R A B", "R A C", "R B C", "R A B C")),
        ("[4]", set()),
    ],
)
def test_a_group_says_how_many_of_its_features_are_taken(
    group: str, expected: set[frozenset[str]]
) -> None:
    assert chosen_sets(uvl(f"\tR\n\t\t{group}\n\t\t\tA\n\t\t\tB\n\t\t\tC")) == expected


def test_a_group_asks_nothing_where_its_parent_is_not_chosen() -> None:
    tree = "\tR\n\t\toptional\n\t\t\tP\n\t\t\t\t[2..3]\n\t\t\t\t\tA\n\t\t\t\t\tB\n\t\t\t\t\tC"
    expected = sets("R", "R P A B", "R P A C", "R P B C", "R P A B C")
    assert chosen_sets(uvl(tree)) == expected
    assert chosen_sets(uvl(tree.replace("[2..3]", "[4..5]"))) == sets("R")


@pytest.mark.parametrize("size", [1, 2, 5, 13])
def test_an_alternative_of_any_size_takes_exactly_one(size: int) -> None:
    children = "\n".join(f"\t\t\tF{n}" for n in range(size))
    assert count(uvl(f"\tR\n\t\talternative\n{children}")) == size


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("A", sets("R A", "R A B", "R A C", "R A B C")),
        ("!A & !B", sets("R", "R C")),
        ("A => B & C", sets("R", "R B", "R C", "R B C", "R A B C")),
        ("A <=> B | C", sets("R", "R A B", "R A C", "R A B C")),
        ("!(A | B) & C", sets("R C")),
        ("!!A & B & C", sets("R A B C")),
        ("A & B | C & !A", sets("R A B", "R A B C", "R C", "R B C")),
        # Equal arrows group from the left: (A => B) => C, which A, B => C would not be.
        ("A => B => C", sets("R A", "R C", "R A C", "R B C", "R A B C")),
        # (A <=> B) <=> C: an odd number of the three.
        ("A <=> B <=> C", sets("R A", "R B", "R C", "R A B C")),
        # `=>` binds tighter than `<=>`.
        ("A <=> B => C", sets("R B", "R A", "R A C", "R A B C")),
        ("((A)) & (!(B))", sets("R A", "R A C")),
    ],
)
def test_constraints_bind_as_the_grammar_says(
    constraint: str, expected: set[frozenset[str]]
) -> None:
    assert chosen_sets(uvl(ABC.strip("\n"), f"\t{constraint}")) == expected


NUMBERS = """
	R {price 1}
		optional
			A {price 2.5, weight 3, nested {price 7}}
			B {price -1, weight 4}
			C {price 10, label 'ten'}
""".strip("\n")


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("sum(price) > 10", sets("R C", "R A C", "R A B C")),
        ("sum(price) == 2.5", sets("R A B")),
        ("sum(price) != 1", sets("R A", "R B", "R C", "R A B", "R A C", "R B C", "R A B C")),
        ("sum(weight) <= 4 & C", sets("R C", "R A C", "R B C")),
        ("sum(weight, A) == 3", sets("R A", "R A B", "R A C", "R A B C")),
        ("sum(R, weight) >= 7", sets("R A B", "R A B C")),
        ("2 * sum(weight) - sum(price) * 2 < -1", sets("R", "R C", "R A C", "R B C", "R A B C")),
        ("(sum(price) - 1) / 10 >= 1", sets("R C", "R A C", "R A B C")),
        ("10 <= sum(price) & A", sets("R A C", "R A B C")),
        ("sum(price) - sum(price) == 0 => A & B & C", sets("R A B C")),
        # A plain attribute is the number that stands in the file.
        ("A.price + B.price == 1.5 & A & B & C", sets("R A B C")),
        ("A.weight * B.weight > 12 | A & B & C", sets("R A B C")),
        ("A.nested.price / 2 == 3.5 & A & B & C", sets("R A B C")),
        ("floor(A.price) == 2 & ceil(A.price) == 3 & A & B & C", sets("R A B C")),
        ("A.weight * sum(weight) > 20", sets("R A B", "R A B C")),
        ("sum(nested.price) == 7 & !B", sets("R A", "R A C")),
        ("--3 > -A.price & A & B & C", sets("R A B C")),
    ],
)
def test_sums_count_the_attribute_where_its_feature_is_chosen(
    constraint: str, expected: set[frozenset[str]]
) -> None:
    assert chosen_sets(uvl(NUMBERS, f"\t{constraint}")) == expected


def test_a_sum_is_taken_below_a_feature() -> None:
    tree = """
	R
		optional
			P {w 1}
				optional
					A {w 2}
					B {w 4}
			C {w 8}
""".strip("\n")
    assert chosen_sets(uvl(tree, "\tsum(w, P) >= 5\n\tsum(w) < 8")) == sets("R P B", "R P A B")


def test_attributes_of_every_form_are_read_or_skipped() -> None:
    model = uvl(
        """
	R {abstract}
		optional
			A {abstract true, "two words" 3, text 'a, b} c', old "d {e", empty {}, none}
			B {v [1, 'x', [2, {k 1}]], deep {er {est -2.5}}, constraint A => B}
			C {constraints [A => C, !(B & C)]}
""".strip("\n"),
        '\tA."two words" + B.deep.er.est == 0.5',
    )
    assert chosen_sets(model) == sets("R", "R B", "R C")


def test_what_stands_around_a_model_does_not_matter() -> None:
    text = (
        "\ufeff// first\r\nnamespace Small // behind\r\n\r\ninclude\r\n  Boolean.*\r\n\r\n"
        "features\r\n  /* over\r\n two lines */\r\n    R   \r\n\r\n        [1..2] // a group\r\n"
        "            A {w 1,\r\n   v 2}\r\n            Boolean B\r\n\r\n"
        "constraints\r\n    (A |\r\n B)\r\n    // nothing\r\n    A => !B\r\n\r\n"
    )
    found = read_uvl(text, "small.uvl")
    assert found.name == "small.uvl"
    assert found.uncounted == frozenset()
    assert chosen_sets(found.model) == sets("R A", "R B")
    assert [rule.id for rule in found.model.rules][-2:] == ["line-18", "line-21"]


def test_spaces_and_tabs_give_the_same_model() -> None:
    tree = "R\n\toptional\n\t\tA\n\t\t\tmandatory\n\t\t\t\tB\n\tmandatory\n\t\tC"
    with_tabs, with_spaces = indent(tree, "\t"), indent(tree, "\t").replace("\t", "   ")
    assert chosen_sets(uvl(with_tabs)) == chosen_sets(uvl(with_spaces)) == sets("R C", "R A B C")


def test_words_of_the_language_are_names_in_quotes() -> None:
    tree = '\t"features"\n\t\tor\n\t\t\t"or"\n\t\t\t"a => (b)"\n\t\t\t"[1..2]"\n\t\t\tInteger'
    assert chosen_sets(uvl(tree, '\t"or" => "a => (b)"\n\t!"[1..2]" & !Integer')) == {
        frozenset({"features", "a => (b)"}),
        frozenset({"features", "or", "a => (b)"}),
    }


def test_a_model_without_any_design_can_be_read() -> None:
    assert count(uvl("\tR\n\t\toptional\n\t\t\tA", "\t!R")) == 0


def test_long_lines_are_read_flat() -> None:
    children = "\n".join(f"\t\t\tF{n} {{w 1}}" for n in range(2000))
    literals = " | ".join(f"!F{n}" for n in range(2000))
    model = uvl(f"\tR\n\t\toptional\n{children}", f"\t{literals}\n\tsum(w) <= 1999")
    design: dict[str, ChoiceValue] = {feature.id: "true" for feature in model.features}
    assert violations(model, design) == ("line-2005", "line-2006")
    assert violations(model, {**design, "F7": "false"}) == ()
