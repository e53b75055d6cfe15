"""JSON from outside: what no program of good will sends is refused before anybody reads it."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

# Neither can be stored in PostgreSQL or sent as UTF-8, whatever the member is for.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NESTED_TOO_DEEP = "The body is nested too deeply."
MAX_DEPTH = 20


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large; one million bytes at most."


class StrictJSONParser(BaseParser):
    """UTF-8, no NaN, no member twice, no U+0000, no lone surrogate, bounded in size and depth."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = read_body(stream) if isinstance(stream, HttpRequest) else stream.read()
        try:
            found = json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_members
            )
        except RecursionError as error:
            raise ParseError(_NESTED_TOO_DEEP) from error
        except ValueError as error:
            raise ParseError(f"The body is no JSON: {error}"[:200]) from error
        _check(found, depth=0)
        return found


def read_body(request: HttpRequest) -> bytes:
    """The body by Django's own door, which knows the limit (DATA_UPLOAD_MAX_MEMORY_SIZE)."""
    try:
        return bytes(request.body)
    except RequestDataTooBig as error:
        raise TooLarge from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same member twice")
    return found


def _check(value: Any, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(_NESTED_TOO_DEEP)
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise ParseError("A text holds U+0000 or half a surrogate pair; leave it out.")
    if isinstance(value, dict):
        for name, member in value.items():
            _check(name, depth=depth + 1)
            _check(member, depth=depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth=depth + 1)
