"""Three faces, each of a few font files: a character is cut from the first file that has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont


@dataclass(frozen=True, slots=True)
class FaceFile:
    """One font file.

    Attributes:
        name: Its name; all are copied beside the bundles (esbuild.mjs).
        thin: The thinnest stroke of its letters in parts of the em, measured on drawn glyphs.
    """

    name: str
    thin: float


def _files(prefix: str, thin: float, *scripts: str) -> tuple[FaceFile, ...]:
    return tuple(FaceFile(f"{prefix}-{script}-400-normal.woff", thin) for script in scripts)


FACES: Mapping[str, tuple[FaceFile, ...]] = {
    "sans": (
        *_files("source-sans-3", 0.06, "latin", "latin-ext", "cyrillic", "greek", "vietnamese"),
        *_files("noto-sans-sc", 0.07, "chinese-simplified"),
    ),
    "serif": (
        *_files("eb-garamond", 0.032, "latin", "latin-ext", "cyrillic", "greek", "vietnamese"),
        *_files("zcool-xiaowei", 0.038, "chinese-simplified"),
    ),
    "script": (
        *_files("dancing-script", 0.025, "latin", "latin-ext", "vietnamese"),
        *_files("ma-shan-zheng", 0.043, "chinese-simplified"),
    ),
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character, in parts of the em.

    Attributes:
        strokes: What a pen is told to draw it: method and points, y upwards from the baseline.
        left, right: Of its ink.
        thin: The thinnest stroke.
    """

    advance: float
    strokes: tuple[tuple[str, tuple[Any, ...]], ...]
    left: float
    right: float
    thin: float


class _OpenFile:
    """A font file that is read as far as it is asked. Not safe to share without its lock."""

    def __init__(self, path: Path, thin: float) -> None:
        self._path, self._thin, self._lock = path, thin, Lock()
        self._glyphs: dict[str, Glyph] = {}

    @cached_property
    def _font(self) -> TTFont:
        return TTFont(self._path, lazy=True)

    @cached_property
    def signs(self) -> frozenset[int]:
        return frozenset(self._font.getBestCmap())

    @cached_property
    def cap(self) -> float:
        """Height of a capital, in parts of the em."""
        return float(self._font["OS/2"].sCapHeight) / float(self._font["head"].unitsPerEm)

    def has(self, sign: str) -> bool:
        with self._lock:
            return ord(sign) in self.signs

    def glyph(self, sign: str) -> Glyph:
        with self._lock:
            if sign not in self._glyphs:
                self._glyphs[sign] = self._read(sign)
            return self._glyphs[sign]

    def _read(self, sign: str) -> Glyph:
        glyphs = self._font.getGlyphSet()
        glyph = glyphs[self._font.getBestCmap()[ord(sign)]]
        em = float(self._font["head"].unitsPerEm)
        recorded = DecomposingRecordingPen(glyphs)
        glyph.draw(TransformPen(recorded, (1 / em, 0, 0, 1 / em, 0, 0)))
        bounds = BoundsPen(glyphs)
        glyph.draw(bounds)
        left, _, right, _ = bounds.bounds or (0.0, 0.0, 0.0, 0.0)
        strokes = tuple(recorded.value)
        return Glyph(glyph.width / em, strokes, left / em, right / em, self._thin)


class Face:
    """One face: covers what any of its files covers."""

    def __init__(self, folder: Path, files: tuple[FaceFile, ...]) -> None:
        self._files = [_OpenFile(folder / file.name, file.thin) for file in files]

    def missing(self, text: str) -> str:
        """The first character it has not; "" when it has all."""
        return next((sign for sign in text if self._file(sign) is None), "")

    def glyphs(self, text: str) -> Iterator[Glyph]:
        """Of every character that it has."""
        for sign in text:
            if (file := self._file(sign)) is not None:
                yield file.glyph(sign)

    @property
    def cap(self) -> float:
        return self._files[0].cap

    def _file(self, sign: str) -> _OpenFile | None:
        return next((file for file in self._files if file.has(sign)), None)


class Faces(dict[str, Face]):
    """The faces of one folder, by name.

    Raises:
        FileNotFoundError: when a file is asked that the build did not put there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__({name: Face(folder, files) for name, files in FACES.items()})
