"""What cannot be read is refused with a code, its line and the offending text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from design.rules import Rule
from design.rules.exchange import (
    FileModel,
    FileModelError,
    files,
    read_dimacs,
    read_model,
    read_uvl,
)


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("", "no_header", 0, "p cnf"),
        ("c only words\n\n", "no_header", 0, "p cnf"),
        ("1 2 0\np cnf 2 1\n", "no_header", 1, "`1 2 0`"),
        ("p cnf 2\n", "bad_header", 1, "`p cnf 2`"),
        ("p dnf 2 1\n1 0\n", "bad_header", 1, "`p dnf 2 1`"),
        ("p cnf two 1\n", "bad_header", 1, "`p cnf two 1`"),
        ("p cnf -2 1\n", "bad_header", 1, "`p cnf -2 1`"),
        ("p cnf 2 0\np cnf 2 0\n", "second_header", 2, "line 1"),
        ("p cnf 999999999 0\n", "too_many_features", 1, "999,999,999"),
        ("p cnf 2 1\n1 2\n", "clause_not_ended", 2, "`1 2`"),
        ("p cnf 2 2\n1 0\n1\n\n-2\n", "clause_not_ended", 3, "`1 -2`"),
        ("c x\np cnf 2 1\n1 0\n2 0\n", "clause_count", 2, "1 clauses, 2 are there"),
        ("p cnf 2 3\n1 0\n2 0\n", "clause_count", 1, "3 clauses, 2 are there"),
        ("p cnf 2 1\n1 3 0\n", "literal_out_of_range", 2, "3 is beyond the 2"),
        ("p cnf 2 1\r\n1 -3 0\r\n", "literal_out_of_range", 2, "-3 is beyond the 2"),
        ("p cnf 2 1\n1 x 0\n", "not_a_number", 2, "`x`"),
        ("p cnf 2 1\n1 1.5 0\n", "not_a_number", 2, "`1.5`"),
        ("p cnf 2 1\n1 --2 0\n", "not_a_number", 2, "`--2`"),
        ("p cnf 2 1\n1 +2 0\n", "not_a_number", 2, "`+2`"),
        ("p cnf 2 1\n1 ² 0\n", "not_a_number", 2, "`²`"),
        ("p cnf 2 1\n1 %s 0\n" % ("9" * 5000), "not_a_number", 2, "`999"),
        ("p cnf 2 1\n1 0\n%\n0\n", "not_a_number", 3, "`%`"),
        ("c 1 A\nc 2 A\np cnf 2 0\n", "duplicate_name", 2, "named in line 1"),
        ("c 1 A\nc 1 B\np cnf 2 0\n", "duplicate_name", 2, "already called 'A'"),
        ("c 1 2\np cnf 2 0\n", "duplicate_name", 1, "what variable 2 is called"),
        ("c 1  \np cnf 2 0\n", "empty_name", 1, "Variable 1"),
    ],
)  # fmt: skip
def test_a_faulty_dimacs_file_is_refused(text: str, code: str, line: int, words: str) -> None:
    _check(read_dimacs, text, code, line, words)


R = "features\n\tR\n"
AB = "features\n\tR\n\t\toptional\n\t\t\tA {w 2, t 'x'}\n\t\t\tB {w 3}\nconstraints\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("", "no_features", 0, "'features'"),
        ("namespace X\n", "no_features", 0, "'features'"),
        ("features\n", "no_features", 1, "at least its root"),
        ("features\nR\n", "unknown_section", 2, "'R' begins no section"),
        ("\tR\n", "unknown_section", 1, "'R' begins no section"),
        ("featurs\n\tR\n", "unknown_section", 1, "'featurs'"),
        (R + "features\n\tS\n", "second_section", 3, "'features'"),
        ("features R\n", "syntax", 1, "'R' stands where the end of the line"),
        ("namespace\n" + R, "syntax", 1, "is missing"),
        ("imports\n\tother.model as m\n" + R, "imports", 2, "`other . model as m`"),
        ("include\n\tType.string-constraints\n" + R, "language_level", 2, "Type.string"),
        ("include\n\tArithmetic.feature-cardinality\n" + R, "language_level", 2, "feature-card"),
        (R + "\tS\n", "second_root", 3, "'S' stands beside the root 'R'"),
        (R + "\t\tA\n", "syntax", 3, "mandatory, optional, or, alternative or [n..m]"),
        (R + '\t\t"optional"\n\t\t\tA\n', "syntax", 3, "below 'R'"),
        (R + "\t\toptional A\n", "syntax", 3, "the end of the line"),
        (R + "\t\toptional\n", "empty_group", 3, "'optional' has no features"),
        (R + "\t\toptional\n\t\tor\n\t\t\tA\n", "empty_group", 3, "'optional'"),
        (R + "\t\toptional\n\t\t\t\tA\n\t\t\tB\n", "bad_indent", 5, "'B' is indented unlike"),
        (R + "\t\toptional\n\t\t\tA\n\t optional\n\t\t\tB\n", "bad_indent", 5, "'optional'"),
        ("features\n\t\tR\n\tS\n", "bad_indent", 3, "'S'"),
        (R + "\t\t[2..1]\n\t\t\tA\n\t\t\tB\n", "empty_range", 3, "[ 2 .. 1 ]"),
        (R + "\t\t[*]\n\t\t\tA\n", "syntax", 3, "'*' stands where a whole number"),
        (R + "\t\t[1.5]\n\t\t\tA\n", "syntax", 3, "'1.5'"),
        (R + "\t\t[1..]\n\t\t\tA\n", "syntax", 3, "']' stands where a whole number"),
        (R + "\t\t[1..2\n\t\t\tA\n", "unbalanced_bracket", 3, "'[' is never closed"),
        (R + "\t\tor\n\t\t\tA\n\t\t\tR\n", "duplicate_name", 5, "already a feature, in line 2"),
        (R + "\t\tor\n\t\t\t\"\"\n", "empty_name", 4, "must not be empty"),
        (R + "\t\tor\n\t\t\t7up\n", "syntax", 4, "'7' stands where the name of a feature"),
        (R + "\t\tor\n\t\t\tA B\n", "syntax", 4, "'B' stands where the end of the line"),
        (R + "\t\tor\n\t\t\tA.B\n", "syntax", 4, "'.' stands where the end of the line"),
        (R + "\t\tor\n\t\t\tA cardinality [1..3]\n", "feature_cardinality", 4, "'A' may be there"),
        (R + "\t\tor\n\t\t\tInteger A\n", "typed_feature", 4, "'A' is of type Integer"),
        (R + "\t\tor\n\t\t\tString 'A'\n", "syntax", 4, "the end of the line"),
        ("features\n\tR {w 1, w 2}\n", "duplicate_attribute", 2, "'w' is given twice"),
        ("features\n\tR {w 1 2}\n", "syntax", 2, "'2' stands where '}'"),
        ("features\n\tR {w maybe}\n", "syntax", 2, "'maybe' stands where the value"),
        ("features\n\tR {w -'x'}\n", "syntax", 2, "'x' stands where a number"),
        ("features\n\tR {3 w}\n", "syntax", 2, "'3' stands where the name of an attribute"),
        ("features\n\tR {\n\n\tw 1\n", "unbalanced_bracket", 2, "'{' is never closed"),
        ("features\n\tR {w %s}\n" % ("9" * 5000), "too_large", 2, "digits"),
        ("features\n\tR {{{}1{}}}\n".format("a {" * 30, "}" * 30), "too_deep", 2, "20 deep"),
        ("features\n\tR {constraint A}\n", "unknown_feature", 2, "'A'"),
        ("features\n\tR {constraints [R, A]}\n", "unknown_feature", 2, "'A'"),
        ("features\n\tR {constraints [R R]}\n", "syntax", 2, "'R' stands where the end"),
        (R + "\t/* no end\n", "unreadable", 3, "never ends"),
        (R + "\t\tor\n\t\t\t\"A\n", "unreadable", 4, "no closing"),
        (R + "\t\tor\n\t\t\tA$\n", "unreadable", 4, "'$' is not part of the language"),
        (AB + "\tA => C\n", "unknown_feature", 7, "no feature 'C'"),
        (AB + "\tA\n\t\tB\n", "bad_indent", 8, "`B` is indented unlike"),
        (AB + "\tA =>\n", "syntax", 7, "After '=>' a feature or an attribute is missing"),
        (AB + "\tA B\n", "syntax", 7, "'B' stands where the end of the line"),
        (AB + "\t(A & B\n", "unbalanced_bracket", 7, "'(' is never closed"),
        (AB + "\tA)\n", "unbalanced_bracket", 7, "')' closes nothing"),
        (AB + "\t(A]\n", "unbalanced_bracket", 7, "']' closes nothing"),
        (AB + "\tA.w\n", "wrong_kind", 7, "A number stands where"),
        (AB + "\tA & 3\n", "wrong_kind", 7, "A number stands where"),
        (AB + "\tA > 3\n", "wrong_kind", 7, "where a number is expected"),
        (AB + "\tsum(w) > (A & B)\n", "wrong_kind", 7, "where a number is expected"),
        (AB + "\tA.x > 3\n", "unknown_attribute", 7, "'A' has no attribute 'x'. Known: 'w'."),
        (AB + "\tA.t == 3\n", "unknown_attribute", 7, "'A' has no number 't'"),
        (AB + "\tA.t == 'x'\n", "unknown_attribute", 7, "'A' has no number 't'"),
        (AB + "\tA.w == 'x'\n", "text_in_constraint", 7, "'x' is a text"),
        (AB + "\tsum(v) > 3\n", "unknown_attribute", 7, "'v' at any feature. Known: 'w'."),
        (AB + "\tsum(C, w) > 3\n", "unknown_attribute", 7, "neither of them is one"),
        (AB + "\tsum(B, t) > 3\n", "unknown_attribute", 7, "neither of them is one"),
        (AB + "\tsum() > 3\n", "syntax", 7, "')' stands where a feature or an attribute"),
        (AB + "\tavg(w) > 3\n", "not_supported", 7, "avg() is not a sum"),
        (AB + "\tlen(A) > 3\n", "not_supported", 7, "len() belongs to texts"),
        (AB + "\tmax(A, B) > 3\n", "not_supported", 7, "no function 'max'"),
        (AB + "\tfloor(A) > 3\n", "wrong_kind", 7, "where a number is expected"),
        (AB + "\tsum(w) * sum(w) > 3\n", "not_linear", 7, "not linear"),
        (AB + "\t3 / sum(w) > 3\n", "not_linear", 7, "below '/'"),
        (AB + "\tsum(w) / (A.w - 2) > 3\n", "division_by_zero", 7, "divides by zero"),
        (AB + "\tsum(w) > 9999999999999999\n", "too_large", 7, "1,000,000,000,000,000"),
        (AB + "\tsum(w) * {} > 1\n".format(" * ".join(["9999999"] * 9)), "too_large", 7, "beyond"),
        (AB + "\tA\n\t{}A{}\n".format("(" * 99, ")" * 99), "too_deep", 8, "60 deep"),
        (AB + "\t{}\n".format(" => ".join(["A", "B"] * 90)), "too_deep", 7, "split it"),
        (AB + "\t{}\n".format(" <=> ".join(["A", "B"] * 15)), "too_deep", 7, "split it"),
        (AB + "\n\n\tA < B < 3\n", "wrong_kind", 9, "where a number is expected"),
    ],
)  # fmt: skip
def test_a_faulty_uvl_file_is_refused(text: str, code: str, line: int, words: str) -> None:
    _check(read_uvl, text, code, line, words)


def _check(
    read: Callable[[str, str], FileModel], text: str, code: str, line: int, words: str
) -> None:
    with pytest.raises(FileModelError) as raised:
        read(text, "faulty")
    assert (raised.value.code, raised.value.line) == (code, line), raised.value.message
    assert words in raised.value.message
    assert raised.value.facts == {"line": line, "text": raised.value.text}
    assert raised.value.message.startswith(f"Line {line}: " if line else raised.value.sentence)
    assert len(raised.value.message) < 300


def test_a_file_is_read_by_its_suffix(tmp_path: Path) -> None:
    for name, text in (
        ("a.uvl", R), ("b.dimacs", "p cnf 1 1\n1 0\n"), ("c.CNF", "p cnf 1 1\n1 0\n"),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
        found = read_model(tmp_path / name)
        assert found.name == name
        assert len(found.model.features) == len(found.model.rules) == 1


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileModelError, match=r"'model\.xml' has none of the known endings"):
        read_model(tmp_path / "model.xml")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileModelError, match="cannot be opened: No such file") as raised:
        read_model(tmp_path / "none.uvl")
    assert raised.value.code == "unreadable_file"


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.uvl").write_bytes(b"features\n\tM\xfcller\n")
    with pytest.raises(FileModelError, match="is not UTF-8") as raised:
        read_model(tmp_path / "a.uvl")
    assert (raised.value.code, raised.value.line) == ("not_utf8", 2)


def test_a_file_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)
    (tmp_path / "a.uvl").write_text(R)
    with pytest.raises(FileModelError) as raised:
        read_model(tmp_path / "a.uvl")
    assert raised.value.code == "file_too_large"


_PIECES = [
    "features", "constraints", "include", "imports", "namespace", "optional", "or", "alternative",
    "mandatory", "[1..2]", "[0..*]", "\n", "\n\t", "\n\t\t", "\n\t\t\t", "\n\t\t\t\t", "A", "B",
    '"a b"', "'x'", "{", "}", "[", "]", "(", ")", "w", "3", "-2.5", ",", ".", "..", "*", "/", "+",
    "-", "!", "&", "|", "=>", "<=>", "==", "<", ">=", "sum(w)", "A.w", "floor", "cardinality",
    "Integer", "constraint", "//", "/*", "*/", "\r", "\x00", "\ud800", "ü", "0",
]  # fmt: skip
_JUMBLE = st.lists(st.sampled_from(_PIECES), max_size=40).map(" ".join)
_TREE = _JUMBLE.map(lambda text: f"{AB}\t{text}")
_NUMBERS = st.lists(
    st.sampled_from(["0", "1", "-2", "3", "c", "p", "cnf", "\n", "\n", "A", "p cnf 3 2\n", "\r\n"]),
    max_size=30,
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(st.text(), _JUMBLE, _JUMBLE.map("features\n\tR {".__add__), _TREE))
@example(text="features\n\tR {constraint}\n")
@example(text="features\n\tR {a [}]}")
def test_any_text_is_read_as_uvl_or_refused(text: str) -> None:
    _read_or_refuse(read_uvl, text)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(), _NUMBERS, _NUMBERS.map("p cnf 3 2\n".__add__)))
def test_any_text_is_read_as_dimacs_or_refused(text: str) -> None:
    _read_or_refuse(read_dimacs, text)


def _read_or_refuse(read: Callable[[str, str], FileModel], text: str) -> None:
    refusal: FileModelError | None = None
    rules: tuple[Rule, ...] = ()
    try:
        rules = read(text, "any").model.rules
    except FileModelError as error:
        refusal = error
    assert len({rule.id for rule in rules}) == len(rules)
    if refusal is not None:
        assert 0 <= refusal.line <= text.count("\n") + text.count("\r") + 1
        assert refusal.code
