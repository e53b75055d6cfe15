"""Models for commands without a database: folders and files, and what is wrong with them."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cosmo.lib.documents import CatalogueInvalid
from cosmo.lib.errors import DomainError, Invalid
from design.model_files import load_model
from tests.design.small_files import LIGHTS, OFFER, SWITCHES, write_offer

CATALOGUE = Path(__file__).parents[2] / "catalogue"
PRODUCTS = ["bicycle-frame", "refrigerator", "shelf"]


@pytest.mark.parametrize("name", PRODUCTS)
def test_our_own_products_are_read_from_their_folders(name: str) -> None:
    loaded = load_model(CATALOGUE / name)
    assert loaded.name == name
    assert loaded.document is not None
    assert loaded.document["product"] == name
    assert loaded.uncounted == ()
    assert loaded.model.features


def test_an_offer_is_read_by_folder_and_by_file(tmp_path: Path) -> None:
    write_offer(tmp_path)
    by_folder, by_file = load_model(tmp_path), load_model(tmp_path / "offer.yaml")
    assert (by_folder.name, by_file.name) == (tmp_path.name, "offer.yaml")
    assert by_folder.model.features == by_file.model.features


def test_the_folder_one_is_in_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_offer(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load_model(Path(".")).name == tmp_path.name


def test_features_that_no_clause_names_are_not_counted(tmp_path: Path) -> None:
    file = tmp_path / "switches.dimacs"
    file.write_text(SWITCHES)
    loaded = load_model(file)
    assert loaded.name == "switches.dimacs"
    assert loaded.document is None
    assert loaded.uncounted == ("loose",)
    assert list(loaded.model.by_id) == ["power", "light", "dimmer", "loose"]


def test_a_feature_model_of_another_tool_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lights.uvl"
    file.write_text(LIGHTS)
    assert list(load_model(file).model.by_id) == ["lamp", "power", "warm", "cold", "dimmer"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nowhere.uvl", None, "no_model"),
        ("picture.png", b"\x89PNG", "unknown_format"),
        ("latin.uvl", b"features\n    l\xe4mp", "not_utf8"),
        ("empty.dimacs", b"", None),
        ("empty.uvl", b"", None),
        ("cut.dimacs", b"p cnf 2 2\n1 2", None),
    ],
)
def test_files_that_are_no_model_are_refused(
    name: str, content: bytes | None, code: str | None, tmp_path: Path
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DomainError) as raised:
        load_model(file)
    assert code is None or raised.value.code == code
    for command in ("configure", "bench_configurator"):
        clicks = ["--clicks", str(tmp_path)] if command == "configure" else []
        with pytest.raises(CommandError):
            call_command(command, str(file), *clicks)


def test_a_folder_without_an_offer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as raised:
        load_model(tmp_path)
    assert raised.value.code == "no_model"


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("wood == 'ash' and height", "wood == 'elm' and height", "offer.yaml:30"),
        ("kind: multi, min: 2", "kind: multi, min: 4", "offer.yaml:12"),
        ("currency: EUR", "currency: [EUR", "offer.yaml"),
        ("height <= 12 * width", "height <= 2 * width", "offer.yaml:32"),
    ],
)
def test_faults_of_an_offer_are_told_with_their_place(
    right: str, wrong: str, place: str, tmp_path: Path
) -> None:
    assert right in OFFER
    write_offer(tmp_path, OFFER.replace(right, wrong))
    with pytest.raises(CatalogueInvalid) as raised:
        load_model(tmp_path)
    assert place in str(raised.value.problems[0])


TIMES = ["asked", "p50_ms", "p95_ms", "max_ms"]


def test_the_bench_writes_a_line_for_each_model(tmp_path: Path) -> None:
    folder = tmp_path / "stool"
    folder.mkdir()
    write_offer(folder)
    switches = tmp_path / "switches.dimacs"
    switches.write_text(SWITCHES)
    out = io.StringIO()
    options = ["--sessions", "1", "--clicks", "3", "--seed", "4", "--json"]
    call_command("bench_configurator", str(folder), str(switches), *options, stdout=out)
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["model"], second["model"]) == ("stool", "switches.dimacs")
    assert first["values"] == 3 + 4 + 10 + 501 + 161 + 2 + 2 + 3
    assert first["variables"] == 3 + 4 + 10 + 500 + 160 + 1 + 1 + 3
    assert (second["values"], second["variables"]) == (8, 4)
    assert (first["rules"], second["rules"]) == (5, 2)
    for line in (first, second):
        assert line["engine"] == "diagram"
        assert line["nodes"] > 0
        assert 1 <= line["clicks"] <= 3
        assert line["memory_mb"] >= 0
        assert 0 <= line["encode_seconds"] <= line["compile_seconds"]
        assert [line[key] is not None for key in TIMES[1:]] == [True] * 3
        assert line["cheapest"].pop("by") == "diagram"
        for question in ("conflict", "repair", "cheapest", "plain_sat"):
            assert list(line[question]) == TIMES
            assert line[question]["asked"] <= line["clicks"]
        assert line["cheapest"]["asked"] == line["clicks"]
        assert line["conflict"]["asked"] == line["repair"]["asked"]
        ratio = line["ratio_to_plain_sat"]
        assert (ratio is None) is (line["plain_sat"]["asked"] == 0)


def test_the_bench_measures_without_a_diagram_too(tmp_path: Path) -> None:
    write_offer(tmp_path)
    out = io.StringIO()
    options = ["--sessions", "1", "--clicks", "3", "--seconds", "0"]
    call_command("bench_configurator", str(tmp_path), *options, stdout=out)
    line = json.loads(out.getvalue())
    assert (line["engine"], line["nodes"]) == ("sat", None)
    assert line["cheapest"]["by"] == "cp-sat"
    assert line["cheapest"]["asked"] == min(line["clicks"], 5)
    assert 1 <= line["clicks"] <= 3
