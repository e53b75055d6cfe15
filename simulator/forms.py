"""The published schemas, fetched from the platform as any line would."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from simulator.problems import Problem

NEEDED = ("joborder", "jobcommand", "welcome")


class Forms:
    """Validators by name of the form."""

    def __init__(self, schemas: dict[str, dict[str, Any]]) -> None:
        self._validators = {name: Draft202012Validator(one) for name, one in schemas.items()}

    def check(self, name: str, document: object) -> dict[str, Any]:
        """Return the document as an object that follows the form.

        Raises:
            Problem: 422 that names the place and the rule.
        """
        error = best_match(self._validators[name].iter_errors(document))
        if error is not None:
            place = error.json_path[:120]
            raise Problem(422, "not_the_schema", f"At {place}: {error.message[:300]}")
        if not isinstance(document, dict):
            raise Problem(422, "not_the_schema", f"A {name} is an object.")
        return document


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def read_json(body: bytes) -> Any:
    """Parse strictly.

    Raises:
        Problem: 400 for what is no JSON, also when it is nested too deep or a number is too long.
    """
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
        # A lone surrogate is JSON but no text: it could be neither stored nor sent on.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        text = f"The body is no JSON in UTF-8: {str(error)[:200]}"
        raise Problem(400, "not_json", text) from error
    return document
