"""Dimension lines beside an elevation, in the colour of the page's text."""

from .svg import Number, element, text

GAP, OVERHANG, TICK, LETTERS = 46.0, 14.0, 13.0, 56.0
"""Distance to the product, ends of the auxiliary lines, size of the ticks and letters, in mm."""


def width_line(left: float, right: float, bottom: float, length: str) -> str:
    """Below the product, ``bottom`` being the floor."""
    y = bottom + GAP
    middle = (left + right) / 2
    marks = f"M{left:.1f} {bottom + 16:.1f}V{y + OVERHANG:.1f}M{right:.1f} {bottom + 16:.1f}"
    marks += f"V{y + OVERHANG:.1f}M{left:.1f} {y:.1f}H{right:.1f}"
    return _drawn(
        marks,
        [(left, y), (right, y)],
        element("text", text(length), x=middle, y=y + LETTERS + 8, **_LETTERING),
    )


def height_line(top: float, bottom: float, right: float, length: str) -> str:
    """To the right of the product, read from the right."""
    x = right + GAP
    middle = (top + bottom) / 2
    marks = f"M{right + 16:.1f} {top:.1f}H{x + OVERHANG:.1f}M{right + 16:.1f} {bottom:.1f}"
    marks += f"H{x + OVERHANG:.1f}M{x:.1f} {top:.1f}V{bottom:.1f}"
    place = f"translate({x + 14:.1f} {middle:.1f}) rotate(-90)"
    return _drawn(
        marks,
        [(x, top), (x, bottom)],
        element("text", text(length), transform=place, y=LETTERS * 0.8, **_LETTERING),
    )


_LETTERING: dict[str, str | Number | None] = {
    "fill": "currentColor",
    "font_size": LETTERS,
    "font_family": "system-ui, sans-serif",
    "text_anchor": "middle",
    "fill_opacity": 0.8,
}


def _drawn(lines: str, ends: list[tuple[float, float]], label: str) -> str:
    half = TICK / 2
    ticks = "".join(
        f"M{x - half:.1f} {y + half:.1f}L{x + half:.1f} {y - half:.1f}" for x, y in ends
    )
    return element(
        "g",
        element("path", d=lines, stroke_opacity=0.45, stroke_width=1.6),
        element("path", d=ticks, stroke_opacity=0.8, stroke_width=3.2),
        label.replace("<text", '<text stroke="none"', 1),
        stroke="currentColor",
        fill="none",
        stroke_linecap="round",
        class_="measures",
    )
