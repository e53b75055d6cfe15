"""The 4,512 published bicycle frames: the impossible ones, and a sample of all."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from design.import_folder import read_mapping
from design.importing import Importer, Outcome, Row, read_table
from design.rules import violations
from tests.catalogue.folders import read_product

ROOT = Path(__file__).parents[3]
FILE = ROOT.parent / "shared" / "data" / "bike-designs" / "BIKED_reduced.csv"
FOLDER = ROOT / "catalogue" / "bicycle-frame"
SAMPLE = 25  # every 25th row
pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the published designs are not beside the project"
)
LENGTHS = (
    "CS textfield", "Stack", "Head tube length textfield", "Seat tube length", "DT Length",
    "BB diameter", "ttd", "Head tube diameter", "dtd", "csd", "ssd", "Seat tube diameter",
    "BB length",
)  # fmt: skip


@cache
def rows() -> tuple[Row, ...]:
    mapping = read_mapping(FOLDER / "imports" / "biked.yaml", read_product(FOLDER).engine.model)
    return read_table(FILE.read_bytes(), mapping).rows


@cache
def importer() -> Importer:
    engine = read_product(FOLDER).engine
    return Importer(engine, read_mapping(FOLDER / "imports" / "biked.yaml", engine.model))


def test_file_is_the_published_one() -> None:
    with FILE.open(newline="", encoding="utf-8") as file:
        assert sum(1 for _ in csv.reader(file)) == 4513
    assert len(rows()) == 4512


def test_every_frame_with_a_length_of_zero_or_less_is_refused() -> None:
    impossible = [
        row for row in rows() if any(float(row.cells[name] or 1) <= 0 for name in LENGTHS)
    ]
    assert len(impossible) == 37
    assert {importer().outcome(row).kind for row in impossible} == {"refused"}


def test_most_of_a_sample_comes_to_designs_that_keep_every_rule() -> None:
    outcomes: list[Outcome] = [importer().outcome(row) for row in rows()[::SAMPLE]]
    totals = Counter(one.kind for one in outcomes)
    assert totals["accepted"] + totals["repaired"] >= 0.7 * len(outcomes)
    model = read_product(FOLDER).engine.model
    for one in outcomes:
        if one.selection is not None:
            assert violations(model, one.selection) == ()
            assert all(change.relative < 0.1 for change in one.repaired)
            assert len(one.repaired) <= 3
