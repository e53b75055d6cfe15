"""Letters as a picture: white on nothing, as large as they fit into their place."""

from functools import cache
from io import BytesIO
from math import dist
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from .lettering import BASELINE, LINE
from .part import Part

FINEST, WIDEST = 96, 2048
"""Height of a line of letters and most width, in pixels."""


def letters_image(part: Part, font: Path) -> Image.Image:
    """A mask: 255 where there is a letter."""
    wide, high = _place(part)
    scale = min(FINEST / high, WIDEST / wide)
    size = (max(2, round(wide * scale)), max(2, round(high * scale)))
    image = Image.new("L", size)
    letters = size[1] / LINE
    width = _font(font, round(letters)).getlength(part.text)
    if width > size[0] * 0.98:
        letters *= size[0] * 0.98 / width
    line = size[1] / 2 + letters * (0.5 - BASELINE + 0.13)
    ImageDraw.Draw(image).text(
        (size[0] / 2, line), part.text, 255, _font(font, max(4, int(letters))), anchor="ms"
    )
    return image


def letters_png(part: Part, font: Path) -> bytes:
    mask = letters_image(part, font)
    picture = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    picture.putalpha(mask)
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _place(part: Part) -> tuple[float, float]:
    if part.ends is None:
        return float(part.size[0]), float(part.size[2])
    one, other = (tuple(float(side) for side in end) for end in part.ends)
    return dist(one, other), float(part.diameter)


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
