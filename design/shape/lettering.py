"""How large a text can be written in a given space, without measuring a font.

Widths are those of common sans-serif faces in parts of the font size, rounded up: what fits here
fits in the browser, whichever of its fonts is used.
"""

import unicodedata

_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMWGOQ@%&")
LINE = 1.15
"""Height of a line in parts of the font size, from the top of É to the bottom of g."""
BASELINE = 0.28
"""Height of the baseline over the bottom of the line, in parts of the font size."""


def text_width(text: str) -> float:
    """Width of ``text`` in parts of its font size."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    if sign in _NARROW:
        return 0.4
    if sign in _WIDE:
        return 0.95
    return 0.74 if sign.isupper() else 0.62


def font_size(text: str, width: float, height: float) -> float:
    """The largest font size, in the unit of the space, with which ``text`` fits in one line."""
    return min(height / LINE, width / max(text_width(text), 0.1))
