"""The decision diagram: every design of a model in one flat graph, walked by compiled loops.

Built once for a published offer (``build``), stored as bytes (``Diagram.packed``, ``unpacked``),
asked by ``DiagramAnswers``.
"""

from .building import Caps, Progress, build
from .flat import Diagram, StoredDiagramInvalid, unpacked
from .levels import Level, levels_of, meaning_of
from .walk import DiagramAnswers

__all__ = [
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
