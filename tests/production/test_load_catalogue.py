"""``load_catalogue``: all or nothing, twice is once, faults with file and line."""

from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from cosmo.accounts.models import Organisation
from cosmo.lib.ports import promise_source
from design.compile import compiled_offer
from design.models import Offer, Product
from production.models import Engineering, Plant
from tests.factories.documents import ENGINEERING, OFFER, PLANT, TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one product nobody here has seen, with its plant beside it."""
    words = {
        "groups": {"body": "Body"},
        "features": {
            "size": {"name": "Size", "options": {n: {"name": n} for n in ("small", "large")}},
            "colour": {
                "name": "Colour",
                "options": {n: {"name": n} for n in ("white", "black", "red")},
            },
            "engraving": {"name": "Engraving"},
        },
        "components": {"LEG": "Leg", "SEAT": "Seat", "PLATE": "Plate"},
        "operations": {entry["id"]: entry["id"].title() for entry in ENGINEERING["routing"]},
    }
    files = {
        "stool/offer.yaml": OFFER,
        "stool/engineering.yaml": ENGINEERING,
        "stool/texts/en.yaml": {**TEXTS["en"], **words},
        "plants/yard.yaml": PLANT,
    }
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return tmp_path


def load(path: Path, **options: str) -> str:
    out = StringIO()
    call_command("load_catalogue", str(path), stdout=out, **options)
    return out.getvalue().strip()


def test_folder_is_published_and_can_be_promised(folder: Path) -> None:
    assert load(folder) == "stool at yard: offer, texts, plant, engineering"
    product = Product.objects.get()
    assert product.organisation.slug == "cosmo-factory"
    assert product.published_offer is not None
    selection = compiled_offer(product.published_offer).engine.complete({})
    promise = promise_source().inquire(offer_id=product.published_offer.pk, selection=selection)
    assert promise.plant == "yard"


def test_loading_again_changes_nothing(folder: Path) -> None:
    load(folder / "stool")
    assert load(folder) == "stool at yard: nothing changed"
    assert (Offer.objects.count(), Engineering.objects.count(), Plant.objects.count()) == (1, 1, 1)


def test_changed_cutting_time_touches_no_offer(folder: Path) -> None:
    load(folder)
    file = folder / "stool/engineering.yaml"
    file.write_text(file.read_text().replace("size.mm // 15", "size.mm // 10"))
    assert load(folder) == "stool at yard: engineering"
    assert Offer.objects.count() == 1
    assert Engineering.objects.filter(is_current=True).count() == 1


def test_fault_is_told_with_file_and_line_and_nothing_is_published(folder: Path) -> None:
    second = folder / "table"
    copytree(folder / "stool", second)
    offer = (second / "offer.yaml").read_text().replace("product: stool", "product: table")
    (second / "offer.yaml").write_text(offer.replace("9521234500025", "9521234500032"))
    engineering = (second / "engineering.yaml").read_text()
    engineering = engineering.replace("product: stool", "product: table")
    (second / "engineering.yaml").write_text(engineering.replace("size.mm", "sise.mm"))
    with pytest.raises(CommandError) as refused:
        load(folder)
    assert "engineering.yaml:" in str(refused.value)
    assert "sise" in str(refused.value)
    assert Product.objects.count() == 0
    assert Plant.objects.count() == 0


def test_folder_without_product_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no product folder"):
        load(tmp_path)


def test_unknown_organisation_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match="nobody"):
        load(folder, organisation="nobody")
    assert Organisation.objects.count() == 0


def test_own_catalogue_loads() -> None:
    told = load(settings.BASE_DIR / "catalogue")
    assert sorted(told.splitlines()) == [
        "bicycle-frame at riverside: offer, texts, plant, engineering",
        "materials of lakeside: 13 changed",
        "materials of riverside: 13 changed",
        "refrigerator at lakeside: offer, texts, plant, engineering",
        "shelf at riverside: offer, texts, engineering",
    ]


def test_two_products_cannot_have_one_gtin(folder: Path) -> None:
    load(folder)
    twin = folder.parent / "twins"
    copytree(folder, twin)
    (twin / "stool").rename(twin / "bench")
    for name in ("offer.yaml", "engineering.yaml"):
        file = twin / "bench" / name
        file.write_text(file.read_text().replace("product: stool", "product: bench"))
    with pytest.raises(CommandError, match="9521234500025 is that of stool; give bench a number"):
        load(twin)
    assert Product.objects.count() == 1
