"""One line of letters as it will be made: placed glyph by glyph, measured, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from .book import Space
from .faces import Face, Glyph

LineFaultCode = Literal["glyph_missing", "too_wide", "too_small", "too_thin"]
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """All lengths in mm.

    Attributes:
        path: SVG path of all letters in thousandths of the em, from x = 0 on the baseline.
        em: Size of the em.
        width: Of the ink.
        height: Of a capital.
        stroke: The thinnest stroke.
    """

    path: str
    em: float
    width: float
    height: float
    stroke: float


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why a text cannot be made in a space.

    Attributes:
        sign: The character the face has not.
        said, limit: The length in mm that is too much or too little, and what it may be.
        fits: How many characters of the text would do; 0 where shortening is of no use.
        height: Of a capital in mm: with which the stroke would be thick enough, or the whole text
            would fit; 0 where neither helps.
    """

    code: LineFaultCode
    sign: str = ""
    said: float = 0.0
    limit: float = 0.0
    fits: int = 0
    height: float = 0.0


def set_line(face: Face, space: Space, text: str) -> tuple[Line, LineFault | None]:
    """The line as far as it can be drawn, and the first thing that stands against making it."""
    line = _line(face, space, text)
    missing = face.missing(text)
    if missing:
        return line, LineFault("glyph_missing", sign=missing)
    return line, _fault(face, space, text, line)


def longest_fitting(face: Face, space: Space, text: str) -> int:
    """How many characters from the beginning can be made; 0 when not even one."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        part = text[:middle].rstrip()
        if _measured(space, _line(face, space, part)) is None:
            low = middle
        else:
            high = middle - 1
    return len(text[:low].rstrip())


def _fault(face: Face, space: Space, text: str, line: Line) -> LineFault | None:
    found = _measured(space, line)
    if found is None:
        return None
    code, said, limit = found
    height = 0.0 if code == "too_small" else line.height * limit / said
    fits = longest_fitting(face, space, text)
    return LineFault(code, said=said, limit=limit, fits=fits, height=height)


def _measured(space: Space, line: Line) -> tuple[LineFaultCode, float, float] | None:
    width, least, thin = float(space.width), float(space.least_height), float(space.least_stroke)
    if line.width > width + _TOLERANCE:
        return "too_wide", line.width, width
    if line.height < least - _TOLERANCE:
        return "too_small", line.height, least
    if line.stroke < thin - _TOLERANCE:
        return "too_thin", line.stroke, thin
    return None


def _line(face: Face, space: Space, text: str) -> Line:
    placed: list[tuple[float, Glyph]] = []
    at = 0.0
    for glyph in face.glyphs(text):
        if glyph.strokes:
            placed.append((at, glyph))
        at += glyph.advance
    left = min((x + glyph.left for x, glyph in placed), default=0.0)
    ink = max((x + glyph.right for x, glyph in placed), default=0.0) - left
    em = float(space.height) / face.cap
    if space.shrinks and ink * em > float(space.width):
        em = float(space.width) / ink
    thin = min((glyph.thin for _, glyph in placed), default=0.0)
    return Line(_path(placed, left), em, ink * em, em * face.cap, thin * em)


def _path(placed: Sequence[tuple[float, Glyph]], left: float) -> str:
    drawn = SVGPathPen(None, ntos=lambda value: str(round(value)))
    for x, glyph in placed:
        # A thousandth of the em is fine enough; up is down in SVG.
        pen = TransformPen(drawn, (1000, 0, 0, -1000, (x - left) * 1000, 0))
        for name, points in glyph.strokes:
            getattr(pen, name)(*points)
    return str(drawn.getCommands())
