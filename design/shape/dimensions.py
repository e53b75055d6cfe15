"""Dimension lines beside an elevation, in the colour of the page's text."""

from .svg import Number, element, text

GAP, OVERHANG, TICK, LETTERS = 46.0, 14.0, 13.0, 56.0
"""Distance to the product, ends of the auxiliary lines, size of the ticks and letters, in mm."""
CLEAR = 16.0
"""Between the product and the auxiliary lines, in mm."""


def width_line(left: float, right: float, bottom: float, length: str, scale: float = 1.0) -> str:
    """Below the product, ``bottom`` being the floor; ``scale`` enlarges all but the length."""
    y = bottom + GAP * scale
    start, end = bottom + CLEAR * scale, y + OVERHANG * scale
    middle = (left + right) / 2
    marks = f"M{left:.1f} {start:.1f}V{end:.1f}M{right:.1f} {start:.1f}"
    marks += f"V{end:.1f}M{left:.1f} {y:.1f}H{right:.1f}"
    label = element(
        "text", text(length), x=middle, y=y + (LETTERS + 8) * scale, **_lettering(scale)
    )
    return _drawn(marks, [(left, y), (right, y)], label, scale)


def height_line(top: float, bottom: float, right: float, length: str, scale: float = 1.0) -> str:
    """To the right of the product, read from the right."""
    x = right + GAP * scale
    start, end = right + CLEAR * scale, x + OVERHANG * scale
    middle = (top + bottom) / 2
    marks = f"M{start:.1f} {top:.1f}H{end:.1f}M{start:.1f} {bottom:.1f}"
    marks += f"H{end:.1f}M{x:.1f} {top:.1f}V{bottom:.1f}"
    place = f"translate({x + 14 * scale:.1f} {middle:.1f}) rotate(-90)"
    label = element(
        "text", text(length), transform=place, y=LETTERS * 0.8 * scale, **_lettering(scale)
    )
    return _drawn(marks, [(x, top), (x, bottom)], label, scale)


def _lettering(scale: float) -> dict[str, str | Number | None]:
    return {
        "fill": "currentColor",
        "font_size": LETTERS * scale,
        "font_family": "system-ui, sans-serif",
        "text_anchor": "middle",
        "fill_opacity": 0.8,
    }


def _drawn(lines: str, ends: list[tuple[float, float]], label: str, scale: float) -> str:
    half = TICK / 2 * scale
    ticks = "".join(
        f"M{x - half:.1f} {y + half:.1f}L{x + half:.1f} {y - half:.1f}" for x, y in ends
    )
    return element(
        "g",
        element("path", d=lines, stroke_opacity=0.45, stroke_width=1.6 * scale),
        element("path", d=ticks, stroke_opacity=0.8, stroke_width=3.2 * scale),
        label.replace("<text", '<text stroke="none"', 1),
        stroke="currentColor",
        fill="none",
        stroke_linecap="round",
        class_="measures",
    )
