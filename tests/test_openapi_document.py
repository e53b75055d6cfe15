"""The committed OpenAPI document is what the code says."""

from pathlib import Path

import yaml
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def test_the_committed_document_equals_the_generated_one() -> None:
    committed = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    generated = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(generated)
    assert committed == generated, "Run `make openapi` and commit docs/openapi.yaml."


def test_every_operation_names_its_scope_its_answers_and_its_refusals() -> None:
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    assert document["openapi"].startswith("3.1")
    scopes = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            place = f"{method} {path}"
            [[scope]] = [entry["oauth2"] for entry in operation["security"]]
            assert scope in scopes["scopes"], place
            assert operation["description"], place
            assert {"400", "401", "403", "404", "409", "422", "429"} <= set(operation["responses"])
            is_repeatable = method == "get" or path.endswith("/configure/")
            keys = [p["name"] for p in operation.get("parameters", []) if p["in"] == "header"]
            assert keys == ([] if is_repeatable else ["Idempotency-Key"]), place
