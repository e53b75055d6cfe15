"""Shapes (PURE): the solids of a full selection, and the front elevation drawn from them.

>>> book = ShapeBook.from_document(document, model)
>>> scope = scope_of(model, selection)
>>> elevation_svg(book.parts(scope), book.bounds(scope), title="Refrigerator", desc="Sage, 70 cm")
"""

from .book import ShapeBook
from .elevation import elevation_svg
from .glb import model_glb
from .materials import Material
from .part import Bounds, Part
from .part_json import Outline, parts_json
from .raster import picture_png

__all__ = [
    "Bounds",
    "Material",
    "Outline",
    "Part",
    "ShapeBook",
    "elevation_svg",
    "model_glb",
    "parts_json",
    "picture_png",
]
