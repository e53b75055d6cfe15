"""Faults of an expression that are found before anybody chooses anything."""

import pytest

from cosmo.lib.expressions import (
    BOOLEAN,
    NUMBER,
    TEXT,
    DocumentError,
    Environment,
    Kind,
    OptionKind,
    Reading,
    SetKind,
    check_kinds,
    parse,
)  # fmt: skip

ENVIRONMENT: Environment = {
    "width": OptionKind("an option", {"w600": {"mm": 600}, "w700": {"mm": 700, "note": "x"}}),
    "odd": OptionKind("an option", {"a": {"v": 1}, "b": {"v": "x"}}),
    "inside": SetKind("several options", frozenset({"wine", "ice"})),
    "height": NUMBER,
    "words": TEXT,
}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("width.mm + height * 2", NUMBER),
        ("width == 'w600' or 'wine' in inside", BOOLEAN),
        ("width", TEXT),
        ("'a' if height > 3 else width", TEXT),
        ("words + '-' + width", TEXT),
        ("len(words) + len(inside) + ceil(height / 3)", NUMBER),
        ("500 < width.mm <= height", BOOLEAN),
        ("width.note == 'y'", BOOLEAN),
        ("not (height in (1, 2)) and width not in ('w600', 'w700')", BOOLEAN),
        ("'steel' if width == 'w600' else 'glass'", TEXT),
    ],
)
def test_sound_expressions_have_no_faults(source: str, wanted: Kind) -> None:
    assert check_kinds(parse(source), ENVIRONMENT, wanted) == []


@pytest.mark.parametrize(
    ("source", "wanted", "codes"),
    [
        ("widht.mm", NUMBER, ["unknown_name"]),
        ("width.cm", NUMBER, ["unknown_attribute"]),
        ("odd.v + 1", NUMBER, ["wrong_kind"]),
        ("height.mm", NUMBER, ["wrong_kind"]),
        ("width == 'w60'", BOOLEAN, ["unknown_option"]),
        ("'w60' != width", BOOLEAN, ["unknown_option"]),
        ("width in ('w60', 'w600', 'w70')", BOOLEAN, ["unknown_option", "unknown_option"]),
        ("'herbs' in inside", BOOLEAN, ["unknown_option"]),
        ("width == 600", BOOLEAN, ["wrong_kind"]),
        ("words < 'b'", BOOLEAN, ["wrong_kind"]),
        ("inside == 'wine'", BOOLEAN, ["wrong_kind"]),
        ("'wine' in width", BOOLEAN, ["wrong_kind"]),
        ("height and True", BOOLEAN, ["wrong_kind"]),
        ("not words", BOOLEAN, ["wrong_kind"]),
        ("1 if height else 2", NUMBER, ["wrong_kind"]),
        ("1 if True else 'x'", NUMBER, ["wrong_kind"]),
        ("words + 1", NUMBER, ["wrong_kind"]),
        ("max(words, 1) + abs(inside)", NUMBER, ["wrong_kind", "wrong_kind"]),
        ("len(height)", NUMBER, ["wrong_kind"]),
        ("-words", NUMBER, ["wrong_kind"]),
        ("height", BOOLEAN, ["wrong_kind"]),
        ("height", TEXT, ["wrong_kind"]),
        ("inside", TEXT, ["wrong_kind"]),
        ("width == 'w60' and heigth > 3 and 'x' in inside", BOOLEAN,
         ["unknown_option", "unknown_name", "unknown_option"]),
    ],
)  # fmt: skip
def test_faults_are_found_all_of_them(source: str, wanted: Kind, codes: list[str]) -> None:
    faults = check_kinds(parse(source), ENVIRONMENT, wanted)
    assert [fault.code for fault in faults] == codes


def test_a_document_is_refused_once_with_everything_that_is_wrong() -> None:
    reading = Reading()
    assert reading.expression(("price", 0), "1 +") is None
    assert reading.expression(("price", 1), "heigth", ENVIRONMENT, NUMBER) is None
    assert reading.expression(("price", 2), 5, ENVIRONMENT, NUMBER) == parse("5")
    reading.unique_ids(("lines",), [{"id": "a"}, {"id": "b"}, {"id": "a"}], "Line")
    with pytest.raises(DocumentError) as raised:
        reading.finish()
    assert [(p.path, p.code) for p in raised.value.problems] == [
        (("price", 0), "syntax"), (("price", 1), "unknown_name"),
        (("lines", 2, "id"), "duplicate_id"),
    ]  # fmt: skip
    assert "lines.2.id: Line 'a' is defined twice" in str(raised.value)
