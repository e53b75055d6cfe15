"""DIMACS CNF, the clause format of SAT solvers, with the names feature-model tools add.

``c <number> <name>`` names a variable; any other comment is skipped. A clause ends with 0 and may
run over several lines; its rule is called after the line it starts in.
"""

import re
from collections.abc import Iterator

from cosmo.lib.expressions.tree import Node
from design.rules.model import Model

from .errors import FileModelError, printable
from .file_model import MAX_FEATURES, FileModel, Rules, boolean_feature
from .nodes import chosen, joined, unchosen

_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_DIGITS = 9
Clause = tuple[int, list[int]]
"""The line it starts in, and its literals."""


def read_dimacs(text: str, name: str) -> FileModel:
    """Read a model from the text of a DIMACS file.

    Raises:
        FileModelError: with the line of the first fault.
    """
    file = _File()
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        file.read_line(number, line)
    return file.finish(name)


class _File:
    def __init__(self) -> None:
        self._header_line = 0
        self._variables = self._clauses = 0
        self._comments: list[tuple[int, int, str]] = []
        self._found: list[Clause] = []
        self._open: Clause | None = None

    def read_line(self, number: int, line: str) -> None:
        words = line.split()
        if not words:
            return
        if words[0] == "c":
            self._read_comment(number, line)
        elif words[0] == "p":
            self._read_header(number, line, words)
        elif not self._header_line:
            sentence = f"`{printable(line)}` stands before the header; write `p cnf ...` first."
            raise FileModelError("no_header", number, line, sentence)
        else:
            self._read_literals(number, words)

    def _read_comment(self, number: int, line: str) -> None:
        parts = line.strip().split(maxsplit=2)
        if len(parts) > 1 and _is_whole(parts[1]):
            self._comments.append((number, int(parts[1]), parts[2] if len(parts) == 3 else ""))

    def _read_header(self, number: int, line: str, words: list[str]) -> None:
        if self._header_line:
            sentence = f"A second header; the first stands in line {self._header_line}."
            raise FileModelError("second_header", number, line, sentence)
        if len(words) != 4 or words[1] != "cnf" or not all(map(_is_whole, words[2:])):
            sentence = f"`{printable(line)}` is no header; write `p cnf <variables> <clauses>`."
            raise FileModelError("bad_header", number, line, sentence)
        self._header_line, self._variables, self._clauses = number, int(words[2]), int(words[3])
        if self._variables > MAX_FEATURES:
            sentence = f"{self._variables:,} variables are more than the {MAX_FEATURES:,} allowed."
            raise FileModelError("too_many_features", number, words[2], sentence)

    def _read_literals(self, number: int, words: list[str]) -> None:
        for word in words:
            literal = self._literal(number, word)
            if self._open is None:
                self._open = (number, [])
            if literal:
                self._open[1].append(literal)
            else:
                self._found.append(self._open)
                self._open = None

    def _literal(self, number: int, word: str) -> int:
        if not _is_whole(word.removeprefix("-")):
            sentence = f"`{printable(word)}` is not a whole number; clauses are made of them."
            raise FileModelError("not_a_number", number, word, sentence)
        literal = int(word)
        if abs(literal) > self._variables:
            sentence = f"{word} is beyond the {self._variables} variables the header promises."
            raise FileModelError("literal_out_of_range", number, word, sentence)
        return literal

    def finish(self, name: str) -> FileModel:
        if not self._header_line:
            sentence = "There is no header; write `p cnf <variables> <clauses>` before the clauses."
            raise FileModelError("no_header", 0, "", sentence)
        if self._open is not None:
            line, literals = self._open
            text = " ".join(map(str, literals))
            sentence = f"The clause `{printable(text)}` does not end; write 0 after it."
            raise FileModelError("clause_not_ended", line, text, sentence)
        if len(self._found) != self._clauses:
            sentence = f"The header promises {self._clauses} clauses, {len(self._found)} are there."
            text = str(self._clauses)
            raise FileModelError("clause_count", self._header_line, text, sentence)
        names = self._names()
        rules = Rules()
        for line, literals in self._found:
            tree, source = _tree(literals, names)
            rules.add(line, tree, source, (names[abs(literal)] for literal in literals))
        features = tuple(boolean_feature(names[n]) for n in range(1, self._variables + 1))
        used = {abs(literal) for _, literals in self._found for literal in literals}
        uncounted = frozenset(names[n] for n in names if n not in used)
        return FileModel(name, Model(features, tuple(rules.rules)), uncounted)

    def _names(self) -> dict[int, str]:
        """The name of every variable; a number where the file gives none."""
        names: dict[int, str] = {}
        lines: dict[str, int] = {}
        for line, variable, name in self._named():
            if not name:
                sentence = f"Variable {variable} gets an empty name; write one or drop the line."
                raise FileModelError("empty_name", line, str(variable), sentence)
            if variable in names:
                sentence = f"Variable {variable} is already called '{printable(names[variable])}'."
                raise FileModelError("duplicate_name", line, name, sentence)
            if name in lines:
                sentence = f"'{printable(name)}' is already a variable, named in line {lines[name]}"
                raise FileModelError("duplicate_name", line, name, f"{sentence}.")
            names[variable], lines[name] = name, line
        for variable in range(1, self._variables + 1):
            name = str(variable)
            if variable not in names and name in lines:
                sentence = f"'{name}' names a variable, but is also what variable {name} is called."
                raise FileModelError("duplicate_name", lines[name], name, sentence)
            names.setdefault(variable, name)
        return names

    def _named(self) -> Iterator[tuple[int, int, str]]:
        """Comments that name a variable; one with another number in front is only a comment."""
        return (entry for entry in self._comments if 1 <= entry[1] <= self._variables)


def _is_whole(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _MAX_DIGITS


def _tree(literals: list[int], names: dict[int, str]) -> tuple[Node, str]:
    parts = [
        chosen(names[literal]) if literal > 0 else unchosen(names[-literal]) for literal in literals
    ]
    return joined("or", parts), " ".join(map(str, (*literals, 0)))
