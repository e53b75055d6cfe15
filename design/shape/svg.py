"""Writing SVG elements. Attribute values and texts are always escaped."""

from decimal import Decimal
from functools import lru_cache
from html import escape

Number = int | float | Decimal
KEPT = 8192  # names, numbers and values as they are written; a picture repeats most of them


@lru_cache(maxsize=KEPT)
def number(value: Number) -> str:
    """At most two digits after the point, and none that say nothing."""
    written = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def element(name: str, *content: str, **attributes: str | Number | None) -> str:
    """``<name ...>content</name>``; ``content`` is SVG already, ``text()`` makes it from a text.

    A trailing underscore keeps an attribute apart from a Python word; others become hyphens. None
    leaves an attribute out.
    """
    written = "".join(
        f' {_key(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None
    )
    inner = "".join(content)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def text(content: str) -> str:
    """``content`` as character data."""
    return escape(content, quote=False)


@lru_cache(maxsize=KEPT)
def _key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


@lru_cache(maxsize=KEPT)
def _value(value: str | Number) -> str:
    return escape(value) if isinstance(value, str) else number(value)
