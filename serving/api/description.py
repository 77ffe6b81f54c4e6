"""The description of the API: OpenAPI with one problem shape, and an example of every question and answer.

Owns what is added to what the framework derives from the routes. The examples are in `examples.json`; a
test asks each of them, and holds its answer against the schema.
"""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.api.problems import PROBLEM, SCHEMA, documented
from serving.api.security import SAFE_METHODS, SCHEMES

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.routing import APIRoute

EXAMPLES = Path(__file__).with_name("examples.json")
FIELDS = Path(__file__).with_name("fields.toml")
JSON = "application/json"
UNDER = "/v1/"


def operation_id(route: APIRoute) -> str:
    """Name an operation after its noun and its verb, such as `customers_search`.

    Typed clients are generated with these names.
    """
    return "_".join([*(str(tag) for tag in route.tags[:1]), route.name])


def install(app: FastAPI) -> None:
    """Make an application describe itself with the problem's shape and the examples."""
    derive = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = derive()
            described["components"]["schemas"][PROBLEM] = deepcopy(SCHEMA)
            add_meanings(described, tomllib.loads(FIELDS.read_text(encoding="utf-8")))
            add_security(described)
            add_tags(described)
            add_refusals(described)
            add_examples(described, json.loads(EXAMPLES.read_text(encoding="utf-8")))
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's documented way


def add_meanings(described: dict[str, Any], meanings: dict[str, str]) -> None:
    """Describe the fields whose schema says nothing, by `Schema.field` or else by the field's name."""
    for name, schema in described["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            meaning = meanings.get(f"{name}.{field}", meanings.get(field))
            if meaning is not None:
                about.setdefault("description", meaning)


def add_examples(described: dict[str, Any], examples: dict[str, Any]) -> None:
    """Put the examples into a description that is being made, by the operations' names."""
    for operation in operations(described).values():
        found = examples.get(operation["operationId"], {})
        if "question" in found:
            _put(operation["requestBody"]["content"][JSON], found["question"])
        if "answer" in found:
            _put(success(operation)["content"][JSON], found["answer"])


def add_security(described: dict[str, Any]) -> None:
    """Say of everything under the API's path how a program authenticates."""
    described["components"]["securitySchemes"] = {name: dict(one) for name, one in SCHEMES.items()}
    for path, methods in described["paths"].items():
        if path.startswith(UNDER):
            for operation in methods.values():
                operation["security"] = [{name: []} for name in SCHEMES]


def add_tags(described: dict[str, Any]) -> None:
    """Say of every GET of the API that its answer carries a tag, and need not be sent twice."""
    for path, methods in described["paths"].items():
        if path.startswith(UNDER) and "get" in methods:
            answers = methods["get"]["responses"]
            tag = {"description": "send it back in If-None-Match", "schema": {"type": "string"}}
            answers["200"]["headers"] = {"ETag": tag}
            said = "Nothing changed since the answer whose ETag came in If-None-Match"
            answers["304"] = {"description": said}
            methods["get"]["responses"] = dict(sorted(answers.items()))


def add_refusals(described: dict[str, Any]) -> None:
    """Say of everything that changes or computes that a session must bring its token, else 403."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if path.startswith(UNDER) and method.upper() not in SAFE_METHODS:
                answers = {"403": documented(403)[403], **operation["responses"]}
                operation["responses"] = dict(sorted(answers.items()))


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the operations of a description by their names, each with its path and method."""
    return {
        operation["operationId"]: operation
        for path in described["paths"].values()
        for operation in path.values()
    }


def success(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the description of an operation's answer where all is well."""
    found: dict[str, Any] = next(
        answer for status, answer in operation["responses"].items() if status.startswith("2")
    )
    return found


def _put(content: dict[str, Any], value: object) -> None:
    content["examples"] = {"example": {"value": value}}
