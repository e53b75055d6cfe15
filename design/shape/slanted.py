"""What lies between two points as SVG: a rod turned into its place, or letters along a line."""

from dataclasses import dataclass
from math import atan2, degrees, hypot

from .colour import darker
from .paint import Paints
from .part import Part
from .svg import Number, element, number


@dataclass(frozen=True, slots=True)
class Line:
    """A part between two points as seen from the front, in the picture's millimetres.

    Attributes:
        x, y: Its left end; it runs to the right, so that the upper side of a rod is the lit one
            and letters stand upright.
        turn: Degrees, clockwise.
        deep: How far the other end is from the viewer, less how far the left one is.
    """

    x: float
    y: float
    length: float
    turn: float
    deep: float
    across: float

    @property
    def transform(self) -> str:
        return f"translate({number(self.x)} {number(self.y)}) rotate({number(self.turn)})"


def placed_line(part: Part, left: float, floor: float) -> Line:
    """``left`` and ``floor`` are where the product's corner stands in the picture, in mm."""
    if part.ends is None:
        raise ValueError(f"Part {part.id} does not lie between two points.")
    one, other = sorted((left + float(x), floor - float(z), float(y)) for x, y, z in part.ends)
    wide, high, deep = (b - a for a, b in zip(one, other, strict=True))
    turn = degrees(atan2(high, wide))
    return Line(one[0], one[1], hypot(wide, high), turn, deep, float(part.diameter))


def draw_tube(part: Part, paints: Paints, left: float, floor: float) -> str:
    line = placed_line(part, left, floor)
    # What is seen of the round ends grows as the tube turns towards the viewer.
    bulge = line.across / 2 * abs(line.deep) / hypot(line.length, line.deep)
    rim: dict[str, str | Number] = {
        "stroke": darker(part.colour, 0.45), "stroke_opacity": 0.35, "stroke_width": 0.8,
    }  # fmt: skip
    box = {"x": -bulge, "y": -line.across / 2}
    if line.length <= 2 * bulge:
        middle = {"cx": line.length / 2, "cy": 0.0}
        face = {"rx": bulge + line.length / 2, "ry": line.across / 2}
        paint = paints.ball(part.colour, part.finish)
        return element("ellipse", **middle, **face, transform=line.transform, fill=paint, **rim)
    size = {"width": line.length + 2 * bulge, "height": line.across}
    ends = {"rx": bulge or None, "ry": line.across / 2 if bulge else None}
    paint = paints.rod(part.colour, part.finish, upright=False)
    return element("rect", **box, **size, **ends, transform=line.transform, fill=paint, **rim)
