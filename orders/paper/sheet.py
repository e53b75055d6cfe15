"""A quote, a confirmation or an invoice as one PDF in A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from orders.paper.fonts import BOLD, REGULAR, load_fonts

INK, SOFT, LINE = HexColor("#1f1d1a"), HexColor("#5f594f"), HexColor("#c9c3b8")
WIDTH = A4[0] - 40 * mm
FRAME = 6  # points that the page's frame keeps free inside its margins
COLUMNS = (WIDTH - 96 * mm, 16 * mm, 28 * mm, 18 * mm, 34 * mm)


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys; ``lines`` as they stand on an envelope."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One order line. Amounts are written already, in the reader's language."""

    name: str
    notes: Sequence[str]
    quantity: str
    each: str
    tax: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sum:
    name: str
    amount: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on the paper.

    Attributes:
        language: Of the words, for readers that speak the document.
        headings: Of the five columns of rows: what, quantity, each, tax, amount.
        facts: Pairs of a name and what is said of it: date, day of delivery, valid until.
        notes: Sentences below the sums.
    """

    language: str
    title: str
    number: str
    parties: Sequence[Party]
    facts: Sequence[tuple[str, str]]
    headings: tuple[str, str, str, str, str]
    rows: Sequence[Row]
    sums: Sequence[Sum]
    notes: Sequence[str] = ()


def render_pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF with its font embedded; the same sheet gives the same bytes."""
    load_fonts()
    written = BytesIO()
    document = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=20 * mm - FRAME,
        rightMargin=20 * mm - FRAME,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=f"{sheet.title} {sheet.number}",
        author=sheet.parties[0].lines[0] if sheet.parties and sheet.parties[0].lines else "Cosmo",
        lang=sheet.language,
        invariant=1,
    )
    document.build(_story(sheet), onFirstPage=_foot(sheet), onLaterPages=_foot(sheet))
    return written.getvalue()


def _story(sheet: Sheet) -> list[Flowable]:
    words = _Words(sheet.language)
    return [
        words.text(sheet.title, size=22, bold=True),
        Spacer(1, 1 * mm),
        words.text(sheet.number, soft=True),
        Spacer(1, 8 * mm),
        _side_by_side(sheet, words),
        Spacer(1, 8 * mm),
        _table(sheet, words),
        Spacer(1, 6 * mm),
        *(words.text(note, soft=True) for note in sheet.notes),
    ]


class _Words:
    """Paragraphs in the sheet's language; Chinese may break anywhere, Latin between words."""

    def __init__(self, language: str) -> None:
        self.wrap = "CJK" if language.startswith("zh") else None

    def text(
        self,
        text: str,
        *,
        size: float = 9.5,
        bold: bool = False,
        soft: bool = False,
        right: bool = False,
    ) -> Paragraph:
        style = ParagraphStyle(
            "words",
            fontName=BOLD if bold else REGULAR,
            fontSize=size,
            leading=size * 1.45,
            textColor=SOFT if soft else INK,
            wordWrap=self.wrap,
            alignment=TA_RIGHT if right else TA_LEFT,
        )
        return Paragraph(escape(text), style)


def _side_by_side(sheet: Sheet, words: _Words) -> Table:
    """Seller, buyer and the facts in one row."""
    cells: list[list[Flowable]] = [
        [words.text(party.heading, size=8, soft=True), *(words.text(line) for line in party.lines)]
        for party in sheet.parties
    ]
    facts: list[Flowable] = []
    for name, value in sheet.facts:
        facts += [words.text(name, size=8, soft=True), words.text(value), Spacer(1, 1.5 * mm)]
    cells.append(facts)
    table = Table([cells], colWidths=[WIDTH / len(cells)] * len(cells))
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return table


def _table(sheet: Sheet, words: _Words) -> Table:
    heads = [
        words.text(heading, size=8, soft=True, right=bool(number))
        for number, heading in enumerate(sheet.headings)
    ]
    lines: list[list[Any]] = [heads]
    for row in sheet.rows:
        what = [words.text(row.name, bold=True)]
        what += [words.text(note, size=8, soft=True) for note in row.notes]
        numbers = (row.quantity, row.each, row.tax, row.amount)
        lines.append([what, *(words.text(number, right=True) for number in numbers)])
    for one in sheet.sums:
        name = words.text(one.name, bold=one.is_total)
        lines.append([name, "", "", "", words.text(one.amount, bold=one.is_total, right=True)])
    table = Table(lines, colWidths=COLUMNS, repeatRows=1)
    first_sum = 1 + len(sheet.rows)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("LINEBELOW", (0, 0), (-1, first_sum - 1), 0.5, LINE),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
        ]
    )
    return table


def _foot(sheet: Sheet) -> Any:
    """The number and the page at the foot of every page."""

    def draw(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(SOFT)
        canvas.drawString(20 * mm, 11 * mm, f"{sheet.title} {sheet.number}")
        canvas.drawRightString(A4[0] - 20 * mm, 11 * mm, str(document.page))
        canvas.restoreState()

    return draw
