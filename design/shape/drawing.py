"""One part as SVG."""

from .colour import brightness, darker, lighter
from .lettering import BASELINE, font_size
from .paint import Paints
from .part import Part
from .slanted import draw_tube, placed_line
from .svg import Number, element, text

SLENDER = 60.0
"""A part at most this thin, in mm, is shaded like a rod."""
SMALL_SHARE = 0.08
"""A part that covers at most this share of the front is fitted on it, not part of it: it throws a
shadow on what is behind, and glass there is a window rather than a wall."""
GLOW = 34.0
"""How far a light shines around itself, in mm."""
_FAMILIES = {
    "sans": "system-ui, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
    "serif": "Georgia, 'Noto Serif SC', 'Songti SC', SimSun, serif",
    "script": "'Snell Roundhand', 'Segoe Script', 'Kaiti SC', KaiTi, cursive",
}


def draw_part(part: Part, paints: Paints, left: float, floor: float) -> str:
    """``left`` and ``floor`` are where the product's corner stands in the picture, in mm."""
    width, height = float(part.size[0]), float(part.size[2])
    x = left + float(part.at[0])
    y = floor - float(part.at[2]) - height
    if part.kind == "text" and part.ends is not None:
        line = placed_line(part, left, floor)
        letters = _lettering(part, 0, -line.across / 2, line.length, line.across)
        return element("g", letters, transform=line.transform)
    if part.kind == "text":
        return _lettering(part, x, y, width, height)
    if part.ends is not None:
        return draw_tube(part, paints, left, floor)
    outline = _outline(part, x, y, width, height)
    layers = [_shadow(part, paints, outline), _body(part, paints, outline)]
    return "".join(layers)


class Outline:
    """A part's edge as seen from the front: a rectangle with rounded corners, or an ellipse."""

    def __init__(self, x: float, y: float, width: float, height: float, radius: float | None):
        self.x, self.y, self.width, self.height = x, y, width, height
        self.radius = radius

    @property
    def is_round(self) -> bool:
        return self.radius is None

    def drawn(self, inset: float = 0.0, **attributes: str | Number | None) -> str:
        """The outline, moved inwards by ``inset`` mm."""
        width, height = max(self.width - 2 * inset, 0.1), max(self.height - 2 * inset, 0.1)
        if self.radius is None:
            middle = {"cx": self.x + self.width / 2, "cy": self.y + self.height / 2}
            return element("ellipse", **middle, rx=width / 2, ry=height / 2, **attributes)
        radius = min(max(self.radius - inset, 0), width / 2, height / 2)
        place = {"x": self.x + inset, "y": self.y + inset, "width": width, "height": height}
        return element("rect", **place, rx=radius or None, **attributes)


def _outline(part: Part, x: float, y: float, width: float, height: float) -> Outline:
    is_round = part.kind == "cylinder" and part.axis == "y"
    return Outline(x, y, width, height, None if is_round else float(part.radius))


def _is_rod(part: Part, width: float, height: float) -> bool:
    if part.kind == "cylinder":
        return part.axis != "y"
    return min(width, height) <= SLENDER and max(width, height) >= 3 * min(width, height)


def _shadow(part: Part, paints: Paints, outline: Outline) -> str:
    """What the part does to its surroundings: a shadow behind it, or a glow around it."""
    width, height = outline.width, outline.height
    is_fitted = width * height <= paints.width * paints.height * SMALL_SHARE
    depth = float(part.size[1])
    if part.finish == "emissive":
        grown = Outline(
            outline.x - GLOW, outline.y - GLOW, width + 2 * GLOW, height + 2 * GLOW, None
        )
        return grown.drawn(fill=paints.halo(part.colour))
    if not is_fitted or depth < 8:
        return ""
    away = min(depth, 60) * 0.28
    fallen = Outline(outline.x + away * 0.5, outline.y + away, width, height, outline.radius)
    return fallen.drawn(fill="#000000", fill_opacity=0.38, filter=paints.soft())


def _body(part: Part, paints: Paints, outline: Outline) -> str:
    width, height = outline.width, outline.height
    if part.finish == "emissive":
        return outline.drawn(fill=lighter(part.colour, 0.35))
    if outline.is_round:
        rim = outline.drawn(0.6, fill="none", stroke=darker(part.colour, 0.4), stroke_opacity=0.5)
        return outline.drawn(fill=paints.ball(part.colour, part.finish)) + rim
    if _is_rod(part, width, height):
        is_upright = part.axis == "z" if part.kind == "cylinder" else height >= width
        paint = paints.rod(part.colour, part.finish, upright=is_upright)
        return outline.drawn(fill=paint)
    if part.finish == "glass" and width * height <= paints.width * paints.height * SMALL_SHARE:
        rim = outline.drawn(0.8, fill="none", stroke="#ffffff", stroke_opacity=0.22)
        return outline.drawn(fill=paints.small_glass(part.colour)) + rim
    return _surface(part, paints, outline)


def _surface(part: Part, paints: Paints, outline: Outline) -> str:
    layers = [outline.drawn(fill=paints.surface(part.colour, part.finish))]
    grain = paints.grain(part.finish, part.colour)
    if grain is not None:
        layers.append(outline.drawn(fill=grain))
    layers.append(outline.drawn(fill=paints.fall_off()))
    glint = {"gloss": 0.3, "glass": 0.2}.get(part.finish)
    if glint is not None:
        strength = glint if brightness(part.colour) > 0.35 else glint * 0.75
        layers.append(outline.drawn(fill=paints.reflection(strength)))
    layers.append(
        outline.drawn(1.2, fill="none", stroke=paints.edge(part.colour), stroke_width=2.4)
    )
    # A dark front would vanish on a dark page: its hairline takes the colour of the text there.
    hairline = "currentColor" if brightness(part.colour) < 0.3 else darker(part.colour, 0.45)
    layers.append(outline.drawn(fill="none", stroke=hairline, stroke_opacity=0.4, stroke_width=1))
    return "".join(layers)


def _lettering(part: Part, x: float, y: float, width: float, height: float) -> str:
    """Letters with a fine lit edge below, as if cut into the front."""
    size = font_size(part.text, width, height)
    line = y + height / 2 + size * (0.5 - BASELINE + 0.08)
    common: dict[str, str | Number | None] = {
        "x": x + width / 2,
        "text_anchor": "middle",
        "font_family": _FAMILIES[part.font],
        "font_size": size,
        "font_weight": 500 if part.font == "sans" else None,
    }
    is_dark = brightness(part.colour) < 0.5
    edge = "#ffffff" if is_dark else "#000000"
    words = text(part.text)
    return element(
        "text",
        words,
        y=line + size * 0.04,
        fill=edge,
        fill_opacity=0.35,
        aria_hidden="true",
        **common,
    ) + element("text", words, y=line, fill=part.colour, **common)
