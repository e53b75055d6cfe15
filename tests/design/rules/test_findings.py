"""What is found about the rules is what brute force finds: all of it and nothing else."""

from typing import Any

from design.rules import ANY_TEXT, Model
from design.rules.findings import Finding, findings
from tests.design.rules.documents import choice, offer, parameter, several, writing
from tests.design.rules.oracle import FILLED, Oracle, Single, answers, option_ids
from tests.design.rules.random_models import random_document

SEEDS = range(150)


def found_in(document: dict[str, Any]) -> tuple[Finding, ...]:
    return findings(Model.from_document(document))


def singles_of(feature: dict[str, Any], is_chosen: bool) -> list[Single]:
    values = option_ids(feature) if feature["kind"] == "multi" else answers(feature)
    return [(feature["id"], value, is_chosen) for value in values]


def shown(value: Any) -> Any:
    return ANY_TEXT if value == FILLED else value


def is_minimal_cause(oracle: Oracle, singles: list[Single], rules: tuple[str, ...]) -> bool:
    """The rules forbid it, and without any one of them it is possible."""
    without = [[other for other in rules if other != rule] for rule in rules]
    return not oracle.possible(singles, rules) and all(
        oracle.possible(singles, fewer) for fewer in without
    )


def test_dead_options_are_those_of_brute_force_and_each_cause_is_minimal() -> None:
    seen = 0
    for seed in SEEDS:
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        told = {
            (f.feature, f.option): f.rules for f in found_in(document) if f.code == "dead_option"
        }
        dead = {
            (single[0], shown(single[1])): single
            for feature in document["features"]
            for single in singles_of(feature, is_chosen=True)
            if not oracle.possible([single])
        }
        assert set(told) == set(dead), seed
        for key, rules in told.items():
            assert is_minimal_cause(oracle, [dead[key]], rules), (seed, key)
        seen += len(dead)
    assert seen > 100


def test_only_options_are_those_of_brute_force_and_each_cause_is_minimal() -> None:
    seen = 0
    for seed in SEEDS:
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        told = {
            (f.feature, f.option): f.rules for f in found_in(document) if f.code == "only_option"
        }
        for feature in document["features"]:
            if feature["kind"] == "multi":
                always = {
                    (name, option): [(name, option, False)]
                    for name, option, _ in singles_of(feature, is_chosen=True)
                    if all(option in design[name] for design in oracle.valid)
                }
            else:
                values = {design[feature["id"]] for design in oracle.valid}
                always = {
                    (feature["id"], shown(value)): []
                    for value in values
                    if len(values) == 1 and value != ""
                }
            assert {key for key in told if key[0] == feature["id"]} == set(always), seed
            for key, singles in always.items():
                assert every_design_has(oracle, feature, key[1], told[key])
                for rule in told[key]:
                    fewer = [other for other in told[key] if other != rule]
                    assert not every_design_has(oracle, feature, key[1], fewer), singles
            seen += len(always)
    assert seen > 20


def every_design_has(oracle: Oracle, feature: dict[str, Any], option: Any, rules: Any) -> bool:
    if feature["kind"] == "multi":
        return not oracle.possible([(feature["id"], option, False)], list(rules))
    others = [single for single in singles_of(feature, True) if shown(single[1]) != option]
    return not any(oracle.possible([single], list(rules)) for single in others)


def test_redundant_rules_are_those_of_brute_force_and_the_others_imply_them() -> None:
    seen = 0
    for seed in SEEDS:
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        told = {f.rule: f.rules for f in found_in(document) if f.code == "redundant_rule"}
        silent = {
            rule for rule in oracle.rules if not any(broken == {rule} for _, broken in oracle.all)
        }
        assert set(told) == silent, seed
        for rule, others in told.items():
            assert rule not in others
            assert implies(oracle, others, rule), (seed, rule)
            for other in others:
                assert not implies(oracle, [o for o in others if o != other], rule), (seed, rule)
        seen += len(silent)
    assert seen > 50


def implies(oracle: Oracle, rules: Any, rule: str) -> bool:
    return not any(rule in broken and not broken & set(rules) for _, broken in oracle.all)


def test_planted_contradictions_are_found_as_minimal_sets_without_a_rule_in_common() -> None:
    features = [choice(f"f{n}", "a", "b") for n in range(6)]
    rules: list[dict[str, Any]] = [
        {"always": "f0 == 'a'"},
        {"when": "f0 == 'a'", "then": "f1 == 'b'"},
        {"never": "f1 == 'b'"},
        {"always": "f4 == 'a' or f5 == 'a'"},
        {"always": "f2 == 'b' and f3 == 'b'"},
        {"never": "f2 == 'b'"},
    ]
    model = Model.from_document(offer(features, *rules), defaults_hold=False)
    found = findings(model)
    assert {finding.code for finding in found} == {"void_model"}
    assert sorted(finding.rules for finding in found) == [("R1", "R2", "R3"), ("R5", "R6")]


def test_a_void_model_of_brute_force_is_void_and_no_other() -> None:
    """Random rules on top of one another until nothing is left."""
    void = 0
    for seed in range(120):
        document = random_document_of_any_kind(seed)
        oracle = Oracle(document)
        found = findings(Model.from_document(document, defaults_hold=False))
        told = [finding.rules for finding in found if finding.code == "void_model"]
        assert bool(told) is not bool(oracle.valid), seed
        for rules in told:
            assert is_minimal_cause(oracle, [], rules), seed
        assert len({rule for rules in told for rule in rules}) == sum(map(len, told))
        rest = [rule for rule in oracle.rules if all(rule not in rules for rules in told)]
        assert oracle.possible([], rest)
        void += bool(told)
    assert 20 < void < 110


def random_document_of_any_kind(seed: int) -> dict[str, Any]:
    """A random document with some of its rules turned round, so that many have no design."""
    at = 10_000 + 3 * seed
    while (planted := random_document(at)) is None:
        at += 1
    document, _ = planted
    turned = [
        {"id": f"{rule['id']}x", "always": rule["never"]}
        for rule in document["rules"]
        if "never" in rule
    ]
    features = document["features"]
    single = next(f for f in features if f["kind"] == "choice")
    pinned = {"id": "pin", "always": f"{single['id']} == '{option_ids(single)[0]}'"}
    if seed % 3 == 0:
        turned.append({"id": "out", "never": pinned["always"]})
    return {**document, "rules": [*document["rules"], *turned, pinned]}


def test_every_kind_of_question_can_have_only_one_answer() -> None:
    document = offer(
        [
            choice("colour", "red", "blue"),
            several("extras", "bulb", "clip", least=1, most=2),
            parameter("height", 100, 300, 100),
            writing("text"),
        ],
        {"never": "colour == 'blue'"},
        {"always": "'bulb' in extras"},
        {"never": "height > 100"},
        {"always": "text == ''"},
    )
    found = found_in(document)
    only = [(f.feature, f.option, f.rules) for f in found if f.code == "only_option"]
    assert only == [
        ("colour", "red", ("R1",)),
        ("extras", "bulb", ("R2",)),
        ("height", 100, ("R3",)),
    ]
    dead = [(f.feature, f.option, f.rules) for f in found if f.code == "dead_option"]
    assert dead == [
        ("colour", "blue", ("R1",)),
        ("height", 200, ("R3",)),
        ("height", 300, ("R3",)),
        ("text", ANY_TEXT, ("R4",)),
    ]
    assert [f for f in found if f.code == "redundant_rule"] == []


def test_progress_goes_up_one_by_one_to_its_end() -> None:
    document = offer([choice("a", "x", "y"), choice("b", "x", "y")], {"never": "a == 'y'"})
    steps: list[tuple[int, int]] = []
    findings(Model.from_document(document), lambda done, of: steps.append((done, of)))
    assert steps == [(done, 6) for done in range(1, 7)]


def test_a_clean_model_has_no_findings() -> None:
    document = offer(
        [choice("a", "x", "y"), choice("b", "x", "y")],
        {"never": "a == 'y' and b == 'y'"},
    )
    assert found_in(document) == ()


def test_a_parameter_of_many_values_is_told_in_runs() -> None:
    """110 values: both ends and a hole are dead; each run is forbidden by its own rule."""
    document = offer(
        [parameter("length", 0, 1090, 10, default=500), choice("kind", "a", "b")],
        {"always": "length >= 30"},
        {"never": "length > 1000"},
        {"never": "200 <= length <= 250 and kind == 'a'"},
        {"never": "200 <= length <= 230 and kind == 'b'"},
    )
    found = [f for f in found_in(document) if f.code == "dead_option"]
    assert [(f.option, f.until, f.rules) for f in found] == [
        (0, 20, ("R1",)),
        (200, 230, ("R3", "R4")),
        (1010, 1090, ("R2",)),
    ]


def test_a_parameter_of_many_values_may_have_only_one() -> None:
    document = offer(
        [parameter("length", 0, 1090, 10, default=500)],
        {"always": "length >= 500"},
        {"never": "length > 500"},
        {"never": "length > 700"},
    )
    [only] = [f for f in found_in(document) if f.code == "only_option"]
    assert (only.option, only.rules) == (500, ("R1", "R2"))
    assert [f.rule for f in found_in(document) if f.code == "redundant_rule"] == ["R3"]
