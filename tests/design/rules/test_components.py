"""Components inside a product: flat features, structure, rules that hold where it is fitted."""

from itertools import product
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from design.rules import Engine, Model, answers, flat_document, violations
from tests.design.rules.documents import Document, choice, offer, parameter, several, writing

UNIT: Document = {
    "id": "unit", "group": "g", "kind": "component", "optional": True, "default": "none",
    "features": [
        {**choice("front", "push", "glass=40"), "group": "g"},
        {**parameter("rows", 2, 5, 1, default=3), "group": "g"},
        {**several("extras", "lock", "felt", least=1), "group": "g"},
        {**writing("label"), "group": "g"},
        {**choice("knob", "oak", optional=True), "group": "g"},
    ],
    "rules": [
        {"id": "A", "when": "front == 'glass'", "then": "rows <= 3"},
        {"id": "B", "always": "rows * 100 + 150 <= width"},
        {"id": "C", "table": {"features": ["front", "knob"],
                              "allowed": [["push", "oak"], ["push", "none"], ["glass", "none"]]}},
    ],
}  # fmt: skip


def _model(component: Document = UNIT) -> Model:
    return Model.from_document(offer([parameter("width", 300, 900, 50), component]))


def _brute_force(model: Model) -> int:
    domains = [
        ["", "x"] if feature.kind == "text" else list(answers(feature))
        for feature in model.features
    ]
    names = [feature.id for feature in model.features]
    return sum(
        not violations(model, dict(zip(names, values, strict=True))) for values in product(*domains)
    )


def test_features_are_known_by_the_component_and_stand_still_without_it() -> None:
    model = _model()
    assert [feature.id for feature in model.features] == [
        "width", "unit", "unit_front", "unit_rows", "unit_extras", "unit_label", "unit_knob",
    ]  # fmt: skip
    engine = Engine(model)
    found = engine.domains({"unit": "none"})
    assert set(found["unit_front"]) == {"none"}
    assert set(found["unit_rows"]) == {3}
    assert set(found["unit_extras"]) == set()
    assert set(found["unit_label"]) == {""}
    fitted = engine.domains({"unit": "fitted"})
    assert set(fitted["unit_front"]) == {"push", "glass"}
    assert set(fitted["width"]) == set(range(350, 901, 50))


def test_the_number_of_designs_is_that_of_trying_everything() -> None:
    model = _model()
    engine = Engine(model)
    diagram = engine.compile()
    assert diagram is not None
    engine.use(diagram)
    assert engine.count({}) == _brute_force(model) > 100


def test_rules_inside_are_named_with_the_component() -> None:
    engine = Engine(_model())
    conflict = engine.explain({"unit": "fitted", "unit_rows": 5}, "width", 600)
    assert conflict is not None
    assert conflict.rules == ("unit_B",)
    assert [choice.feature for choice in conflict.choices] == ["unit_rows"]


def test_a_fitted_component_starts_with_its_own_defaults() -> None:
    model = _model()
    design = Engine(model).complete({"unit": "fitted", "width": 900}, model.defaults)
    assert design["unit_front"] == "push"
    assert design["unit_extras"] == ("lock",)
    assert violations(model, design) == ()


def test_taking_the_component_away_names_what_it_takes_along() -> None:
    choices = {"unit_front": "glass", "unit": "none"}
    kept, dropped = Engine(_model()).keep_newest(choices)
    assert kept == {"unit": "none"}
    assert [choice.feature for choice in dropped] == ["unit_front"]


def test_structure_is_checked_without_the_solver_too() -> None:
    model = _model()
    wrong = {**model.defaults, "unit_front": "push"}
    assert violations(model, wrong) == ("unit.unit_front",)


def test_values_of_options_may_be_read_inside_without_asking_whether_it_is_fitted() -> None:
    unit: dict[str, Any] = {
        **UNIT,
        "features": [{**choice("front", "push=20", "glass=40"), "group": "g"}],
        "rules": [{"id": "A", "always": "front.mm * 10 + 100 <= width"}],
    }
    engine = Engine(_model(unit))
    assert set(engine.domains({"unit_front": "glass"})["width"]) == set(range(500, 901, 50))
    assert set(engine.domains({"unit": "none"})["width"]) == set(range(300, 901, 50))


def test_a_component_in_a_component() -> None:
    hinge = {**choice("hinge", "left", "right"), "group": "g"}
    inner = {**UNIT, "id": "lid", "optional": False, "default": "fitted", "features": [hinge]}
    inner["rules"] = []
    rule = {"id": "A", "never": "front == 'glass' and lid_hinge == 'left'"}
    front = {**choice("front", "push", "glass"), "group": "g"}
    outer = {**UNIT, "features": [front, inner], "rules": [rule]}
    model = _model(outer)
    assert [feature.id for feature in model.features][1:] == [
        "unit", "unit_front", "unit_lid", "unit_lid_hinge",
    ]  # fmt: skip
    engine = Engine(model)
    assert set(engine.domains({"unit": "none"})["unit_lid_hinge"]) == {"none"}
    assert set(engine.domains({"unit": "fitted"})["unit_lid"]) == {"fitted"}


def test_a_document_without_components_is_itself() -> None:
    document = offer([choice("a", "x", "y")])
    assert flat_document(document) is document


def test_faults_inside_a_component_have_their_place() -> None:
    broken = {**UNIT, "rules": [{"id": "A", "always": "fronts == 'push'"}]}
    with pytest.raises(DocumentError) as raised:
        _model(broken)
    assert raised.value.problems[0].path == ("features", 1, "rules", 0, "always")
