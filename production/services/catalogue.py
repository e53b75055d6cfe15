"""Publishing whole product folders: offer and texts by design, plant and engineering here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from cosmo.accounts.models import Organisation
from cosmo.lib.documents import Document
from cosmo.lib.errors import NotFound
from design.drafting.files import files_in
from design.services.catalogue import Record, publish_product
from production.folder import read_product_folder
from production.models import Plant
from production.services.engineering import publish_engineering
from production.services.plants import load_plant

FACTORY_SLUG = "cosmo-factory"


@dataclass(frozen=True, slots=True)
class PublishedFolder:
    """What publishing a product folder came to; ``changes`` is empty if all was there already."""

    product: str
    plant: str
    changes: tuple[str, ...]


def product_folders(path: Path) -> list[Path]:
    """``path`` itself if it is a product folder, else the product folders in it, by name.

    Raises:
        DomainError: there is none (``no_product_folder``).
    """
    if (path / "offer.yaml").exists():
        return [path]
    found = sorted(file.parent for file in path.glob("*/offer.yaml"))
    if not found:
        raise NotFound(
            "no_product_folder",
            f"{path} is no product folder and holds none; a product folder has an offer.yaml.",
        )
    return found


@transaction.atomic
def publish_folder(path: Path, organisation: Organisation) -> PublishedFolder:
    """Read, check and publish one product folder. The same folder again changes nothing.

    Raises:
        CatalogueInvalid: the documents have faults, each with file and line; nothing is changed.
        DomainError: product or plant belong to another organisation.
    """
    folder = read_product_folder(path, known_plants=_known_plants(organisation))
    published = publish_product(
        organisation=organisation,
        offer_document=folder.offer.content,
        texts={language: text.content for language, text in folder.texts.items()},
        record=Record(files=files_in(path)),
    )
    changes = [
        *(["offer"] if published.offer_is_new else []),
        *(["texts"] if published.texts_are_new else []),
    ]
    plant, plant_changes = _plant(folder.plant, folder.engineering, organisation)
    engineering = publish_engineering(
        offer=published.offer, plant=plant, document=folder.engineering.content
    )
    changes += [*plant_changes, *(["engineering"] if engineering.is_changed else [])]
    return PublishedFolder(published.product.slug, plant.code, tuple(changes))


def publish_folders(path: Path, organisation: Organisation) -> Iterator[PublishedFolder]:
    """Every product folder in ``path``, one after the other."""
    for folder in product_folders(path):
        yield publish_folder(folder, organisation)


def factory_organisation(slug: str = "") -> Organisation:
    """The organisation called ``slug``; without one the factory that has products, else a new one.

    Raises:
        DomainError: there is no such organisation (``unknown_organisation``).
    """
    if slug:
        named = Organisation.objects.filter(slug=slug).first()
        if named is None:
            raise NotFound("unknown_organisation", f"There is no organisation called {slug!r}.")
        return named
    known = Organisation.objects.filter(products__isnull=False).order_by("pk").first()
    if known is not None:
        return known
    factory, _ = Organisation.objects.get_or_create(
        slug=FACTORY_SLUG, defaults={"name": "Cosmo factory"}
    )
    return factory


def _known_plants(organisation: Organisation) -> Mapping[str, Mapping[str, Any]]:
    return dict(Plant.objects.filter(organisation=organisation).values_list("code", "document"))


def _plant(
    document: Document | None, engineering: Document, organisation: Organisation
) -> tuple[Plant, list[str]]:
    if document is None:
        return Plant.objects.get(organisation=organisation, code=engineering.content["plant"]), []
    loaded = load_plant(organisation=organisation, document=document.content)
    return loaded.plant, ["plant"] if loaded.is_changed else []
