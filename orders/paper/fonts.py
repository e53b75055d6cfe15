"""The one typeface on paper, for Latin and Chinese alike, embedded in every document.

It comes with the browser libraries at install time (ADR 0089). A WOFF file is a TrueType file in
a box; it is unpacked in memory once a process.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
FILES = {
    REGULAR: "noto-sans-sc-chinese-simplified-400-normal.woff",
    BOLD: "noto-sans-sc-chinese-simplified-700-normal.woff",
}


@cache
def load_fonts() -> None:
    """Register both weights.

    Raises:
        FileNotFoundError: the browser libraries are not built (``make setup``).
    """
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, _unpacked(settings.COSMO_FONTS / file)))
    addMapping(REGULAR, 0, 0, REGULAR)
    addMapping(REGULAR, 1, 0, BOLD)


def _unpacked(path: Path) -> BytesIO:
    font = FontFile(path)
    font.flavor = None
    unpacked = BytesIO()
    font.save(unpacked)
    unpacked.seek(0)
    return unpacked
