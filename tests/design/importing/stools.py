"""The stool and its file, for tests that import it."""

from functools import cache
from pathlib import Path
from typing import Any

from cosmo.lib.documents import read_document
from design.import_folder import read_mapping
from design.importing import ColumnMapping
from design.rules import Engine, Model

FOLDER = Path(__file__).parent / "stool"
FILE = Path(__file__).parent / "stool.csv"
MAPPING = FOLDER / "imports" / "handmade.yaml"


def offer_document() -> dict[str, Any]:
    return dict(read_document(FOLDER / "offer.yaml").content)


def texts() -> dict[str, Any]:
    return {"en": read_document(FOLDER / "texts" / "en.yaml").content}


@cache
def engine() -> Engine:
    return Engine(Model.from_document(offer_document()))


def mapping() -> ColumnMapping:
    return read_mapping(MAPPING, engine().model)
