"""The part of a product folder that design owns: ``offer.yaml`` and ``texts/<language>.yaml``.

Reads and checks, writes nothing. Every fault of every file is found in one go, as far as one fault
does not hide another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cosmo.lib.documents import (
    CatalogueInvalid,
    Document,
    PlacedProblem,
    check_schema,
    load_schema,
    read_document,
)
from cosmo.lib.expressions import DocumentError, ExpressionError
from cosmo.lib.gtin import check_digit, is_gtin
from design.completeness import offer_words_problems
from design.lettering import LetteringBook
from design.pricing import PriceBook
from design.rules import Engine, Model
from design.samples import preset_problems, self_test_problems
from design.shape import ShapeBook

SCHEMAS = Path(__file__).parent / "schemas"
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class OfferFolder:
    """What a product folder says about choosing, price, shape and words.

    Attributes:
        texts: Language code to its document; English is always there.
        engine: The rules, compiled, for whoever has to know which choices go together.
    """

    offer: Document
    texts: Mapping[str, Document]
    engine: Engine


@dataclass(frozen=True, slots=True)
class OfferLook:
    """What a product folder came to, faults and all.

    Attributes:
        folder: None where a file cannot be read, or rules, prices or shape cannot be used. Words
            that are missing and tests that fail leave it usable.
    """

    folder: OfferFolder | None
    problems: tuple[PlacedProblem, ...]


def read_offer_folder(folder: Path) -> OfferFolder:
    """Read and check ``offer.yaml`` and all texts of a product folder.

    Raises:
        CatalogueInvalid: with every fault found, each with file and line.
    """
    look = look_at_offer_folder(folder)
    if look.problems or look.folder is None:
        raise CatalogueInvalid(look.problems)
    return look.folder


def look_at_offer_folder(folder: Path) -> OfferLook:
    """The same, handing out what can be used in spite of faults."""
    problems: list[PlacedProblem] = []
    offer = read_checked(folder / "offer.yaml", SCHEMAS / "offer.schema.json", problems)
    texts = _read_texts(folder / "texts", problems)
    is_readable = not problems
    engine = None
    if offer is not None:
        problems += _identity_problems(offer)
        engine = _check_meaning(offer, problems)
        for document in texts.values():
            problems += offer_words_problems(offer.content, document)
    if offer is None or engine is None or not is_readable:
        return OfferLook(None, tuple(problems))
    return OfferLook(OfferFolder(offer, texts, engine), tuple(problems))


def read_checked(file: Path, schema: Path, problems: list[PlacedProblem]) -> Document | None:
    """A document of the right form, or None after adding its faults to ``problems``."""
    try:
        document = read_document(file)
    except CatalogueInvalid as error:
        problems += error.problems
        return None
    found = check_schema(document, load_schema(schema))
    problems += found
    return None if found else document


def _read_texts(folder: Path, problems: list[PlacedProblem]) -> dict[str, Document]:
    texts: dict[str, Document] = {}
    languages = {file.stem for file in folder.glob("*.yaml")} | {FALLBACK_LANGUAGE}
    for language in sorted(languages):
        file = folder / f"{language}.yaml"
        document = read_checked(file, SCHEMAS / "texts.schema.json", problems)
        if document is None:
            continue
        texts[language] = document
        said = document.content["language"]
        if said != language:
            sentence = (
                f"The file is named '{language}', but its language is '{said}'; make them equal."
            )
            problems.append(document.problem(("language",), "wrong_language", sentence))
    return texts


def _identity_problems(offer: Document) -> list[PlacedProblem]:
    gtin = offer.content["gtin"]
    if is_gtin(gtin):
        return []
    sentence = f"The check digit of GTIN {gtin} is wrong; it would be {check_digit(gtin[:-1])}."
    return [offer.problem(("gtin",), "bad_check_digit", sentence)]


def _check_meaning(offer: Document, problems: list[PlacedProblem]) -> Engine | None:
    """Compile rules, prices and shape; the engine if all three can be used."""
    model = None
    found = len(problems)
    try:
        model = Model.from_document(offer.content)
    except DocumentError as error:
        problems += offer.placed(error.problems)
    readers = {
        "price": PriceBook.from_document,
        "shape": ShapeBook.from_document,
        "lettering": LetteringBook.from_document,
    }
    for section, read in readers.items():
        try:
            read(offer.content, model)
        except DocumentError as error:
            problems += offer.placed(error.problems)
        except ExpressionError as error:  # met with choices too rare to be tried one by one
            problems.append(offer.problem((section,), error.code, str(error)))
    is_usable = len(problems) == found
    if model is None:
        return None
    engine = Engine(model)
    problems += offer.placed(preset_problems(offer.content, engine))
    if len(problems) == found:  # else the same fault would be told once more by every test
        problems += offer.placed(self_test_problems(offer.content, engine))
    return engine if is_usable else None
