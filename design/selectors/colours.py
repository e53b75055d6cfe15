"""Which colour a design is, as a person would ask for it."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from design.lifecycle import ColourFamily
from design.shape import Part

SEEN_THROUGH = frozenset({"glass", "emissive"})


WOODEN = frozenset({"wood", "woven"})


def main_family(parts: Iterable[Part]) -> ColourFamily:
    """The family of the material with the most surface; wood is wood, however light."""
    surface: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.kind == "text" or part.finish in SEEN_THROUGH:
            continue
        width, depth, height = part.size
        if part.kind == "tube":  # the box around a slanted tube says little of its surface
            surface[part.colour, part.finish] += part.diameter * max(part.size)
        else:
            surface[part.colour, part.finish] += width * depth + width * height + depth * height
    colour, finish = max(surface, key=lambda one: (surface[one], one), default=("", ""))
    return ColourFamily.BROWN if finish in WOODEN else colour_family(colour)


def colour_family(colour: str) -> ColourFamily:
    """The family of a ``#rrggbb``; grey for none.

    By hue where there is colour to speak of, else by lightness; dark and dull orange is wood.
    """
    if not colour:
        return ColourFamily.GREY
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    lightest, darkest = max(red, green, blue), min(red, green, blue)
    chroma, lightness = lightest - darkest, (lightest + darkest) / 2
    if lightness < 45 and chroma < 30:
        return ColourFamily.BLACK
    if lightness > 225 and chroma < 40:
        return ColourFamily.WHITE
    if chroma < 20:
        return ColourFamily.GREY
    return _by_hue(_hue(red, green, blue, lightest, chroma), chroma, lightness)


def _by_hue(hue: float, chroma: int, lightness: float) -> ColourFamily:
    if hue < 18 or hue >= 320:
        return ColourFamily.RED
    if hue < 70:
        if lightness < 165 and chroma < 130:
            return ColourFamily.BROWN
        return ColourFamily.YELLOW
    return ColourFamily.GREEN if hue < 170 else ColourFamily.BLUE


def _hue(red: int, green: int, blue: int, lightest: int, chroma: int) -> float:
    """Degrees on the colour wheel, 0 <= hue < 360."""
    if lightest == red:
        return 60 * ((green - blue) / chroma % 6)
    if lightest == green:
        return 60 * ((blue - red) / chroma + 2)
    return 60 * ((red - green) / chroma + 4)
