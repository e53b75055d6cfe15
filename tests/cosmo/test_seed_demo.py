"""Seeding the demo twice: the same catalogue is not loaded again, a changed one is."""

from io import StringIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import call_command

from cosmo.management.commands.seed_demo import fingerprint
from design.models import Offer, Product, Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(tmp_path: Path, settings: Any) -> Path:
    """A copy of one product of our own, and an empty data folder."""
    copytree(settings.BASE_DIR / "catalogue" / "refrigerator", tmp_path / "catalogue/refrigerator")
    copytree(settings.BASE_DIR / "catalogue" / "plants", tmp_path / "catalogue/plants")
    settings.BASE_DIR = tmp_path
    settings.COSMO_DATA = tmp_path / "data"
    settings.COSMO_DATA.mkdir()
    return tmp_path / "catalogue"


def seed() -> str:
    told = StringIO()
    call_command("seed_demo", stdout=told)
    return told.getvalue()


def test_the_same_files_are_loaded_once(catalogue: Path) -> None:
    assert "refrigerator at lakeside: offer" in seed()
    assert "catalogue: loaded before" in seed()
    assert Publication.objects.count() == 1


def test_a_changed_file_is_loaded(catalogue: Path) -> None:
    seed()
    offer = catalogue / "refrigerator" / "offer.yaml"
    offer.write_text(offer.read_text().replace('base: "', 'base: "1'), encoding="utf-8")
    words = offer.read_text().split("\ntests:")[0]  # the tests name the old prices
    offer.write_text(words, encoding="utf-8")
    assert "refrigerator at lakeside: offer" in seed()
    assert Offer.objects.count() == 2


def test_a_new_database_is_filled_although_the_note_is_there(catalogue: Path) -> None:
    seed()
    Product.objects.update(published_offer=None)
    assert "refrigerator at lakeside" in seed()
    assert Product.objects.get().published_offer is not None


def test_a_fingerprint_tells_names_and_contents_apart(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "a/x").write_text("12")
    (tmp_path / "b/x1").write_text("2")
    (tmp_path / "c/x").write_text("12")
    prints = [fingerprint(tmp_path / name) for name in ("a", "b", "c")]
    assert prints[0] == prints[2] != prints[1]
