"""The published forms that lines and platform exchange: production/schemas/*.schema.json."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
PUBLISHED = frozenset(
    {
        *("hello", "welcome", "status", "jobresponse"),
        *("joborder", "joback", "jobcommand", "jobrecord"),
    }
)


@cache
def schema_text(name: str) -> str:
    """A published schema as it stands.

    Raises:
        KeyError: ``name`` is not one of ``PUBLISHED``.
    """
    if name not in PUBLISHED:
        raise KeyError(name)
    return (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(name)))


def misfit(name: str, document: object) -> str:
    """Why ``document`` does not follow the form ``name``, in a sentence; empty when it does."""
    error = best_match(_validator(name).iter_errors(document))
    return "" if error is None else f"At {error.json_path[:120]}: {error.message[:300]}"


def read_json(body: bytes) -> Any:
    """Parse strictly: UTF-8, no NaN, no number or nesting that would choke us.

    Raises:
        ValueError: it is no such JSON.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def write_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
