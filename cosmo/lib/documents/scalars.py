"""What an unquoted word of YAML means: YAML 1.2's core schema without its octal and hex numbers."""

import re

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_BROKEN = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


def plain_value(word: str) -> str | int | float | bool | None:
    """``6`` is a number, ``06`` and ``06:00`` and ``yes`` are texts.

    A number with a point becomes a float only so that the schema can refuse it by name.
    """
    if word in _WORDS:
        return _WORDS[word]
    if _WHOLE.fullmatch(word):
        has_leading_zero = len(word.lstrip("+-")) > 1 and word.lstrip("+-").startswith("0")
        return word if has_leading_zero else int(word)
    return float(word) if _BROKEN.fullmatch(word) else word
