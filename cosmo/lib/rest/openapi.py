"""What the OpenAPI document says of every operation: how it refuses, and when it is repeated."""

from typing import Any

from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.openapi import AutoSchema

from cosmo.lib.rest.permissions import scope_of
from cosmo.lib.rest.strict import strict_names

PREFIX = "/api/v1/"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail", "chain_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "chain_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "detail"],
                "properties": {"path": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
REFUSALS = {
    "400": "The request is malformed.",
    "401": "No valid token.",
    "403": "The token lacks the scope.",
    "404": "There is no such thing, or it is not yours.",
    "409": "It does not fit what is now; nothing was changed.",
    "413": "The body is larger than a million bytes.",
    "415": "The body is not application/json.",
    "422": "A value is not possible; nothing was changed.",
    "429": "Too many calls; see Retry-After.",
}
OF_BODIES = frozenset({"413", "415"})
NUMBER = {"type": "number"}
ANSWER = {
    "anyOf": [
        {"type": "string"},
        NUMBER,
        {"type": "array", "items": {"type": "string"}},
    ]
}
ANSWERS = {"type": "object", "additionalProperties": ANSWER}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each write you mean, the same when you repeat it. Kept 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


class BearerScheme(DjangoOAuthToolkitScheme):  # type: ignore[no-untyped-call]
    """How the document names our way of reading tokens."""

    target_class = "cosmo.lib.rest.authentication.BearerAuthentication"


class PartnerSchema(AutoSchema):
    """Says of each operation which scope it takes."""

    def get_auth(self) -> list[dict[str, Any]]:
        super().get_auth()  # registers the scheme
        return [{"oauth2": [scope_of(self.view, self.method)]}]


def partner_paths_only(endpoints: list[Any], **_: Any) -> list[Any]:
    """Lines have a protocol page of their own; this document is for partners."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Problem answers for every operation, and the key for every write that is answered once."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    components["responses"] = {f"Refusal{s}": _refusal(text) for s, text in REFUSALS.items()}
    for name in strict_names() & set(schemas):
        schemas[name]["additionalProperties"] = False
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for status in REFUSALS:
                if status not in OF_BODIES or "requestBody" in operation:
                    answer = {"$ref": f"#/components/responses/Refusal{status}"}
                    operation["responses"].setdefault(status, answer)
            if operation.pop("x-idempotent", False):
                operation.setdefault("parameters", []).append(KEY)
    return result


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }
