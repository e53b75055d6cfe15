"""What can be made, and what somebody wants made."""

from design.models.authoring import DesignEffect, Draft, DraftCheck, Publication
from design.models.catalogue import Offer, Product, TextBundle
from design.models.design import Design, DesignRevision
from design.models.diagram import OfferDiagram
from design.models.imported import ImportedDesign

__all__ = [
    "Design",
    "DesignEffect",
    "DesignRevision",
    "Draft",
    "DraftCheck",
    "ImportedDesign",
    "Offer",
    "OfferDiagram",
    "Product",
    "Publication",
    "TextBundle",
]
