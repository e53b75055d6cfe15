"""Planted conflicts of several choices, ties between repairs, and what cannot be repaired."""

import random
from itertools import combinations

import pytest
from pysat.solvers import Glucose4

from design.rules import Choice, Conflict, Contradiction, Engine, Model, TextNeeded
from design.rules.explanation import MANY
from tests.design.rules.documents import Document, choice, offer, parameter, several, writing


def _engine(features: list[Document], *rules: Document) -> Engine:
    return Engine(Model.from_document(offer(features, *rules)))


def _pairs(count: int) -> list[Document]:
    return [choice(f"f{n}", "a", "b") for n in range(count)]


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_a_conflict_of_several_choices_names_exactly_those(size: int) -> None:
    forbidden = " and ".join(f"f{n} == 'b'" for n in range(size))
    decoys = [{"never": f"f{n} == 'b' and f{n + 1} == 'b' and f9 == 'b'"} for n in range(size)]
    engine = _engine(_pairs(10), *decoys, {"id": "planted", "never": forbidden})
    names = [f"f{n}" for n in range(1, size)]
    random.Random(size).shuffle(names)
    choices = {"f7": "b", **dict.fromkeys(names, "b"), "f8": "a"}
    expected = Conflict(tuple(Choice(name, "b") for name in names), ("planted",))
    assert engine.explain(choices, "f0", "b") == expected
    assert engine.domains(choices)["f0"] == frozenset({"a"})
    assert engine.domains({**choices, names[0]: "a"})["f0"] == frozenset({"a", "b"})


def test_a_chain_of_rules_is_named_in_full_with_its_one_choice() -> None:
    links = [{"when": f"f{n} == 'b'", "then": f"f{n + 1} == 'b'"} for n in range(5)]
    engine = _engine(_pairs(7), *links, {"never": "f6 == 'b' and f0 == 'b'"})
    conflict = engine.explain({"f6": "a", "f0": "b"}, "f5", "a")
    assert conflict == Conflict((Choice("f0", "b"),), ("R1", "R2", "R3", "R4", "R5"))


def _of_many_rules() -> Engine:
    """Options that forbid each other at random, so many that propagation does not see it all."""
    rng = random.Random(7)
    pairs = combinations([(n, option) for n in range(12) for option in "abc"], 2)
    rules = [
        {"id": f"R{n}", "never": f"f{a} == '{x}' and f{b} == '{y}'"}
        for n, ((a, x), (b, y)) in enumerate(
            (one, other) for one, other in pairs if one[0] != other[0] and rng.random() < 0.2
        )
    ]
    features = [choice(f"f{n}", "z", "a", "b", "c") for n in range(12)]
    for n in range(12):
        others = " and ".join(f"f{m % 12} != 'z'" for m in range(n + 1, n + 9))
        rules.append({"id": f"needs-{n}", "when": f"f{n} == 'a'", "then": others})
    return _engine(features, *rules)


def test_of_very_many_rules_a_minimal_few_are_named_whatever_was_asked_before() -> None:
    engine = _of_many_rules()
    encoding = engine.encoding
    assert len(encoding.rules) > MANY
    plain = Glucose4(bootstrap_with=encoding.clauses)
    questions = [(f"f{n}", o) for n in range(12) for o in engine.model.by_id[f"f{n}"].option_ids]
    found = {}
    for choices in ({}, {"f0": "a"}, {"f0": "b", "f3": "c"}):
        for feature, option in questions:
            conflict = None if feature in choices else engine.explain(choices, feature, option)
            if conflict is not None:
                found[str(choices), feature, option] = (choices, conflict)
    assert len(found) >= 12
    for (_, feature, option), (choices, conflict) in reversed(found.items()):
        units = [encoding.literal(engine.model.by_id[feature], option)]
        units += [
            encoding.literal(engine.model.by_id[c.feature], c.option) for c in conflict.choices
        ]
        rules = [encoding.rules[name] for name in conflict.rules]
        assert not plain.solve([*units, *rules])
        assert all(plain.solve([*units, *(r for r in rules if r != left)]) for left in rules)
        assert Engine(engine.model).explain(choices, feature, option) == conflict
    assert max(len(conflict.rules) for _, conflict in found.values()) == 25


def test_a_dead_option_is_explained_without_choices() -> None:
    engine = _engine(_pairs(2), {"never": "f0 == 'b'"})
    assert engine.explain({"f1": "b"}, "f0", "b") == Conflict((), ("R1",))
    assert engine.domains({})["f0"] == frozenset({"a"})


def test_an_open_option_has_no_conflict() -> None:
    engine = _engine(_pairs(2), {"never": "f0 == 'b' and f1 == 'b'"})
    assert engine.explain({}, "f0", "b") is None
    assert engine.explain_choices({"f0": "b"}) is None


def test_the_limit_of_a_feature_is_explained_by_the_options_it_holds() -> None:
    engine = _engine([several("inside", "wine", "ice", "herbs", most=2)])
    conflict = engine.explain({"inside": ("wine", "ice")}, "inside", "herbs")
    assert conflict == Conflict((Choice("inside", "wine"), Choice("inside", "ice")), ())


def test_an_option_that_was_left_out_is_named_as_left_out() -> None:
    engine = _engine(
        [choice("mode", "plain", "cellar"), several("inside", "wine", "ice")],
        {"when": "mode == 'cellar'", "then": "'wine' in inside"},
    )
    conflict = engine.explain({"inside": ("ice",)}, "mode", "cellar")
    assert conflict == Conflict((Choice("inside", "wine", is_chosen=False),), ("R1",))
    kept, dropped = engine.keep_newest({"inside": ("ice",), "mode": "cellar"})
    assert kept == {"inside": ("ice", "wine"), "mode": "cellar"}
    assert dropped == (Choice("inside", "wine", is_chosen=False),)


def test_among_equally_few_the_older_choice_gives_way() -> None:
    engine = _engine(_pairs(3), {"never": "f0 == 'b' and f1 == 'b' and f2 == 'b'"})
    kept, dropped = engine.keep_newest({"f1": "b", "f0": "b", "f2": "b"})
    assert (kept, dropped) == ({"f0": "b", "f2": "b"}, (Choice("f1", "b"),))


def test_one_newer_choice_gives_way_rather_than_two_older() -> None:
    engine = _engine(
        _pairs(4), {"never": "f0 == 'b' and f2 == 'b'"}, {"never": "f1 == 'b' and f2 == 'b'"},
        {"when": "f3 == 'b'", "then": "f2 == 'b' or (f0 == 'a' and f1 == 'a')"},
    )  # fmt: skip
    kept, dropped = engine.keep_newest({"f0": "b", "f1": "b", "f2": "a", "f3": "b"})
    assert dropped == (Choice("f0", "b"), Choice("f1", "b"))
    assert kept == {"f2": "a", "f3": "b"}
    kept, dropped = engine.keep_newest({"f0": "b", "f1": "b", "f2": "b"})
    assert dropped == (Choice("f0", "b"), Choice("f1", "b"))
    kept, dropped = engine.keep_newest({"f2": "b", "f0": "b", "f1": "b"})
    assert dropped == (Choice("f2", "b"),)


def test_the_newest_option_of_a_full_feature_pushes_out_another() -> None:
    engine = _engine(
        [several("inside", "wine", "ice", "herbs")],
        {"never": "'wine' in inside and 'ice' in inside"},
    )
    kept, dropped = engine.keep_newest({"inside": ("wine", "herbs", "ice")})
    assert (kept, dropped) == ({"inside": ("herbs", "ice")}, (Choice("inside", "wine"),))


def test_the_newest_option_stands_even_if_two_others_have_to_go() -> None:
    engine = _engine(
        [several("inside", "wine", "ice", "herbs")],
        {"never": "'wine' in inside and 'ice' in inside"},
        {"never": "'herbs' in inside and 'ice' in inside"},
    )
    kept, dropped = engine.keep_newest({"inside": ("wine", "herbs", "ice")})
    assert kept == {"inside": ("ice",)}
    assert dropped == (Choice("inside", "wine"), Choice("inside", "herbs"))


def test_of_two_pairs_the_one_whose_newer_choice_is_older_gives_way() -> None:
    pairs = (("f0", "f3"), ("f1", "f2"))
    kept = [f"{one} == 'b' and {other} == 'b'" for one, other in pairs]
    engine = _engine(_pairs(5), {"when": "f4 == 'b'", "then": f"({kept[0]}) or ({kept[1]})"})
    choices = {**dict.fromkeys(("f0", "f1", "f2", "f3"), "a"), "f4": "b"}
    assert engine.keep_newest(choices)[1] == (Choice("f1", "a"), Choice("f2", "a"))


def test_an_impossible_newest_choice_is_taken_back_itself() -> None:
    engine = _engine(_pairs(2), {"never": "f0 == 'b'"})
    assert engine.keep_newest({"f1": "b", "f0": "b"}) == ({"f1": "b"}, (Choice("f0", "b"),))


def test_choices_that_agree_stay_as_they_are() -> None:
    engine = _engine(_pairs(2))
    assert engine.keep_newest({"f1": "b", "f0": "b"}) == ({"f1": "b", "f0": "b"}, ())
    assert engine.keep_newest({}) == ({}, ())


def test_contradicting_choices_complete_to_nothing_and_offer_only_what_mends_them() -> None:
    engine = _engine(_pairs(3), {"never": "f0 == 'b' and f1 == 'b'"})
    choices = {"f0": "b", "f1": "b"}
    with pytest.raises(Contradiction) as raised:
        engine.complete(choices)
    assert raised.value.code == "choices_conflict"
    assert engine.domains(choices) == {"f0": {"a"}, "f1": {"a"}, "f2": frozenset()}


def test_a_parameter_moves_to_the_nearest_step_that_fits() -> None:
    engine = _engine(
        [parameter("height", 1500, 2000, 50, 1850), choice("width", "w70=700", "w60=600")],
        {"when": "width.mm <= 600", "then": "height <= 1700"},
    )
    assert engine.complete({"width": "w60"})["height"] == 1700
    assert engine.complete({"width": "w60"}, {"height": 1600, "width": "w70"})["height"] == 1600
    assert engine.domains({"width": "w60"})["height"] == frozenset(range(1500, 1701, 50))


def test_a_text_that_rules_demand_is_asked_for_and_never_invented() -> None:
    engine = _engine(
        [choice("engraving", "none_at_all", "front"), writing("words")],
        {"when": "engraving == 'front'", "then": "words != ''"},
    )
    assert engine.domains({"engraving": "front"})["words"] == frozenset({"*"})
    with pytest.raises(TextNeeded, match="'words'"):
        engine.complete({"engraving": "front"})
    assert engine.complete({"engraving": "front", "words": "Anna"})["words"] == "Anna"
    assert engine.complete({"engraving": "front"}, {"words": "Li"})["words"] == "Li"
