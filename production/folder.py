"""A whole product folder: design's part, ``engineering.yaml``, and the plant that makes it.

Reads and checks, writes nothing; publishing is the business of the services of both apps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cosmo.lib.documents import CatalogueInvalid, Document, PlacedProblem
from cosmo.lib.expressions import DocumentError
from design.completeness import word_problems
from design.folder import OfferFolder, look_at_offer_folder, read_checked
from design.rules import Engine, flat_document
from production.engineering import EngineeringBook, PlantBook
from production.engineering.combinations import Choices

SCHEMAS = Path(__file__).parent / "schemas"


@dataclass(frozen=True, slots=True)
class ProductFolder:
    """Everything needed to sell and make one product.

    Attributes:
        texts: Language code to its document; English is always there.
        plant: None if the folder brings none and the plant is known already.
    """

    offer: Document
    engineering: Document
    texts: Mapping[str, Document]
    plant: Document | None


@dataclass(frozen=True, slots=True)
class ProductLook:
    """What a product folder came to, faults and all.

    Attributes:
        folder: None where a document cannot be used at all; words that are missing, tests that
            fail and an engineering that does not fit leave it usable for looking.
    """

    folder: ProductFolder | None
    problems: tuple[PlacedProblem, ...]


def read_product_folder(
    folder: Path, *, known_plants: Mapping[str, Mapping[str, Any]] | None = None
) -> ProductFolder:
    """Read and check all documents of a product folder, one against the other.

    The plant is ``plant.yaml`` in the folder, else ``plants/<code>.yaml`` beside the folder, else
    one of ``known_plants`` (code to document, as loaded before).

    Raises:
        CatalogueInvalid: with every fault found, each with file and line.
    """
    look = look_at_product_folder(folder, known_plants=known_plants)
    if look.problems or look.folder is None:
        raise CatalogueInvalid(look.problems)
    return look.folder


def look_at_product_folder(
    folder: Path, *, known_plants: Mapping[str, Mapping[str, Any]] | None = None
) -> ProductLook:
    """The same, handing out what can be used in spite of faults."""
    problems: list[PlacedProblem] = []
    engineering = read_checked(
        folder / "engineering.yaml", SCHEMAS / "engineering.schema.json", problems
    )
    plant = _read_plant(folder, engineering, problems)
    sold = look_at_offer_folder(folder)
    if engineering is None or sold.folder is None:
        return ProductLook(None, (*problems, *sold.problems))
    book = _plant_book(engineering, plant, known_plants or {}, problems)
    problems += _engineering_problems(engineering, sold.folder, book)
    read = ProductFolder(sold.folder.offer, engineering, sold.folder.texts, plant)
    return ProductLook(read, (*problems, *sold.problems))


def _read_plant(
    folder: Path, engineering: Document | None, problems: list[PlacedProblem]
) -> Document | None:
    own = folder / "plant.yaml"
    if own.exists():
        return read_checked(own, SCHEMAS / "plant.schema.json", problems)
    if engineering is None:
        return None
    shared = folder.resolve().parent / "plants" / f"{engineering.content['plant']}.yaml"
    if not shared.exists():
        return None
    return read_checked(shared, SCHEMAS / "plant.schema.json", problems)


def _plant_book(
    engineering: Document,
    plant: Document | None,
    known_plants: Mapping[str, Mapping[str, Any]],
    problems: list[PlacedProblem],
) -> PlantBook | None:
    if plant is None:
        known = known_plants.get(engineering.content["plant"])
        if known is not None:
            return PlantBook.from_document(known)
        if not problems:
            sentence = _unknown_plant(engineering.content["plant"], known_plants)
            problems.append(engineering.problem(("plant",), "unknown_plant", sentence))
        return None
    try:
        return PlantBook.from_document(plant.content)
    except DocumentError as error:
        problems += plant.placed(error.problems)
        return None


def _unknown_plant(code: str, known: Mapping[str, object]) -> str:
    """An author in the browser has the plants that are loaded; a folder may bring its own."""
    if known:
        return f"Plant '{code}' is not known; there are {', '.join(sorted(known))}."
    return (
        f"Plant '{code}' is not known; put plant.yaml into the folder, or plants/{code}.yaml "
        "beside it."
    )


def _is_possible(engine: Engine, seen: Choices) -> bool:
    """Whether some design has these choices, given as expressions see them."""
    features = engine.model.by_id
    return engine.is_valid({name: features[name].from_scope(value) for name, value in seen.items()})


def _engineering_problems(
    engineering: Document, bought: OfferFolder, plant: PlantBook | None
) -> list[PlacedProblem]:
    offer = bought.offer.content
    problems = []
    if engineering.content["product"] != offer["product"]:
        sentence = (
            f"This engineering is for '{engineering.content['product']}', the offer for "
            f"'{offer['product']}'; make them equal."
        )
        problems.append(engineering.problem(("product",), "wrong_product", sentence))
    try:
        EngineeringBook.from_document(
            engineering.content,
            offer_features=flat_document(offer)["features"],
            plant=plant,
            is_possible=partial(_is_possible, bought.engine),
        )
    except DocumentError as error:
        problems += engineering.placed(error.problems)
    bom = engineering.content["bom"]
    components = dict.fromkeys(line["component"] for line in bom)
    stand_ins = [code for line in bom for code in line.get("substitutes", ())]
    operations = dict.fromkeys(entry["id"] for entry in engineering.content["routing"])
    for texts in bought.texts.values():
        problems += word_problems(
            texts, ("components",), components, what="Component", optional=stand_ins
        )
        problems += word_problems(texts, ("operations",), operations, what="Operation")
    return problems
