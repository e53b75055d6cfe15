"""A product folder as plain documents, for tests that look into them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from design.rules import Engine, Model
from production.folder import read_product_folder

Content = Mapping[str, Any]
LAMP = Path(__file__).parent / "products" / "lamp"


@dataclass(frozen=True)
class Product:
    offer: Content
    engineering: Content
    texts: Mapping[str, Content]
    plant: Content
    engine: Engine


@cache
def read_product(path: Path) -> Product:
    folder = read_product_folder(path)
    assert folder.plant is not None
    return Product(
        offer=folder.offer.content,
        engineering=folder.engineering.content,
        texts={language: document.content for language, document in folder.texts.items()},
        plant=folder.plant.content,
        engine=Engine(Model.from_document(folder.offer.content)),
    )
