"""The attributes of a feature in a UVL file: numbers, constraints, and what is only skipped."""

from dataclasses import dataclass, field
from fractions import Fraction

from .errors import FileModelError, printable
from .uvl_lines import Word
from .uvl_words import Words

MAX_DIGITS = 30
_MAX_NESTING = 20


def read_number(words: Words) -> Fraction:
    """The next word, a number without a sign."""
    word = words.take()
    if len(word.text) > MAX_DIGITS:
        sentence = f"{printable(word.text)} has more than {MAX_DIGITS} digits."
        raise FileModelError("too_large", word.line, word.text, sentence)
    return Fraction(word.text)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stands in the braces of one feature.

    Attributes:
        numbers: Numeric attributes; those inside another one as ``outer.inner``.
        others: Attributes that are no numbers.
        constraints: The words of each constraint.
    """

    numbers: dict[str, Fraction] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    constraints: list[tuple[Word, ...]] = field(default_factory=list)


class AttributeReader:
    """Reads the braces behind the name of a feature; the opening one has been taken."""

    def __init__(self, words: Words, found: Attributes) -> None:
        self._words = words
        self._found = found

    def read(self, prefix: str = "", depth: int = 0) -> None:
        if depth > _MAX_NESTING:
            sentence = f"Attributes are nested more than {_MAX_NESTING} deep."
            raise FileModelError("too_deep", self._words.line, prefix, sentence)
        while not self._words.take_sign("}"):
            self._read_one(prefix, depth)
            if not self._words.take_sign(","):
                self._words.require_sign("}")
                return

    def _read_one(self, prefix: str, depth: int) -> None:
        following = self._words.after_next()
        if following is not None and not following.is_sign(",", "}"):
            if self._words.take_key("constraint"):
                self._found.constraints.append(self._until_comma())
                return
            if self._words.take_key("constraints"):
                self._read_constraints()
                return
        word = self._words.require_name("the name of an attribute")
        key = f"{prefix}{word.text}"
        if key in self._found.numbers or key in self._found.others:
            sentence = f"Attribute '{printable(key)}' is given twice."
            raise FileModelError("duplicate_attribute", word.line, key, sentence)
        self._read_value(key, depth)

    def _read_value(self, key: str, depth: int) -> None:
        words = self._words
        factor = -1 if words.take_sign("-") else 1
        if words.next is not None and words.next.kind == "number":
            self._found.numbers[key] = factor * read_number(words)
            return
        if factor < 0:
            raise words.refusal("a number", words.next)
        self._found.others.add(key)
        if words.take_sign("{"):
            self.read(f"{key}.", depth + 1)
        elif words.next is not None and words.next.is_sign("["):
            self._skip_vector()
        elif not (words.next is None or words.next.is_sign(",", "}")):
            word = words.take()
            if not (word.kind in ("string", "quoted") or word.is_key("true", "false")):
                raise words.refusal("the value of an attribute", word)

    def _skip_vector(self) -> None:
        depth = 0
        while True:
            word = self._words.take()
            depth += word.is_sign("[", "{") - word.is_sign("]", "}")
            if not depth:
                return

    def _read_constraints(self) -> None:
        self._words.require_sign("[")
        while not self._words.take_sign("]"):
            self._found.constraints.append(self._until_comma())
            if not self._words.take_sign(","):
                self._words.require_sign("]")
                return

    def _until_comma(self) -> tuple[Word, ...]:
        """The words of a constraint: up to a comma or closing bracket that is not its own."""
        found: list[Word] = []
        depth = 0
        while self._words.next is not None:
            word = self._words.next
            if not depth and word.is_sign(",", "]", "}"):
                break
            depth += word.is_sign("(", "[", "{") - word.is_sign(")", "]", "}")
            found.append(self._words.take())
        if not found:
            raise self._words.refusal("a constraint", self._words.next)
        return tuple(found)
