"""The one written form of a selection, and its hash."""

import hashlib
import json

from .features import Selection


def canonical(selection: Selection) -> str:
    """Sorted JSON without spaces: equal selections give equal texts, however they came about."""
    plain = {
        name: sorted(value) if isinstance(value, tuple | list) else value
        for name, value in selection.items()
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def selection_hash(selection: Selection) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(selection).encode()).hexdigest()
