"""A CSV file from outside: read whole, or refused with the line of its first fault."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .mapping import ColumnMapping

MAX_BYTES = 64 * 1024 * 1024
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,60})?|\.\d{1,60})([eE][+-]?\d{1,2})?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_SHOWN = 40


class FileRefused(Exception):
    """A file of which nothing is imported.

    Attributes:
        line: Where the fault is, from 1.
        sentence: What it is, and what to do.
    """

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"Line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One design of the file.

    Attributes:
        line: Of the file, from 1; the header is on line 1.
        cells: Every column with its text.
    """

    line: int
    name: str
    cells: dict[str, str]

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the row says, whatever line it stands on."""
        written = json.dumps(self.cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(raw: bytes, mapping: ColumnMapping) -> Table:
    """Every row of a comma-separated UTF-8 file with a header.

    Raises:
        FileRefused: wrong encoding, a header without a needed column, a row of another length, a
            number that is none or not finite.
    """
    lines = _lines(_decoded(raw))
    first = next(lines, None)
    if first is None:
        raise FileRefused(1, "The file is empty; it needs a header with the names of the columns.")
    header = tuple(first[1])
    _check_header(header, mapping)
    numbers = _number_columns(header, mapping)
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            short = "short" if len(cells) < len(header) else "long"
            raise FileRefused(
                line,
                f"The row is too {short}: it has {len(cells)} values, the header {len(header)}.",
            )
        _check_cells(line, header, cells, numbers)
        row = dict(zip(header, cells, strict=True))
        name = str(line) if mapping.name_column is None else row[mapping.name_column]
        rows.append(Row(line, name, row))
    return Table(header, tuple(rows))


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise FileRefused(1, f"The file has {len(raw):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wrong = raw[error.start]
        sentence = f"Byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8."
        raise FileRefused(line, sentence) from error


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileRefused(line, "A character of value 0 stands here; this is no text file.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(start, f"This is no CSV row ({error}).") from error
        if cells is None:
            return
        yield start, cells


def _check_header(header: Sequence[str], mapping: ColumnMapping) -> None:
    seen: set[str] = set()
    for column in header:
        if column in seen:
            raise FileRefused(1, f"The header names column '{column}' twice.")
        seen.add(column)
    missing = [column for column in mapping.needed if column not in seen]
    if missing:
        listed = ", ".join(f"'{column}'" for column in missing)
        raise FileRefused(1, f"The header lacks {listed}; is this a file of {mapping.source}?")


def _number_columns(header: Sequence[str], mapping: ColumnMapping) -> list[bool]:
    wanted = {column.column for column in mapping.mapped if column.options is None}
    wanted |= {column.column for column in mapping.fixed}
    return [column in wanted for column in header]


def _check_cells(
    line: int, header: Sequence[str], cells: Sequence[str], numbers: Sequence[bool]
) -> None:
    for column, cell, is_number in zip(header, cells, numbers, strict=True):
        text = cell.strip()
        if _NOT_FINITE.fullmatch(text):
            raise FileRefused(line, f"Column '{column}' holds '{text}', which is no finite number.")
        if is_number and text and not _NUMBER.fullmatch(text):
            raise FileRefused(line, f"Column '{column}' holds '{text[:_SHOWN]}', not a number.")


def number_in(cell: str) -> Decimal | None:
    """The number of a checked cell; None if it is empty."""
    text = cell.strip()
    return Decimal(text) if text else None
