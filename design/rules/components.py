"""Nested components: a drawer unit inside a shelf, with features and rules of its own.

A component is written inside the feature it is. Everything after reading knows flat features only:
the component becomes a choice (fitted or, where optional, none), its features get its id as a
prefix, and as long as it is not fitted each of them stands at the one answer that means nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cosmo.lib.expressions import renamed

from .features import NONE

FITTED = "fitted"
Entry = Mapping[str, Any]
Path = tuple[str | int, ...]
Placed = tuple[Path, Entry]


def flat_features(document: Mapping[str, Any]) -> list[Placed]:
    """Every feature with the place where it is written; a component before its own features."""
    return [
        placed
        for index, entry in enumerate(document["features"])
        for placed in _flat(entry, ("features", index), "", None)
    ]


def flat_rules(document: Mapping[str, Any]) -> list[Placed]:
    """Every rule with the place where it is written, those of components after the product's."""
    own = [(("rules", index), rule) for index, rule in enumerate(document.get("rules", ()))]
    inner = [
        placed
        for index, entry in enumerate(document["features"])
        for placed in _inner_rules(entry, ("features", index), "", {})
    ]
    return [*own, *inner]


def structure(features: list[Placed]) -> list[Placed]:
    """What keeps the features of a component that is not fitted still."""
    known = {entry["id"]: entry for _, entry in features}
    return [
        (path, {"id": f"{entry['component']}.{entry['id']}", **rule})
        for path, entry in features
        if entry.get("component") and known[entry["component"]].get("optional")
        for rule in _stillness(entry)
    ]


def flat_document(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with its components laid out flat; itself where it has none."""
    if all(entry["kind"] != "component" for entry in document["features"]):
        return document
    return {
        **document,
        "features": [entry for _, entry in flat_features(document)],
        "rules": [entry for _, entry in flat_rules(document)],
    }


def _flat(entry: Entry, path: Path, prefix: str, parent: Entry | None) -> Iterator[Placed]:
    flat: dict[str, Any] = {**entry, "id": prefix + entry["id"]}
    if flat["kind"] == "component":
        flat |= {"kind": "choice", "options": [{"id": FITTED}], "default": _fitted(flat)}
        flat.pop("features")
        flat.pop("rules", None)
    if parent is not None:
        flat |= {"component": parent["id"], "group": entry.get("group", parent["group"])}
        flat["usual"] = flat["default"]
        if parent.get("optional") and flat["kind"] == "choice":
            flat["own_optional"] = flat.get("optional", False)
            flat["optional"] = True
        if parent.get("optional") and flat["kind"] == "multi":
            flat["own_min"] = flat.get("min", 0)
            flat["min"] = 0
        if parent["default"] == NONE:
            flat["default"] = _NEUTRAL.get(flat["kind"], flat["default"])
    yield path, flat
    for index, child in enumerate(entry.get("features", ())):
        yield from _flat(child, (*path, "features", index), f"{flat['id']}_", flat)


_NEUTRAL: Mapping[str, Any] = {"choice": NONE, "multi": [], "text": ""}


def _fitted(entry: Entry) -> str:
    optional = bool(entry.get("optional"))
    return str(entry.get("default", NONE if optional else FITTED))


def _stillness(entry: Entry) -> Iterator[Entry]:
    """Rules: without the component, the feature has its neutral answer (and only then)."""
    absent, name = f"{entry['component']} == '{NONE}'", entry["id"]
    match entry["kind"]:
        case "choice" if entry.get("own_optional"):
            yield {"when": absent, "then": f"{name} == '{NONE}'"}
        case "choice":
            yield {"always": f"({absent}) == ({name} == '{NONE}')"}
        case "multi":
            yield {"when": absent, "then": f"len({name}) == 0"}
            if entry["own_min"]:
                yield {"always": f"{absent} or len({name}) >= {entry['own_min']}"}
        case "text":
            yield {"when": absent, "then": f"{name} == ''"}
        case _:
            yield {"when": absent, "then": f"{name} == {entry['default']}"}


def _inner_rules(
    entry: Entry, path: Path, prefix: str, names: Mapping[str, str]
) -> Iterator[Placed]:
    if entry["kind"] != "component":
        return
    component = prefix + entry["id"]
    names = {**names, **{name: f"{component}_{name}" for name in _inner_names(entry)}}
    for index, rule in enumerate(entry.get("rules", ())):
        flat = {key: _rename(key, part, names) for key, part in rule.items()}
        flat["id"] = f"{component}_{rule['id']}"
        flat["guard"] = f"{component} == '{FITTED}'"
        yield (*path, "rules", index), flat
    for index, child in enumerate(entry.get("features", ())):
        yield from _inner_rules(child, (*path, "features", index), f"{component}_", names)


def _inner_names(entry: Entry) -> Iterator[str]:
    """The features of a component as its own rules call them, those of inner ones with prefix."""
    for child in entry.get("features", ()):
        yield child["id"]
        yield from (f"{child['id']}_{name}" for name in _inner_names(child))


def _rename(key: str, part: Any, names: Mapping[str, str]) -> Any:
    if key == "table":
        return {**part, "features": [names.get(name, name) for name in part["features"]]}
    return renamed(part, names) if key in ("when", "then", "never", "always") else part
