"""The front elevation as SVG: one millimetre is one unit.

Presentation attributes only, neither styles nor scripts, so that it passes a strict content
security policy inside a page and stands alone as a file. Lines and figures beside the product
take the colour of the surrounding text; the product keeps its own in light and dark.
"""

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal

from .dimensions import height_line, width_line
from .drawing import draw_part
from .paint import Paints
from .part import Bounds, Part
from .svg import element, number, text

SIDE, ABOVE, BELOW = 70.0, 50.0, 70.0
"""Room around the largest design, in mm."""
ROOM_FOR_DIMENSIONS = 90.0
USUAL_WIDTH = 1_400.0
"""In a wider frame lines and figures beside the product grow along, to be read as well."""


def elevation_svg(
    parts: Sequence[Part],
    bounds: Bounds,
    *,
    title: str,
    desc: str,
    dimensions: bool = False,
    length: Callable[[Decimal], str] | None = None,
    prefix: str | None = None,
) -> str:
    """Draw ``parts`` from the front, to scale, on the floor of a frame for the largest design.

    Args:
        title: Name of the picture, read by screen readers.
        desc: What it shows, in words.
        dimensions: Whether width and height are written beside it.
        length: How they are written, by millimetres; "1,850 mm" unless given.
        prefix: Before every id; by default made from the content, so equal pictures share it.
    """
    length = length or _length
    prefix = prefix or _content_name(parts, title, desc)
    extra = ROOM_FOR_DIMENSIONS if dimensions else 0.0
    scale = max(1.0, float(bounds.frame_width) / USUAL_WIDTH)
    wide = float(bounds.frame_width) + 2 * (SIDE + extra) * scale
    high = float(bounds.frame_height) + (ABOVE + BELOW + extra) * scale
    floor = float(bounds.frame_height) + ABOVE * scale
    left = (wide - float(bounds.width)) / 2
    top = floor - float(bounds.height)
    paints = Paints(prefix, left, top, float(bounds.width), float(bounds.height))
    # Far parts first; parts at the same depth in the order of the document.
    ordered = sorted(parts, key=lambda part: -part.at[1])
    drawn = [draw_part(part, paints, left, floor) for part in ordered]
    measures = [
        width_line(left, left + float(bounds.width), floor, length(bounds.width), scale),
        height_line(top, floor, left + float(bounds.width), length(bounds.height), scale),
    ]
    ground = _ground(paints, left, floor, float(bounds.width), wide)
    return element(
        "svg",
        element("title", text(title), id=f"{prefix}-title"),
        element("desc", text(desc), id=f"{prefix}-desc"),
        paints.definitions,
        ground,
        *drawn,
        *(measures if dimensions else ()),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(wide)} {number(high)}",
        preserveAspectRatio="xMidYMax meet",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        class_="elevation",
    )


def _ground(paints: Paints, left: float, floor: float, width: float, wide: float) -> str:
    middle = left + width / 2
    return element(
        "path",
        d=f"M{number(wide * 0.06)} {number(floor)}H{number(wide * 0.94)}",
        stroke="currentColor",
        stroke_opacity=0.16,
        stroke_width=1.6,
        stroke_linecap="round",
    ) + "".join(
        element("ellipse", cx=middle, cy=floor + 3, rx=width * reach, ry=ry, fill=paints.ground())
        for reach, ry in ((0.62, 30), (0.52, 11))
    )


def _content_name(parts: Sequence[Part], title: str, desc: str) -> str:
    content = repr((tuple(parts), title, desc)).encode()
    return "e" + hashlib.sha256(content).hexdigest()[:8]


def _length(millimetres: Decimal) -> str:
    return f"{round(millimetres, 2).normalize():,f} mm"
