"""The customer's words as the machine will make them, or why it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from design.compile import CompiledOffer
from design.lettering import Faces, Line, LineFault, Space, is_refused, set_line
from design.rules import ChoiceError, Feature, Selection

AROUND_MM = 4.0


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One text of a design in its place."""

    feature: str
    text: str
    space: Space
    line: Line
    fault: LineFault | None


@cache
def faces() -> Faces:
    """The faces the factory cuts; their files are built with the browser libraries."""
    return Faces(settings.COSMO_FONTS)


def written_lines(
    compiled: CompiledOffer, selection: Selection, *, without: str = ""
) -> Iterator[WrittenLine]:
    """Every text of a design that has a place; ``without`` is one that nobody wrote yet."""
    for space in compiled.lettering_book.spaces(compiled.scope(selection)):
        text = str(selection.get(space.feature, ""))
        if text and space.feature != without:
            line, fault = set_line(faces()[space.face], space, text)
            yield WrittenLine(space.feature, text, space, line, fault)


def check_words(compiled: CompiledOffer, feature: Feature, text: str) -> None:
    """
    Raises:
        ChoiceError: the text says a word that is not made (``text_refused``).
    """
    if is_refused(text, compiled.lettering_book.refused_words.get(feature.id, ())):
        sentence = f"'{feature.id}' says a word that is not made; write something else."
        raise ChoiceError(feature.id, text, sentence, "text_refused")


def line_svg(written: WrittenLine) -> SafeString:
    """The line in its place, in millimetres, drawn with the outlines the machine follows."""
    wide = max(float(written.space.width), written.line.width)
    high = float(written.space.height) * 1.6
    scale = written.line.em / 1000
    baseline = high / 2 + written.line.height / 2
    return format_html(
        '<svg class="studio-line" viewBox="{} {} {} {}" aria-hidden="true" focusable="false">'
        '<rect class="studio-line-room" x="{}" y="0" width="{}" height="{}" rx="1"/>'
        '<path transform="translate({} {}) scale({})" d="{}" fill="currentColor"/></svg>',
        *_numbers(-AROUND_MM, -AROUND_MM, wide + 2 * AROUND_MM, high + 2 * AROUND_MM),
        *_numbers((wide - float(written.space.width)) / 2, float(written.space.width), high),
        *_numbers((wide - written.line.width) / 2, baseline),
        f"{scale:.5f}",
        written.line.path,
    )


def _numbers(*values: float) -> list[str]:
    return [f"{value:.2f}" for value in values]
