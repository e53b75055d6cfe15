"""The bicycle frame is as rich, as tight and as close to what people built as it claims to be."""

import csv
from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest

from cosmo.lib.documents import read_document
from design.rules import check_choices
from design.rules.loose import LooseRules
from design.rules.redundant import redundant_rules
from tests.catalogue.counting import features_in
from tests.catalogue.folders import Product, read_product

FOLDER = Path(__file__).parents[3] / "catalogue" / "bicycle-frame"
DESIGNS = Path(__file__).parents[4] / "shared" / "data" / "bike-designs" / "BIKED_reduced.csv"
# Parameter: the 1st and the 99th percentile of its column in the 4,512 published designs.
BUILT = {
    "stack": ("480", "655"),
    "head_angle": ("62", "78.5"),
    "seat_angle": ("60", "80"),
    "head_tube_length": ("70.743", "268.478"),
    "seat_tube_length": ("198.932", "709.424"),
    "down_tube_length": ("483.2538", "781.9149"),
    "chain_stay_length": ("315", "731.02"),
    "bottom_bracket_drop": ("-46.89", "100"),
    "top_tube_diameter": ("23.7", "54.9587"),
    "down_tube_diameter": ("28.6", "61.335"),
    "head_tube_diameter": ("30", "60"),
    "seat_tube_diameter": ("25.4", "45.623"),
    "chain_stay_diameter": ("16", "43.35"),
    "seat_stay_diameter": ("10", "25.4"),
    "bottom_bracket_diameter": ("34", "60"),
    "bottom_bracket_width": ("68", "100"),
    "top_joint_on_head": ("8.1", "67.834"),
    "down_joint_on_head": ("19.466", "85"),
    "top_joint_on_seat": ("10", "264.536"),
    "stay_joint_on_seat": ("11.3", "275"),
    "chain_stay_offset": ("5", "17.89"),
    "seat_stay_offset": ("4.11", "30"),
    "dropout_spacing": ("113.5", "148"),
}


@pytest.fixture(scope="module")
def frame() -> Product:
    return read_product(FOLDER)


# ---- how much can be chosen


def test_counts_of_features_options_and_rules(frame: Product) -> None:
    features = frame.offer["features"]
    options = sum(
        len(feature.get("options", ())) + bool(feature.get("optional")) for feature in features
    )
    assert (len(features), options, len(frame.offer["rules"])) == (43, 80, 78)
    assert {feature["kind"] for feature in features} == {"choice", "multi", "parameter", "text"}


def test_many_rules_tie_three_or_more_features(frame: Product) -> None:
    wide = [rule for rule in frame.offer["rules"] if len(features_in(rule)) >= 3]
    assert len(wide) == 44
    assert len(frozenset().union(*(features_in(rule) for rule in wide))) == 39


def test_no_rule_is_without_effect(frame: Product) -> None:
    assert redundant_rules(LooseRules(frame.engine.model)) == {}


def test_no_option_is_dead_and_every_limit_can_be_reached(frame: Product) -> None:
    domains = frame.engine.domains({})
    for feature in frame.engine.model.features:
        domain = domains[feature.id]
        if feature.is_scaled:
            assert (min(domain), max(domain)) == (feature.minimum, feature.maximum), feature.id
        else:
            assert set(domain) == set(feature.domain), feature.id


def test_presets_go_together_as_they_stand(frame: Product) -> None:
    for preset in frame.offer["presets"]:
        raw = {k: v if isinstance(v, list) else [str(v)] for k, v in preset["choices"].items()}
        assert frame.engine.is_valid(check_choices(frame.engine.model, raw)), preset["id"]


# ---- limits: what real people built, no wider


def test_limits_lie_between_the_1st_and_the_99th_percentile(frame: Product) -> None:
    parameters = {f["id"]: f for f in frame.offer["features"] if f["kind"] == "parameter"}
    assert set(parameters) == set(BUILT)
    for name, (low, high) in BUILT.items():
        first, last, step = (Decimal(str(parameters[name][key])) for key in ("min", "max", "step"))
        assert Decimal(low) <= first, name
        assert last <= Decimal(high), name
        assert last > Decimal(high) - step, name


@pytest.mark.skipif(not DESIGNS.exists(), reason="the published designs are not beside the project")
def test_percentiles_are_those_of_the_published_designs() -> None:
    mapping = read_document(FOLDER / "imports" / "biked.yaml").content
    column_of = {c["feature"]: c["column"] for c in mapping["columns"] if "feature" in c}
    with DESIGNS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name, (low, high) in BUILT.items():
        values = sorted(Decimal(row[column_of[name]]) for row in rows if row[column_of[name]])
        assert abs(percentile(values, 1) - Decimal(low)) < Decimal("0.001"), name
        assert abs(percentile(values, 99) - Decimal(high)) < Decimal("0.001"), name


def percentile(values: list[Decimal], percent: int) -> Decimal:
    """With straight lines between neighbours."""
    place = Decimal(len(values) - 1) * percent / 100
    low = int(place)
    return values[low] + (values[ceil(place)] - values[low]) * (place - low)


# ---- words


def test_languages_word_the_same_things(frame: Product) -> None:
    assert set(frame.texts) == {"en", "zh-hans", "ar"}
    english, chinese = (set(_paths(frame.texts[language])) for language in ("en", "zh-hans"))
    assert english == chinese


def _paths(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    return [one for key, inner in value.items() for one in _paths(inner, (*path, key))]
