"""What can be made, and what somebody wants made."""

from design.models.catalogue import Offer, Product, TextBundle
from design.models.design import Design, DesignRevision

__all__ = ["Design", "DesignRevision", "Offer", "Product", "TextBundle"]
