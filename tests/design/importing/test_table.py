"""A file with a fault is refused with the line of the fault, and nothing of it is read."""

import pytest

from design.importing import FileRefused, read_table
from tests.design.importing.stools import FILE, mapping

HEADER = "No,Height cm,Seat,Leg,Wood,Board,Maker\n"
GOOD = "1,45,320,30,OAK,30,Ida\n"


def test_good_file_has_its_rows_with_their_lines() -> None:
    table = read_table(FILE.read_bytes(), mapping())
    assert len(table.rows) == 17
    assert [(row.line, row.name) for row in table.rows[:2]] == [(2, "1"), (3, "2")]
    assert mapping().kept(table.header) == ("Board", "Maker")


def test_byte_order_mark_and_a_break_inside_quotes_are_read() -> None:
    raw = ("\ufeff" + HEADER + '1,45,320,30,OAK,30,"Ida\nPfeiffer"\n' + GOOD).encode()
    table = read_table(raw, mapping())
    assert [row.line for row in table.rows] == [2, 4]
    assert table.rows[0].cells["Maker"] == "Ida\nPfeiffer"


def test_same_row_on_another_line_has_the_same_content() -> None:
    one, other, third = read_table((HEADER + GOOD + GOOD + "2" + GOOD[1:]).encode(), mapping()).rows
    assert one.content_hash == other.content_hash
    assert one.content_hash != third.content_hash


@pytest.mark.parametrize(
    ("raw", "line", "sentence"),
    [
        (b"", 1, "The file is empty"),
        (b"No,Height cm,Leg,Wood,Board\n", 1, "The header lacks 'Seat'"),
        ((HEADER.replace("Maker", "Leg") + GOOD).encode(), 1, "names column 'Leg' twice"),
        ((HEADER + GOOD + "2,45,320\n").encode(), 3, "too short: it has 3 values, the header 7"),
        ((HEADER + GOOD.replace("Ida", "Ida,x")).encode(), 2, "too long"),
        ((HEADER + GOOD + "\n" + GOOD).encode(), 3, "too short: it has 0 values"),
        ((HEADER + GOOD.replace("320", "NaN")).encode(), 2, "Column 'Seat' holds 'NaN'"),
        ((HEADER + GOOD.replace("320", "-inf")).encode(), 2, "no finite number"),
        ((HEADER + GOOD.replace("Ida", "nan")).encode(), 2, "Column 'Maker' holds 'nan'"),
        ((HEADER + GOOD.replace("320", "3 20")).encode(), 2, "holds '3 20', not a number"),
        ((HEADER + GOOD.replace("320", "1e999")).encode(), 2, "not a number"),
        ((HEADER + GOOD.replace("320", "0x10")).encode(), 2, "not a number"),
        ((HEADER + GOOD + GOOD.replace("Ida", "Jos\xe9")).encode("latin-1"), 3, "0xe9 is not UTF"),
        ((HEADER + GOOD.replace("Ida", "I\0a")).encode(), 2, "value 0"),
        ((HEADER + GOOD + '2,45,320,30,OAK,30,"Ida\n').encode(), 3, "no CSV row"),
        ((HEADER + GOOD).encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_fault_is_told_with_its_line(raw: bytes, line: int, sentence: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_table(raw, mapping())
    assert refused.value.line == line
    assert sentence in refused.value.sentence
