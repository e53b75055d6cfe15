"""What the studio says about a line of letters: its size, or what is wrong and what helps."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cosmo.lib.formats import format_number
from design.lettering import LineFault
from design.selectors.lettering import WrittenLine, line_svg


@dataclass(frozen=True, slots=True)
class LineView:
    """One text under its field.

    Attributes:
        said: Its size in words.
        faults: Sentences; empty where it can be made.
    """

    feature: str
    picture: SafeString
    said: str
    faults: tuple[str, ...]


def view_line(written: WrittenLine) -> LineView:
    said = _("Letters %(height)s mm high; %(width)s of %(room)s mm wide.") % {
        "height": _mm(written.line.height),
        "width": _mm(written.line.width, ROUND_CEILING),
        "room": _mm(float(written.space.width), ROUND_FLOOR),
    }
    faults = tuple(fault_sentences(written)) if written.fault else ()
    return LineView(written.feature, line_svg(written), said, faults)


def fault_sentences(written: WrittenLine) -> Iterator[str]:
    """What is wrong, then what would do."""
    fault = written.fault
    if fault is None:
        return
    facts = {
        "sign": _sign(fault.sign),
        "said": _mm(fault.said, ROUND_CEILING if fault.code == "too_wide" else ROUND_FLOOR),
        "limit": _mm(fault.limit, ROUND_FLOOR if fault.code == "too_wide" else ROUND_CEILING),
    }
    match fault.code:
        case "glyph_missing":
            yield _(
                "This lettering has no “%(sign)s”. Take another lettering, or leave it out."
            ) % (facts)
            return
        case "too_wide":
            yield _("It would be %(said)s mm wide; %(limit)s mm are there.") % facts
        case "too_small":
            yield (
                _("So many letters would be %(said)s mm high; under %(limit)s mm none can be made.")
                % facts
            )
        case "too_thin":
            yield (
                _("Its finest lines would be %(said)s mm; under %(limit)s mm none can be made.")
                % facts
            )
    yield from _ways_out(written, fault)


def _ways_out(written: WrittenLine, fault: LineFault) -> Iterator[str]:
    fitting = written.text[: fault.fits].rstrip()
    if fault.fits:
        yield _("This much fits: “%(text)s”.") % {"text": fitting}
    if fault.code == "too_wide" and fault.height >= float(written.space.least_height):
        yield _("Or choose letters of at most %(height)s mm.") % {
            "height": _mm(fault.height, ROUND_FLOOR)
        }
    elif fault.code == "too_thin":
        yield _("Or take a lettering with stronger lines.")
    elif not fault.fits:
        yield _("Choose a larger place for it.")


def _sign(sign: str) -> str:
    """A character as it can be pointed at; one that shows nothing by its number."""
    is_seen = sign.strip() and unicodedata.category(sign)[0] not in "CM"
    return sign if is_seen else f"U+{ord(sign):04X}" if sign else ""


def _mm(length: float, rounding: str = ROUND_HALF_EVEN) -> str:
    """Whole millimetres, tenths and hundredths where they matter."""
    finest = Decimal("0.01") if length < 1 else Decimal("0.1") if length < 30 else Decimal(1)
    # What a float adds at the ninth place must not round 24 up to 24.1.
    return format_number(round(Decimal(length), 6).quantize(finest, rounding=rounding))
