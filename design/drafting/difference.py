"""What two versions of a product's documents differ in, thing by thing."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from design.rules import flat_document

Content = Mapping[str, Any]
Act = Literal["added", "removed", "changed"]
Area = Literal[
    "fact",
    "feature",
    "option",
    "rule",
    "base",
    "price",
    "preset",
    "test",
    "shape",
    "language",
    "text",
    "component",
    "operation",
]
FACTS = ("gtin", "currency", "tax_percent", "serial_prefix", "groups", "allow_dead")
LONGEST = 240  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class Contents:
    """What is compared: the offer, the words of each language, how it is made (if it is)."""

    offer: Content
    texts: Mapping[str, Content]
    engineering: Content = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        name: Id of the thing, in the words of the document; of a text, its path.
        inside: What it belongs to: an option's feature, a text's language.
        before: How it was written; "" where it was not there.
    """

    area: Area
    act: Act
    name: str
    inside: str = ""
    before: str = ""
    after: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def difference(before: Contents, after: Contents) -> tuple[Change, ...]:
    """Every difference, in the order in which an author reads a document."""
    old, new = flat_document(before.offer), flat_document(after.offer)
    return (
        *_facts(old, new),
        *_features(old, new),
        *_entries("rule", old.get("rules", ()), new.get("rules", ())),
        *_one("base", "base", old["price"]["base"], new["price"]["base"]),
        *_entries("price", old["price"]["lines"], new["price"]["lines"]),
        *_entries("preset", old.get("presets", ()), new.get("presets", ())),
        *_numbered("test", old.get("tests", ()), new.get("tests", ())),
        *_shape(old["shape"], new["shape"]),
        *_texts(before.texts, after.texts),
        *_engineering(before.engineering, after.engineering),
    )


def _facts(old: Content, new: Content) -> Iterator[Change]:
    for key in FACTS:
        yield from _one("fact", key, old.get(key), new.get(key))


def _one(area: Area, name: str, old: Any, new: Any, inside: str = "") -> Iterator[Change]:
    if old != new:
        act: Act = "added" if old is None else "removed" if new is None else "changed"
        yield Change(area, act, name, inside, _written(old), _written(new))


def _entries(
    area: Area, old: Iterable[Content], new: Iterable[Content], *, inside: str = "", key: str = "id"
) -> Iterator[Change]:
    """Entries of a list by their id: removed ones first, then in the new order."""
    before, after = _by(old, key), _by(new, key)
    for name in before:
        if name not in after:
            yield Change(area, "removed", name, inside, _written(before[name]))
    for name, entry in after.items():
        if name not in before:
            yield Change(area, "added", name, inside, "", _written(entry))
        elif before[name] != entry:
            yield Change(area, "changed", name, inside, *_parted(before[name], entry))


def _by(entries: Iterable[Content], key: str) -> dict[str, Content]:
    return {
        str(entry[key]): {name: value for name, value in entry.items() if name != key}
        for entry in entries
    }


def _parted(old: Content, new: Content) -> tuple[str, str]:
    """Only what differs of two entries."""
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return tuple(  # type: ignore[return-value]  # two sides in, two sides out
        _written({key: side[key] for key in keys if key in side}) for side in (old, new)
    )


def _features(old: Content, new: Content) -> Iterator[Change]:
    before, after = _by(old["features"], "id"), _by(new["features"], "id")
    plain = [
        [{"id": name, **_without_options(feature)} for name, feature in side.items()]
        for side in (before, after)
    ]
    yield from _entries("feature", plain[0], plain[1])
    for name, feature in after.items():
        if name in before:
            yield from _entries(
                "option",
                before[name].get("options", ()),
                feature.get("options", ()),
                inside=name,
            )


def _without_options(feature: Content) -> Content:
    return {key: value for key, value in feature.items() if key != "options"}


def _numbered(area: Area, old: Iterable[Content], new: Iterable[Content]) -> Iterator[Change]:
    """Entries without a name: what stands in one version only.

    Compared as they are, not as they read: the database keeps keys in an order of its own.
    """
    before, after = list(old), list(new)
    for one in before:
        if one not in after:
            yield Change(area, "removed", "", "", _written(one))
    for one in after:
        if one not in before:
            yield Change(area, "added", "", "", "", _written(one))


def _shape(old: Content, new: Content) -> Iterator[Change]:
    yield from _entries("shape", old["parts"], new["parts"])
    yield from _one("shape", "bounds", old["bounds"], new["bounds"])
    for name in {**old["materials"], **new["materials"]}:
        yield from _one("shape", name, old["materials"].get(name), new["materials"].get(name))


def _texts(old: Mapping[str, Content], new: Mapping[str, Content]) -> Iterator[Change]:
    for language in {**old, **new}:
        if language not in new:
            yield Change("language", "removed", language)
        elif language not in old:
            yield Change("language", "added", language)
        else:
            before, after = dict(_leaves(old[language])), dict(_leaves(new[language]))
            for path in {**before, **after}:
                yield from _one("text", path, before.get(path), after.get(path), language)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path, str(value)


def _engineering(old: Content, new: Content) -> Iterator[Change]:
    yield from _one("fact", "plant", old.get("plant"), new.get("plant"))
    yield from _entries(
        "component", _numbered_lines(old.get("bom", ())), _numbered_lines(new.get("bom", ()))
    )
    yield from _entries("operation", old.get("routing", ()), new.get("routing", ()))


def _numbered_lines(lines: Iterable[Content]) -> list[Content]:
    """Lines of a bill of materials with names: the component, and its number where it repeats."""
    seen: dict[str, int] = {}
    named: list[Content] = []
    for line in lines:
        component = str(line["component"])
        seen[component] = seen.get(component, 0) + 1
        number = f" ({seen[component]})" if seen[component] > 1 else ""
        rest = {key: value for key, value in line.items() if key != "component"}
        named.append({"id": component + number, **rest})
    return named


def _written(value: Any) -> str:
    """A value in few characters, as an author would know it again."""
    if value is None:
        return ""
    text = _flow(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _flow(value: Any, is_inner: bool = False) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {_flow(inner, True)}" for key, inner in value.items())
        return f"{{{inside}}}" if is_inner else inside
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item, True) for item in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
