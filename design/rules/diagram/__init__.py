"""The decision diagram: every design of a model in one flat graph, walked by compiled loops.

Built once for a published offer (``build``), stored as bytes (``Diagram.packed``, ``unpacked``),
asked by ``DiagramAnswers``.
"""

from design.rules.levels import Level, levels_of, meaning_of

from .building import DRAWING, Caps, Progress, build
from .flat import Diagram, StoredDiagramInvalid, unpacked
from .walk import DiagramAnswers

__all__ = [
    "DRAWING",
    "Caps",
    "Diagram",
    "DiagramAnswers",
    "Level",
    "Progress",
    "StoredDiagramInvalid",
    "build",
    "levels_of",
    "meaning_of",
    "unpacked",
]
