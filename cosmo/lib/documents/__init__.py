"""Documents written by people: read safely, checked strictly, every fault with file and line.

No Django, no database. A product folder is read by ``design.folder`` and ``production.folder`` on
top of this room.
"""

from .canonical import canonical_json, content_hash
from .document import Document
from .problems import CatalogueInvalid, Place, PlacedProblem, in_order
from .reader import read_document
from .schema import check_schema, load_schema

__all__ = [
    "CatalogueInvalid",
    "Document",
    "Place",
    "PlacedProblem",
    "canonical_json",
    "check_schema",
    "content_hash",
    "in_order",
    "load_schema",
    "read_document",
]
