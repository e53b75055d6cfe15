"""schemathesis plays with every operation of the document: nothing breaks, answers conform."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
import schemathesis
import schemathesis.openapi
from django.conf import settings
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.factories.partners import Api, make_api
from tests.factories.production import make_offer, make_plant

pytestmark = [pytest.mark.contract, pytest.mark.django_db]

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "12"))  # for each operation
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
schema = schemathesis.openapi.from_path(Path(settings.BASE_DIR) / "docs" / "openapi.yaml")
schema.app = get_wsgi_application()


@pytest.fixture
def known(db: None, clean_valkey: None) -> Iterator[dict[str, Any]]:
    """A partner with a design, an order and a unit, so that addresses lead somewhere."""
    make_offer(make_plant())
    api: Api = make_api()
    design = api.save_design()
    order = api.order(design=design).json()
    # Requests leave the test's own transaction open; Django's test client, used above, connects
    # the receiver again after each call.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield {
        "token": api.token,
        "product": "stool",
        "code": design,
        "order": order["id"],
        "unit": order["lines"][0]["units"][0]["id"],
    }
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@bounds(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_document_says(case: Any, known: dict[str, Any]) -> None:
    _lead_somewhere(case, known)
    headers = {"Authorization": f"Bearer {known['token']}"}
    if case.headers and "Idempotency-Key" in case.headers:
        headers["Idempotency-Key"] = str(uuid4())
    response = case.call(headers=headers)
    case.validate_response(response, checks=CHECKS, headers=headers)


def _lead_somewhere(case: Any, known: dict[str, Any]) -> None:
    """Half of the addresses name what there is; the others stay as they were made up."""
    parameters = case.path_parameters or {}
    for name in list(parameters):
        if crc32(str(parameters[name]).encode("utf-8", "replace")) % 2:
            place = "unit" if "/units/" in case.operation.path else "order"
            parameters[name] = known[place if name == "public_id" else name]
