"""A YAML file becomes plain values with places, or is refused with the line that is wrong."""

from pathlib import Path

import pytest
import yaml

from cosmo.lib.documents import CatalogueInvalid, Document, Place, content_hash, read_document
from cosmo.lib.documents import reader as reader_module


def read(tmp_path: Path, text: str | bytes) -> Document:
    file = tmp_path / "offer.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(file, name="offer.yaml")


def fault(tmp_path: Path, text: str | bytes) -> tuple[str, int, int]:
    with pytest.raises(CatalogueInvalid) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.file == "offer.yaml"
    assert problem.sentence.endswith((".", "quotes."))
    return problem.code, problem.place.line, problem.place.column


@pytest.fixture(params=["C", "Python"], autouse=True)
def _both_parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wheels of PyYAML without libyaml exist; both parsers have to answer alike."""
    loader = yaml.SafeLoader if request.param == "Python" else yaml.CSafeLoader
    monkeypatch.setattr(reader_module, "_LOADER", loader)


def test_words_keep_their_meaning_and_surprises_stay_texts(tmp_path: Path) -> None:
    text = """
whole: 12
negative: -3
yes_word: yes
time: 06:00
date: 2026-12-24
quoted: "12"
zero_padded: 007
colour: '#aabbcc'
truth: true
empty:
octal: 0o17
under: 1_000
huge: 1234567890123456789
12: key of digits
list: [a, 1, null]
"""
    assert read(tmp_path, text).content == {
        "whole": 12,
        "negative": -3,
        "yes_word": "yes",
        "time": "06:00",
        "date": "2026-12-24",
        "quoted": "12",
        "zero_padded": "007",
        "colour": "#aabbcc",
        "truth": True,
        "empty": None,
        "octal": "0o17",
        "under": "1_000",
        "huge": "1234567890123456789",
        "12": "key of digits",
        "list": ["a", 1, None],
    }


def test_every_value_has_its_line(tmp_path: Path) -> None:
    document = read(tmp_path, "format: x\nrules:\n  - id: R01\n    when: a\n  - {id: R02}\n")
    assert document.line_of(("rules",)) == 2
    assert document.line_of(("rules", 0)) == 3
    assert document.line_of(("rules", 0, "when")) == 4
    assert document.place_of(("rules", 1, "id")) == Place(5, 6)


def test_what_is_not_there_is_placed_at_what_surrounds_it(tmp_path: Path) -> None:
    document = read(tmp_path, "format: x\nrules:\n  - id: R01\n")
    assert document.line_of(("rules", 0, "then")) == 3
    assert document.line_of(("rules", 7)) == 2
    assert document.line_of(("nothing", "here")) == 1


def test_problem_names_entries_as_their_author_does(tmp_path: Path) -> None:
    text = "rules:\n  - id: R01\n    table: {rows: [[a, b]]}\n"
    problem = read(tmp_path, text).problem(
        ("rules", 0, "table", "rows", 0, 1), "unknown_option", "There is no option 'b'."
    )
    assert problem.path == "rules.R01.table.rows[0][1]"
    assert str(problem) == ("offer.yaml:3:24: rules.R01.table.rows[0][1]: There is no option 'b'.")


def test_mark_at_the_start_is_harmless(tmp_path: Path) -> None:
    document = read(tmp_path, b"\xef\xbb\xbfformat: x\n")
    assert document.content == {"format": "x"}
    assert document.place_of(("format",)) == Place(1, 1)


def test_chinese_does_not_shift_columns(tmp_path: Path) -> None:
    document = read(tmp_path, "{名: 冰箱, name: x}\n")
    assert document.place_of(("name",)) == Place(1, 9)


BROKEN: dict[str, tuple[str | bytes, tuple[str, int, int]]] = {
    "empty": ("", ("no_mapping", 1, 1)),
    "only a comment": ("# later\n", ("no_mapping", 1, 1)),
    "a list": ("- a\n- b\n", ("no_mapping", 1, 1)),
    "not UTF-8": (b"format: x\nname: K\xfchl\n", ("not_utf8", 2, 8)),
    "UTF-16": ("format: x\n".encode("utf-16"), ("not_utf8", 1, 1)),
    "tab": ("rules:\n\t- id: R01\n", ("tab", 2, 1)),
    "tab between spaces": ("a:\n  b: 1\n \tc: 2\n", ("tab", 3, 2)),
    "open quote": ('format: x\nname: "y\n', ("syntax", 3, 1)),
    "open bracket": ("format: x\nlist: [a, b\nnext: c\n", ("syntax", 3, 5)),
    "colon in a text": ("format: x\nname: a: b\n", ("syntax", 2, 8)),
    "twice the same key": ("format: x\nname: y\nformat: z\n", ("duplicate_key", 3, 1)),
    "twice the same key inside": ("a: {b: 1, b: 2}\n", ("duplicate_key", 1, 11)),
    "alias": ("a: &x [1, 2]\nb: *x\n", ("alias", 2, 4)),
    "tag": ("a: !!python/object/apply:os.system [ls]\n", ("tag", 1, 4)),
    "own tag": ("a: !secret x\n", ("tag", 1, 4)),
    "second document": ("a: 1\n---\nb: 2\n", ("second_document", 2, 1)),
    "deep": ("a: " + "[" * 200 + "]" * 200 + "\n", ("too_deep", 1, 23)),
    "control character": ("a: 1\nb: x\x07y\n", ("control_character", 2, 5)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    text, expected = BROKEN[name]
    assert fault(tmp_path, text) == expected


def test_key_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, "a: 1\n? [a, b]\n: 1\n")[:2] == ("key", 2)


def test_duplicate_key_says_where_the_first_one_is(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match="first in line 2") as caught:
        read(tmp_path, "format: x\nname: y\nrules: []\nname: z\nname: w\n")
    assert [problem.place.line for problem in caught.value.problems] == [4, 5]


def test_unfolding_aliases_are_refused_before_they_unfold(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert fault(tmp_path, bomb)[0] == "alias"


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    text = "a: " + "x" * reader_module.MAX_BYTES
    assert fault(tmp_path, text) == ("file_too_large", 1, 1)


def test_too_many_values_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAX_VALUES", 10)
    assert fault(tmp_path, f"a: [{', '.join('x' * 12)}]\n")[0] == "too_many_values"


def test_missing_file_is_a_fault_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        read_document(tmp_path / "offer.yaml")
    (problem,) = caught.value.problems
    assert problem.code == "file_unreadable"
    assert problem.file == str(tmp_path / "offer.yaml")


def test_hash_ignores_layout_and_order_but_no_value(tmp_path: Path) -> None:
    first = read(tmp_path, "a: 1\nb: {c: x, d: [1, 2]}\n")
    second = read(tmp_path, "# the same\nb:\n  d: [1, 2]\n  c: 'x'\n\na: 1\n")
    other = read(tmp_path, "a: 1\nb: {c: x, d: [2, 1]}\n")
    text = read(tmp_path, "a: '1'\nb: {c: x, d: [1, 2]}\n")
    assert first.content_hash == second.content_hash == content_hash(first.content)
    assert len({first.content_hash, other.content_hash, text.content_hash}) == 3


def test_hash_refuses_floats_and_foreign_keys() -> None:
    with pytest.raises(ValueError, match=r"0\.1 is a float"):
        content_hash({"a": [{"b": 0.1}]})
    with pytest.raises(ValueError, match="Key 1 is not a text"):
        content_hash({"a": {1: "x"}})
