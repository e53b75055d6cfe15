"""One byte sequence for one content, whatever the order of keys or the layout of the file."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(content: Any) -> str:
    """Sorted keys, no spaces, no escapes. Floats have no exact form and are refused.

    Raises:
        ValueError: a float, or a key that is not a text, stands somewhere inside.
    """
    _refuse_inexact(content)
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _refuse_inexact(content: Any) -> None:
    if isinstance(content, float):
        raise ValueError(f"{content} is a float and has no exact form; write it as a text.")
    if isinstance(content, Mapping):
        for key, value in content.items():
            if not isinstance(key, str):
                raise ValueError(f"Key {key!r} is not a text.")
            _refuse_inexact(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_inexact(value)
