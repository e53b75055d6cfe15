"""What can be made, and what somebody wants made."""

from design.models.authoring import DesignEffect, Draft, DraftCheck, Publication
from design.models.catalogue import Offer, Product, TextBundle
from design.models.design import Design, DesignRevision
from design.models.diagram import OfferDiagram
from design.models.gallery import Comment, Contribution, Contributor, GalleryEntry, Idea, Vote
from design.models.imported import ImportedDesign
from design.models.moderation import ModerationAct, Report
from design.models.picture import DesignPicture
from design.models.sketch import Sketch

__all__ = [
    "Comment",
    "Contribution",
    "Contributor",
    "Design",
    "DesignEffect",
    "DesignPicture",
    "DesignRevision",
    "Draft",
    "DraftCheck",
    "GalleryEntry",
    "Idea",
    "ImportedDesign",
    "ModerationAct",
    "Offer",
    "OfferDiagram",
    "Product",
    "Publication",
    "Report",
    "Sketch",
    "TextBundle",
    "Vote",
]
