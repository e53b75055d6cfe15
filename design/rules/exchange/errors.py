"""What cannot be read in a file of another tool, with its line."""

from cosmo.lib.errors import Invalid

_SHOWN = 60


class FileModelError(Invalid):
    """A feature-model file that cannot be used, or a model a format cannot say.

    Attributes:
        line: Where, counted from 1; 0 where it is about the whole file.
        text: The offending text, shortened and printable.
        sentence: What is wrong and what would be right.
    """

    def __init__(self, code: str, line: int, text: str, sentence: str) -> None:
        self.line = line
        self.text = printable(text)
        self.sentence = sentence
        message = f"Line {line}: {sentence}" if line else sentence
        super().__init__(code, message, line=line, text=self.text)


def printable(text: str) -> str:
    """``text`` fit to be shown in a sentence: one line, without control signs, not long."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[: _SHOWN + 1])
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "\u2026"
