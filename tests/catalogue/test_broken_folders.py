"""Whatever is wrong in a product folder is told with file, line, value and advice.

Each case of ``broken.yaml`` changes the lamp, a small product that is valid as it stands.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

from cosmo.lib.documents import CatalogueInvalid, PlacedProblem, read_document
from production.folder import read_product_folder
from tests.catalogue.folders import LAMP

OFFER, WORK, EN = "offer.yaml", "engineering.yaml", "texts/en.yaml"
CASES: dict[str, dict[str, Any]] = {
    case["name"]: case
    for case in read_document(Path(__file__).parent / "broken.yaml").content["cases"]
}


def spoil(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of the lamp with one change, and the line where it stands."""
    folder = tmp_path / "lamp"
    shutil.copytree(LAMP, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder, text[: text.index(old)].count("\n") + 1


def problems_of(folder: Path) -> tuple[PlacedProblem, ...]:
    with pytest.raises(CatalogueInvalid) as caught:
        read_product_folder(folder)
    return caught.value.problems


@pytest.mark.parametrize("name", CASES)
def test_fault_is_told_with_file_and_line(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    file = case["file"]
    folder, line = spoil(tmp_path, file, case["old"], case["new"])
    if "at" in case:
        file, start = case["at"]
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        line = next(n for n, text in enumerate(lines, 1) if text.strip().startswith(start))
    problems = problems_of(folder)
    told = [
        (str(Path(problem.file).relative_to(folder)), problem.place.line)
        for problem in problems
        if problem.code == case["code"] and case["say"] in problem.sentence
    ]
    assert (file, line) in told
    for problem in problems:  # also those that follow from the first are sentences of ours
        assert problem.sentence[0].isupper() or problem.sentence[0] in "'0123456789"
        assert problem.sentence.endswith((".", "?", "`)"))
        assert str(problem).startswith(f"{problem.file}:{problem.place.line}:")


def test_lamp_is_valid_as_it_stands() -> None:
    folder = read_product_folder(LAMP)
    assert set(folder.texts) == {"en", "zh-hans"}
    assert folder.plant is not None


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    folder, _ = spoil(tmp_path, OFFER, "9521234500025", "9521234500020")
    for file, old, new in [(EN, "language: en", "language: fr"), (WORK, '"25"', '"25 +"')]:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    codes = {problem.code for problem in problems_of(folder)}
    assert {"bad_check_digit", "wrong_language"} <= codes


def test_missing_files_are_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    problems = problems_of(tmp_path / "empty")
    assert {(Path(p.file).name, p.code) for p in problems} == {
        ("offer.yaml", "file_unreadable"),
        ("engineering.yaml", "file_unreadable"),
        ("en.yaml", "file_unreadable"),
    }


def test_plant_known_already_needs_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "lamp"
    shutil.copytree(LAMP, folder)
    known = read_product_folder(folder).plant
    assert known is not None
    (folder / "plant.yaml").unlink()
    assert [problem.code for problem in problems_of(folder)] == ["unknown_plant"]
    assert read_product_folder(folder, known_plants={"workshop": known.content}).plant is None
