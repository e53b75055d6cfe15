"""``manage.py load_catalogue``: publishes once, changes nothing twice, refuses whole."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from design.models import Offer, Product, TextBundle
from production.models import Engineering, Plant
from tests.catalogue.folders import LAMP

pytestmark = pytest.mark.django_db
CATALOGUE = Path(__file__).parents[2] / "catalogue"


def load(folder: Path) -> str:
    output = StringIO()
    call_command("load_catalogue", str(folder), stdout=output)
    return output.getvalue().strip()


def rows() -> dict[str, int]:
    models = (Product, Offer, TextBundle, Engineering, Plant)
    return {model.__name__: model.objects.count() for model in models}


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    shutil.copytree(LAMP, tmp_path / "lamp")
    return tmp_path / "lamp"


def test_whole_catalogue_is_published() -> None:
    assert load(CATALOGUE).splitlines() == [
        "bicycle-frame at riverside: offer, texts, plant, engineering",
        "refrigerator at lakeside: offer, texts, plant, engineering",
        "shelf at riverside: offer, texts, engineering",
        "materials of lakeside: 13 changed",
        "materials of riverside: 13 changed",
    ]
    assert rows() == {"Product": 3, "Offer": 3, "TextBundle": 3, "Engineering": 3, "Plant": 2}


def test_folder_nobody_has_seen_stands_beside_the_refrigerator(lamp: Path) -> None:
    load(CATALOGUE)
    assert load(lamp) == "lamp at workshop: offer, texts, plant, engineering"
    assert rows() == {"Product": 4, "Offer": 4, "TextBundle": 4, "Engineering": 4, "Plant": 3}


def test_loading_again_changes_nothing(lamp: Path) -> None:
    load(lamp)
    before = rows()
    assert load(lamp) == "lamp at workshop: nothing changed"
    assert rows() == before


def test_comments_and_layout_publish_nothing(lamp: Path) -> None:
    load(lamp)
    before = rows()
    edit(lamp, "offer.yaml", "currency: EUR", "# as everywhere in the shop\ncurrency:   'EUR'")
    assert load(lamp) == "lamp at workshop: nothing changed"
    assert rows() == before


def test_corrected_word_mints_no_offer(lamp: Path) -> None:
    load(lamp)
    before = rows()
    edit(lamp, "texts/en.yaml", "Opal glass", "Opal  glass")
    assert load(lamp) == "lamp at workshop: texts"
    assert rows() == {**before, "TextBundle": 2}


def test_changed_duration_mints_no_offer(lamp: Path) -> None:
    load(lamp)
    before = rows()
    edit(lamp, "engineering.yaml", 'duration_min: "25"', 'duration_min: "24"')
    assert load(lamp) == "lamp at workshop: engineering"
    assert rows() == {**before, "Engineering": 2}


def test_fault_is_told_with_file_and_line_and_nothing_is_published(lamp: Path) -> None:
    edit(lamp, "offer.yaml", '"height <= 500"', '"hight <= 500"')
    with pytest.raises(CommandError, match=r"offer\.yaml:35:48: rules\.tall-glass\.then: 'hight'"):
        load(lamp)
    assert set(rows().values()) == {0}


def test_one_bad_folder_holds_back_all(tmp_path: Path) -> None:
    shutil.copytree(LAMP, tmp_path / "a-lamp")
    shutil.copytree(LAMP, tmp_path / "b-lamp")
    edit(tmp_path / "b-lamp", "plant.yaml", "Europe/Vienna", "Europe/Wien")
    with pytest.raises(CommandError, match="Europe/Wien"):
        load(tmp_path)
    assert set(rows().values()) == {0}
