"""JSON Schema 2020-12, with faults in sentences an author can act on.

A subschema may carry ``x-sentence``: what would be right, in words; it ends a fault's sentence.
"""

import json
import pathlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from cosmo.lib.expressions import suggestion

from .document import Document, Path
from .problems import PlacedProblem

_MISSING = re.compile(r"'(?P<name>[^']+)' is a required property")
_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
Fault = tuple[Path, str, str]  # path, code, sentence


@lru_cache(maxsize=32)
def load_schema(file: pathlib.Path) -> Draft202012Validator:
    """A schema file of ours, checked once."""
    schema = json.loads(file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_schema(document: Document, schema: Draft202012Validator) -> list[PlacedProblem]:
    """Every fault of form, in the order of the document."""
    faults = (
        fault for error in schema.iter_errors(document.content) for fault in _faults_of(error)
    )
    problems = [document.problem(*fault) for fault in faults]
    return sorted(problems, key=lambda problem: problem.place)


def _faults_of(error: ValidationError) -> Iterable[Fault]:
    path: Path = tuple(error.absolute_path)
    explain = _SENTENCES.get(str(error.validator))
    if explain is None:
        yield path, f"schema_{error.validator}", _ended(error, f"{error.message}.")
        return
    yield from explain(error, path)


def _shown(value: Any) -> str:
    """The offending value, fit to start a sentence."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return f"'{value if len(value) <= 60 else value[:57] + '...'}'"
    if isinstance(value, Mapping):
        return "A mapping"
    if isinstance(value, list):
        return "A list"
    return "Nothing" if value is None else str(value)


def _ended(error: ValidationError, sentence: str) -> str:
    """With the schema's own advice, where it has some."""
    schema = error.schema
    advice = schema.get("x-sentence") if isinstance(schema, Mapping) else None
    return f"{sentence} {advice}" if advice else sentence


def _type(error: ValidationError, path: Path) -> Iterable[Fault]:
    wanted: Any = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    words = " or ".join(_KINDS.get(kind, kind) for kind in kinds)
    sentence = f"{_shown(error.instance)} stands where {words} is needed."
    if isinstance(error.instance, float) and "string" in kinds:
        sentence = f"{error.instance} is not exact; put it in quotes."
    elif kinds == ["boolean"]:
        sentence += " Write true or false."
    yield path, "wrong_type", _ended(error, sentence)


def _required(error: ValidationError, path: Path) -> Iterable[Fault]:
    found = _MISSING.match(error.message)
    missing = found["name"] if found else error.message
    yield path, "missing_key", f"The key '{missing}' is missing; add it."


def _additional(error: ValidationError, path: Path) -> Iterable[Fault]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = schema.get("properties", {})
    for key in instance:
        if key not in known:
            missing = [name for name in known if name not in instance]
            sentence = f"The key '{key}' is not known here.{suggestion(key, missing or known)}"
            yield (*path, key), "unknown_key", sentence


def _name(error: ValidationError, path: Path) -> Iterable[Fault]:
    # Raised below propertyNames: the instance is the key, the path the mapping around it.
    sentence = _ended(error, f"'{error.instance}' cannot be a key here.")
    yield (*path, str(error.instance)), "bad_name", sentence


def _pattern(error: ValidationError, path: Path) -> Iterable[Fault]:
    if "propertyNames" in error.absolute_schema_path:
        yield from _name(error, path)
        return
    sentence = _ended(error, f"{_shown(error.instance)} does not have the right form.")
    yield path, "bad_form", sentence


def _length(error: ValidationError, path: Path) -> Iterable[Fault]:
    if "propertyNames" in error.absolute_schema_path:
        yield from _name(error, path)
        return
    instance: Any = error.instance
    length, limit = len(instance), error.validator_value
    unit = "characters" if isinstance(instance, str) else "entries"
    if error.validator in ("minLength", "minItems", "minProperties"):
        yield path, "too_short", f"Has {length} {unit}; at least {limit} are needed."
        return
    yield path, "too_long", f"Has {length} {unit}; at most {limit} are possible."


def _enum(error: ValidationError, path: Path) -> Iterable[Fault]:
    allowed: Any = error.validator_value
    known = [str(value) for value in allowed]
    sentence = f"{_shown(error.instance)} is not possible here."
    yield path, "unknown_value", sentence + suggestion(str(error.instance), known)


def _const(error: ValidationError, path: Path) -> Iterable[Fault]:
    sentence = f"{_shown(error.instance)} stands where '{error.validator_value}' is needed."
    yield path, "unknown_value", sentence


def _range(error: ValidationError, path: Path) -> Iterable[Fault]:
    least = error.validator == "minimum"
    bound = f"{'at least' if least else 'at most'} {error.validator_value}"
    yield path, "out_of_range", f"{error.instance} is out of range; {bound} is possible."


def _unique(error: ValidationError, path: Path) -> Iterable[Fault]:
    instance: Any = error.instance
    seen: list[Any] = []
    for index, value in enumerate(instance):
        if value in seen:
            sentence = f"{_shown(value)} stands here a second time; remove one."
            yield (*path, index), "duplicate_entry", sentence
        seen.append(value)


def _forbidden(error: ValidationError, path: Path) -> Iterable[Fault]:
    yield path, "not_allowed", _ended(error, "This is not possible here.")


_SENTENCES: dict[str, Callable[[ValidationError, Path], Iterable[Fault]]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _additional,
    "pattern": _pattern,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _length,
    "maxItems": _length,
    "minProperties": _length,
    "maxProperties": _length,
    "enum": _enum,
    "const": _const,
    "minimum": _range,
    "maximum": _range,
    "uniqueItems": _unique,
    "not": _forbidden,
}
