"""A sound question to every operation of the description, for tests that go over all of them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from httpx2 import Response

from serving.api.description import EXAMPLES, operations
from tests.serving.fakes import TestClient
from tests.serving.served import served

SIREN = "900000019"
NAMES: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
"""The operations by their names, known without serving anything, each with its example."""
OF_A_CUSTOMER = {"overrides_add", "worklist_record_action", "cases_send"}
"""Those that change something of the customer in their body."""
GETS = [
    name
    for name, example in NAMES.items()
    if "question" not in example and not name.startswith("health") and name != "overrides_withdraw"
]
"""Those that are a GET under `/v1`."""


@dataclass(frozen=True)
class Operation:
    """An operation with a question that it answers, or could answer but for what its path names."""

    name: str
    method: str
    path: str
    described: dict[str, Any]
    body: dict[str, Any] | None = None

    def ask(self, client: TestClient, **more: Any) -> Response:  # noqa: ANN401  # as the client takes it
        return client.request(self.method, self.path, json=self.body, **more)


@cache
def all_operations() -> dict[str, Operation]:
    """Return the operations of the description by their names."""
    described = served().app.openapi()
    placed = {
        operation["operationId"]: (method, path)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    found = {}
    for name, operation in operations(described).items():
        method, path = placed[name]
        if method == "delete":
            path += "?reason=no+longer+guaranteed"
        path += f"?customer_id={_to_chase()}" if name == "worklist_letter" else ""
        for part, value in _named().items():
            path = path.replace(part, value)
        body = NAMES[name].get("question")
        # Nobody's, so that asking changes nothing.
        body = body | {"customer_ids": ["nobody"]} if name in {"reviews_add", "assignments_add"} else body
        body = body | {"customer_id": "nobody"} if name in OF_A_CUSTOMER else body
        found[name] = Operation(name, method, path, operation, body)
    return found


def gets() -> dict[str, str]:
    """Return the path of every GET under `/v1` by the operation's name."""
    found = all_operations().values()
    return {one.name: one.path for one in found if one.method == "get" and one.path.startswith("/v1/")}


def _to_chase() -> str:
    """Return a customer that is on the worklist."""
    return served().store.worklist(limit=1).items[0].customer_id


@cache
def _named() -> dict[str, str]:
    """Return what stands in paths: a customer, an answer, a company, and an override that there is not."""
    owing = served().owing
    answer = served().client("sales").post("/v1/assessments", json={"customer_id": owing})
    answer_id = answer.json()["answer_id"]
    return {
        "{customer_id}": owing,
        "{answer_id}": answer_id,
        "{siren}": SIREN,
        "{override_id}": "999999",
        "{as_of}": "2001-01-01",
        "{case_id}": "999999",
    }
