"""Reading along the words of a line."""

from collections.abc import Sequence

from .errors import FileModelError, printable
from .uvl_lines import Word


class Words:
    """A place in a line that moves on as words are taken."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._place = 0

    @property
    def next(self) -> Word | None:
        return self._words[self._place] if self._place < len(self._words) else None

    @property
    def line(self) -> int:
        """The line of the next word, or of the last one."""
        return self._words[min(self._place, len(self._words) - 1)].line

    def after_next(self) -> Word | None:
        place = self._place + 1
        return self._words[place] if place < len(self._words) else None

    def take(self) -> Word:
        word = self.next
        if word is None:
            raise self.refusal("something", None)
        self._place += 1
        return word

    def take_sign(self, *texts: str) -> Word | None:
        """The next word if it is one of these signs."""
        word = self.next
        if word is not None and word.is_sign(*texts):
            self._place += 1
            return word
        return None

    def take_key(self, *texts: str) -> Word | None:
        word = self.next
        if word is not None and word.is_key(*texts):
            self._place += 1
            return word
        return None

    def require_sign(self, text: str) -> Word:
        word = self.take_sign(text)
        if word is None:
            raise self.refusal(f"'{text}'", self.next)
        return word

    def require_name(self, what: str) -> Word:
        word = self.next
        if word is None or not word.is_name:
            raise self.refusal(what, word)
        if not word.text.strip():
            sentence = f"{what.capitalize()} must not be empty."
            raise FileModelError("empty_name", word.line, word.text, sentence)
        self._place += 1
        return word

    def require_end(self) -> None:
        if self.next is not None:
            raise self.refusal("the end of the line", self.next)

    def refusal(self, wanted: str, found: Word | None) -> FileModelError:
        if found is None:
            last = self._words[-1]
            sentence = f"After '{printable(last.text)}' {wanted} is missing."
            return FileModelError("syntax", last.line, last.text, sentence)
        sentence = f"'{printable(found.text)}' stands where {wanted} is expected."
        return FileModelError("syntax", found.line, found.text, sentence)
