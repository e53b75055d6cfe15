"""Models for commands that need no database: a product folder, or a file of another tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmo.lib.documents import CatalogueInvalid, PlacedProblem
from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import DocumentError
from design.folder import SCHEMAS, read_checked
from design.rules import Model
from design.rules.exchange import read_model


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model and where it comes from.

    Attributes:
        name: Name of the file or the folder.
        document: The offer, where there is one; other files have no prices.
        uncounted: Features that no rule of a file speaks of; its published count leaves them out.
    """

    name: str
    model: Model
    document: Mapping[str, Any] | None = None
    uncounted: tuple[str, ...] = ()


def load_model(path: Path) -> LoadedModel:
    """Read a folder with an ``offer.yaml``, the offer itself, a UVL or a DIMACS file.

    Raises:
        Invalid: there is nothing to read (``no_model``), or the file is faulty.
        CatalogueInvalid: the offer has faults.
    """
    offer = path / "offer.yaml" if path.is_dir() else path
    if not offer.is_file():
        sentence = f"{path} is neither a folder with an offer.yaml nor a file."
        raise Invalid("no_model", sentence, path=str(path))
    if offer.suffix == ".yaml":
        return _offer(offer, path.resolve().name if path.is_dir() else path.name)
    found = read_model(path)
    return LoadedModel(path.name, found.model, uncounted=tuple(sorted(found.uncounted)))


def _offer(file: Path, name: str) -> LoadedModel:
    problems: list[PlacedProblem] = []
    document = read_checked(file, SCHEMAS / "offer.schema.json", problems)
    if document is None:
        raise CatalogueInvalid(problems)
    try:
        return LoadedModel(name, Model.from_document(document.content), document.content)
    except DocumentError as error:
        raise CatalogueInvalid(document.placed(error.problems)) from error
