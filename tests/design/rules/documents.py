"""Small offers written by hand."""

from typing import Any

Document = dict[str, Any]


def choice(name: str, *options: str, optional: bool = False, default: str = "") -> Document:
    """A feature of one answer; the first option is the default. ``w60=600`` gives it ``mm``."""
    entries: list[Document] = []
    for option in options:
        option_id, _, mm = option.partition("=")
        entries.append({"id": option_id, **({"values": {"mm": int(mm)}} if mm else {})})
    return {
        "id": name,
        "group": "g",
        "kind": "choice",
        "optional": optional,
        "default": default or ("none" if optional else entries[0]["id"]),
        "options": entries,
    }


def several(name: str, *options: str, least: int = 0, most: int | None = None) -> Document:
    return {
        "id": name,
        "group": "g",
        "kind": "multi",
        "min": least,
        "max": len(options) if most is None else most,
        "default": list(options[:least]),
        "options": [{"id": option} for option in options],
    }


def parameter(name: str, low: int, high: int, step: int, default: int | None = None) -> Document:
    return {
        "id": name,
        "group": "g",
        "kind": "parameter",
        "unit": "mm",
        "min": low,
        "max": high,
        "step": step,
        "default": low if default is None else default,
    }


def writing(name: str, most: int = 12) -> Document:
    return {"id": name, "group": "g", "kind": "text", "max_length": most, "default": ""}


def offer(features: list[Document], *rules: Document) -> Document:
    """Rules are numbered R1, R2, ... unless they have an id."""
    numbered = [{"id": f"R{place}", **rule} for place, rule in enumerate(rules, 1)]
    return {"groups": ["g"], "features": features, "rules": numbered}
