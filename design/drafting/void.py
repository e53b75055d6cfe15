"""Why rules leave no design at all, told even where the document cannot be used for it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cosmo.lib.documents import CatalogueInvalid, check_schema, load_schema, read_document
from cosmo.lib.expressions import DocumentError
from design.drafting.files import OFFER, folder_of
from design.drafting.told import Told, told_findings
from design.rules import Model
from design.rules.findings import contradictions

SCHEMA = Path(__file__).parents[1] / "schemas" / "offer.schema.json"


def why_void(files: Mapping[str, str]) -> list[Told]:
    """Minimal contradictions of an offer whose defaults cannot hold; nothing for other faults."""
    try:
        with folder_of({OFFER: files.get(OFFER, "")}) as folder:
            return [replace(one, file=OFFER) for one in why_void_in(folder)]
    except CatalogueInvalid:
        return []


def why_void_in(folder: Path) -> list[Told]:
    """The same of a product folder.

    Raises:
        CatalogueInvalid: the offer cannot be read.
    """
    offer = read_document(folder / OFFER)
    if check_schema(offer, load_schema(SCHEMA)):
        return []
    try:
        model = Model.from_document(offer.content, defaults_hold=False)
    except DocumentError:
        return []
    return list(told_findings(offer, model, contradictions(model)))
