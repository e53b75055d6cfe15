"""A tube as SVG: a rod turned into its place, or a round face where it points at the viewer."""

from math import atan2, degrees, hypot

from .colour import darker
from .paint import Paints
from .part import Part
from .svg import Number, element, number


def draw_tube(part: Part, paints: Paints, left: float, floor: float) -> str:
    """``left`` and ``floor`` are where the product's corner stands in the picture, in mm."""
    if part.ends is None:
        raise ValueError(f"Part {part.id} is no tube.")
    # From left to right, so that the upper side of the turned rod is the lit one.
    one, other = sorted((left + float(x), floor - float(z), float(y)) for x, y, z in part.ends)
    wide, high, deep = (b - a for a, b in zip(one, other, strict=True))
    length, across = hypot(wide, high), float(part.diameter)
    shown = hypot(length, deep)
    # What is seen of the round ends grows as the tube turns towards the viewer.
    bulge = across / 2 * abs(deep) / shown
    if length <= 2 * bulge:
        middle = {"cx": (one[0] + other[0]) / 2, "cy": (one[1] + other[1]) / 2}
        face = {"rx": across / 2 + length / 2, "ry": across / 2}
        return element("ellipse", **middle, **face, fill=paints.ball(part.colour, part.finish))
    turn = degrees(atan2(high, wide))
    place = f"translate({number(one[0])} {number(one[1])}) rotate({number(turn)})"
    box = {"x": -bulge, "y": -across / 2, "width": length + 2 * bulge, "height": across}
    rim: dict[str, str | Number] = {
        "stroke": darker(part.colour, 0.45),
        "stroke_opacity": 0.35,
        "stroke_width": 0.8,
    }
    paint = paints.rod(part.colour, part.finish, upright=False)
    return element(
        "rect",
        **box,
        rx=bulge or None,
        ry=across / 2 if bulge else None,
        transform=place,
        fill=paint,
        **rim,
    )
