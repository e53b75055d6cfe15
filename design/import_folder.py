"""The mappings in a product folder: ``imports/<source>.yaml``. Reads and checks, writes nothing."""

from pathlib import Path

from cosmo.lib.documents import CatalogueInvalid, PlacedProblem
from cosmo.lib.expressions import DocumentError
from design.folder import SCHEMAS, read_checked
from design.importing import ColumnMapping
from design.rules import Model


def read_mapping(file: Path, model: Model) -> ColumnMapping:
    """Read and check one mapping against the features of its product.

    Raises:
        CatalogueInvalid: with every fault found, each with file and line.
    """
    problems: list[PlacedProblem] = []
    document = read_checked(file, SCHEMAS / "import.schema.json", problems)
    if document is None:
        raise CatalogueInvalid(problems)
    try:
        return ColumnMapping.from_document(document.content, model)
    except DocumentError as error:
        raise CatalogueInvalid(document.placed(error.problems)) from error
