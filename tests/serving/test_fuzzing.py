"""No question that a machine makes up is answered with a server's fault, or against the description."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from serving.api.description import EXAMPLES
from tests.serving.running import running
from tests.serving.served import an_app_over, served

pytestmark = pytest.mark.slow

OPERATIONS = list(json.loads(EXAMPLES.read_text(encoding="utf-8")))
ASKED = [
    *((name, GenerationMode.POSITIVE) for name in OPERATIONS),
    # Whether it lives is asked with nothing, so there is nothing to get wrong.
    *((name, GenerationMode.NEGATIVE) for name in OPERATIONS if not name.startswith("health")),
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described() -> Iterator[schemathesis.BaseSchema]:
    """The description as the running API gives it."""
    with running(an_app_over(served().store)) as url:
        yield schemathesis.openapi.from_url(f"{url}/openapi.json")


@pytest.mark.parametrize(("name", "mode"), ASKED, ids=lambda part: str(getattr(part, "value", part)))
def test_every_operation_answers_as_it_is_described(
    described: schemathesis.BaseSchema, name: str, mode: GenerationMode
):
    operation = described.find_operation_by_id(name)

    @given(operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def asks(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"X-API-Key": served().keys["admin"]}, checks=CHECKS)

    asks()
