"""Solids of a product in millimetres: x to the right, y away from the viewer, z up."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

PartKind = Literal["box", "cylinder", "tube", "text"]
Axis = Literal["x", "y", "z"]
Triple = tuple[Decimal, Decimal, Decimal]

FINISHES = ("matt", "gloss", "brushed", "glass", "metal", "wood", "woven", "emissive")
FONTS = ("sans", "serif", "script")


@dataclass(frozen=True, slots=True)
class Part:
    """One solid, or one line of lettering.

    Attributes:
        id: Unique in the picture; a repeated part carries its number, ``foot-1``.
        size: Width, depth and height of the box around it, in mm, all above 0.
        at: Left, front, bottom corner of that box, in mm.
        axis: Direction of a cylinder's axis.
        ends: Of a tube, or of letters along a line: the middles of the two ends; ``size`` and
            ``at`` follow from them.
        diameter: Of a tube, or the height of letters along a line, in mm; else 0.
        material: Id of the material.
        colour: ``#rrggbb``.
        finish: One of ``FINISHES``.
        radius: Of a box's edges, in mm.
        text: What a text part says; empty for solids.
        font: One of ``FONTS``, for a text.
    """

    id: str
    kind: PartKind
    size: Triple
    at: Triple
    axis: Axis
    material: str
    colour: str
    finish: str
    radius: Decimal
    text: str = ""
    font: str = "sans"
    ends: tuple[Triple, Triple] | None = None
    diameter: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Outer measures of one design, and of the largest design of the product, in mm.

    Pictures of two designs share the frame of the largest one, so that a wider choice is seen to be
    wider; where sizes differ too much for that, each has its own.
    """

    width: Decimal
    depth: Decimal
    height: Decimal
    frame_width: Decimal
    frame_height: Decimal

    def within(self, width: Decimal, height: Decimal) -> "Bounds":
        """The same in a frame of at least this width and height."""
        return replace(
            self,
            frame_width=max(self.frame_width, width),
            frame_height=max(self.frame_height, height),
        )
