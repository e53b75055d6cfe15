"""Breaks, maintenance, crews, ovens, places and mix rules in the plant's document."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import production
from cosmo.lib.expressions import Chosen, DocumentError
from production.engineering import EngineeringBook, PlantBook

from .documents import engineering, plant

SCHEMAS = Path(production.__file__).parent / "schemas"
MONDAY = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
WEEK = datetime(2027, 3, 8, 0, 0, tzinfo=UTC)


def whole_plant(**centre: Any) -> dict[str, Any]:
    document = plant()
    document["calendars"]["early"]["breaks"] = ["09:30-09:45", "12:00-12:30"]
    saw, paint, oven = document["work_centres"]
    saw |= {"crew": "sawyers", "place": "hall"}
    saw["resources"][0]["maintenance"] = [
        {"weekday": "mon", "at": "06:00-07:00"},
        {"from": "2027-03-02T10:00", "until": "2027-03-02T13:00"},
    ]
    paint["place"] = "annex"
    oven["resources"][0]["batch"] = True
    document["work_centres"].append(
        {
            "id": "sawyers",
            "names": {"en": "Sawyers"},
            "kind": "crew",
            "calendar": "early",
            "resources": [{"id": "sawyer", "lanes": 2}],
        }
    )
    document["transfer_min"] = {"other": 10, "pairs": {"hall>annex": 25}}
    line = document["lines"][0]
    line["work_centres"].append("sawyers")
    line["mix_rules"] = [
        {"id": "wide", "work_centre": "saw", "at_most": 1, "of": 3, "when": "width == 'w900'"}
    ]
    return document


def faults(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as refused:
        PlantBook.from_document(document)
    return [(".".join(map(str, one.path)), one.code) for one in refused.value.problems]


def test_the_whole_plant_is_read() -> None:
    document = whole_plant()
    schema = json.loads((SCHEMAS / "plant.schema.json").read_text())
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    book = PlantBook.from_document(document)
    assert book.calendars["early"].breaks == ((570, 585), (720, 750))
    assert book.longest_window_min("saw") == 210  # 06:00 to 09:30
    assert book.work_centres["sawyers"].is_crew
    assert book.work_centres["saw"].crew == "sawyers"
    assert book.work_centres["oven"].resources[0].batch
    ways = book.transfers
    assert [ways.minutes("hall", "annex"), ways.minutes("annex", "hall")] == [25, 10]
    assert ways.minutes("hall", "hall") == 0


def test_maintenance_comes_every_week_and_once() -> None:
    book = PlantBook.from_document(whole_plant())
    weekly, once = book.work_centres["saw"].resources[0].maintenance
    span: dict[str, Any] = {"zone": book.zone, "origin": MONDAY, "until": WEEK}
    assert weekly.windows(**span) == ((300, 360),)  # 06:00 in Berlin is 05:00 UTC
    assert once.windows(**span) == ((1440 + 540, 1440 + 720),)
    late = {**span, "origin": datetime(2027, 3, 2, 10, 0, tzinfo=UTC)}
    assert once.windows(**late) == ((0, 120),)


def test_who_counts_for_a_mix_rule_is_told_by_choices() -> None:
    (rule,) = PlantBook.from_document(whole_plant()).lines[0].mix_rules
    assert rule.counts({"width": Chosen("w900", {})})
    assert not rule.counts({"width": Chosen("w600", {})})
    assert not rule.counts({"height": 700})  # another product


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("calendars", "early", "breaks"), ["13:00-12:00"], "bad_break"),
        (("work_centres", 0, "crew"), "paint", "unknown_crew"),
        (("work_centres", 3, "crew"), "sawyers", "crew_of_crew"),
        (("lines", 0, "mix_rules", 0, "at_most"), 3, "bad_mix_rule"),
        (("lines", 0, "mix_rules", 0, "work_centre"), "sew", "unknown_work_centre"),
        (
            ("work_centres", 0, "resources", 0, "maintenance"),
            [{"from": "2027-03-02T10:00", "until": "2027-03-02T09:00"}],
            "bad_maintenance",
        ),
        (
            ("work_centres", 0, "resources", 0, "maintenance"),
            [{"from": "2027-02-30T10:00", "until": "2027-03-02T09:00"}],
            "bad_date",
        ),
    ],
)
def test_faults_of_meaning_are_found(path: tuple[Any, ...], value: object, fault: str) -> None:
    document = deepcopy(whole_plant())
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert [code for _, code in faults(document)] == [fault]


def test_an_expression_that_cannot_be_read_is_a_fault() -> None:
    document = whole_plant()
    document["lines"][0]["mix_rules"][0]["when"] = "width =="
    (fault,) = faults(document)
    assert fault[0] == "lines.0.mix_rules.0.when"


def test_a_crew_makes_nothing_by_itself() -> None:
    document = engineering()
    document["routing"][0]["work_centre"] = "sawyers"
    with pytest.raises(DocumentError) as refused:
        EngineeringBook.from_document(document, plant=PlantBook.from_document(whole_plant()))
    assert [one.code for one in refused.value.problems] == ["crew_cannot_make"]
