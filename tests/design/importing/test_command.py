"""``manage.py import_designs``: each row once, whole files or nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cosmo.accounts.models import Organisation
from design.compile import choices_from_json, compiled_offer
from design.models import Design, DesignRevision, ImportedDesign
from design.services.catalogue import publish_product
from tests.design.importing.stools import FILE, MAPPING, offer_document, texts

pytestmark = pytest.mark.django_db
NEW = 10
TOTALS = {"rows": 17, "accepted": 5, "repaired": 5, "refused": 7}


@pytest.fixture(autouse=True)
def stool() -> None:
    factory = Organisation.objects.create(name="Stools", slug="stools")
    publish_product(organisation=factory, offer_document=offer_document(), texts=texts())


def run(file: Path = FILE, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """The lines on stdout and all of stderr."""
    out, errors = StringIO(), StringIO()
    fixed = ("--product", "stool", "--mapping", str(MAPPING), "--json")
    call_command("import_designs", str(file), *fixed, *arguments, stdout=out, stderr=errors)
    return [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue()


def test_a_line_for_each_row_and_then_the_totals() -> None:
    lines, errors = run()
    assert lines[-1] == TOTALS
    assert [line["row"] for line in lines[:-1]] == list(range(2, 19))
    assert "10 designs are new." in errors
    first = lines[0]
    assert (first["name"], first["outcome"], first["repaired"]) == ("1", "accepted", [])
    assert first["defaults"] == ["cushion", "rail"]
    assert lines[5]["repaired"] == [{"feature": "height", "from": 700, "to": 695, "percent": 0.71}]
    assert lines[10]["reason"]["values"] == {"height": "950"}
    assert "design" not in lines[10]


def test_designs_belong_to_nobody_and_remember_their_row() -> None:
    lines, _ = run()
    assert Design.objects.count() == DesignRevision.objects.count() == NEW
    origin = ImportedDesign.objects.get(design__code=lines[1]["design"])
    design = origin.design
    assert (design.owner, design.partner, design.name) == (None, None, "handmade 2")
    assert (origin.source, origin.row_name) == ("handmade", "2")
    assert origin.columns == {"Board": "30", "Maker": "Ida"}
    assert origin.changes["rounded"][2] == {"feature": "leg", "from": 30.25, "to": 30.5}
    revision = design.revisions.get()
    choices = choices_from_json(revision.choices)
    assert list(choices) == ["height", "seat", "leg", "wood"]
    assert compiled_offer(revision.offer).engine.is_valid(choices)


def test_second_run_says_the_same_and_makes_nothing() -> None:
    first, _ = run()
    second, errors = run()
    assert second == first
    assert "0 designs are new." in errors
    assert ImportedDesign.objects.count() == NEW


def test_only_the_rows_that_are_new_are_made(tmp_path: Path) -> None:
    run()
    longer = tmp_path / "longer.csv"
    longer.write_text(FILE.read_text() + "18,50,330,30,OAK,30,Ida\n", encoding="utf-8")
    lines, errors = run(longer)
    assert lines[-1] == {**TOTALS, "rows": 18, "accepted": 6}
    assert "1 designs are new." in errors
    assert Design.objects.count() == NEW + 1


def test_same_row_twice_in_a_file_is_one_design(tmp_path: Path) -> None:
    twice = tmp_path / "twice.csv"
    header, first, *_ = FILE.read_text().splitlines(keepends=True)
    twice.write_text(header + first + first, encoding="utf-8")
    lines, _ = run(twice)
    assert lines[0]["design"] == lines[1]["design"]
    assert Design.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("9,60,290", "9,60,NaN", ":10: Column 'Seat' holds 'NaN'"),
        ("9,60,290,30,OAK,30,Ida", "9,60", ":10: The row is too short"),
        ("Leg,Wood", "Wood", ":1: The header lacks 'Leg'"),
        ("9,60,290,30,OAK,30,Ida", "9,60,290,30,OAK,30,Jos\xe9", ":10: Byte 0xe9 is not UTF-8"),
    ],
)
def test_bad_file_is_refused_with_its_line_and_makes_nothing(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    bad = tmp_path / "bad.csv"
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    bad.write_text(text.replace(old, new), encoding="latin-1")
    with pytest.raises(CommandError, match="Nothing was imported") as refused:
        run(bad)
    assert f"{bad}{said}" in str(refused.value)
    assert Design.objects.count() == ImportedDesign.objects.count() == 0


def test_comparison_with_a_column_of_another_file(tmp_path: Path) -> None:
    marks = tmp_path / "marks.csv"
    rows = "".join(f"{name},{'bad' if name > 10 else 'good'}\n" for name in range(1, 17))
    marks.write_text("No,mark\n" + rows, encoding="utf-8")
    _, errors = run(FILE, "--compare", str(marks), "--compare-column", "mark")
    assert errors.splitlines()[-4:] == [
        "        mark  accepted  repaired   refused",
        "           -         0         0         1",
        "         bad         0         1         5",
        "        good         5         4         1",
    ]


def test_unknown_product_missing_file_and_missing_mapping_are_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No product 'throne' is published"):
        call_command("import_designs", str(FILE), "--product", "throne")
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="say with --mapping"):
        call_command("import_designs", str(FILE), "--product", "stool")


def test_a_file_that_is_not_there_is_told_before_anything_else(tmp_path: Path) -> None:
    missing = tmp_path / "gone.csv"
    with pytest.raises(CommandError, match=r"gone\.csv cannot be read"):
        call_command("import_designs", str(missing), "--product", "unknown")
    with pytest.raises(CommandError, match=r"gone\.csv cannot be read"):
        run(FILE, "--compare", str(missing))
    assert not Design.objects.exists()


def test_a_mapping_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"gone\.yaml"):
        run(FILE, "--mapping", str(tmp_path / "gone.yaml"))


def test_a_database_without_its_tables_is_told_in_a_sentence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE design_importeddesign RENAME TO gone")
    with pytest.raises(CommandError, match=r"run manage\.py migrate first") as told:
        run()
    assert "design_importeddesign" in str(told.value)
