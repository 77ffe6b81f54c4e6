"""The reference of the API, from its OpenAPI document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docs.generator.tables import UndocumentedError, code, table, text_of
from serving.app import create_app
from serving.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRO = """\
A running server has the same at `/docs`, with a form for each request, and the OpenAPI document at
`/openapi.json`. Send a key in the header `X-API-Key`. Errors are problem documents (RFC 9457). Every `GET`
below `/v1` carries an `ETag`: send it back in `If-None-Match`, and an unchanged answer is `304`.
"""
BODY = "application/json"
PROBLEM = "[Problem](#problem)"


def page() -> str:
    """Return the page.

    Raises
    ------
    UndocumentedError
        An operation or a field has no description.
    """
    described = create_app(Settings(_env_file=None)).openapi()
    found = list(_operations(described))
    UndocumentedError.check("operation", [name for name, o in found if not o.get("description")])
    schemas = described["components"]["schemas"]
    fields = {
        f"{name}.{field}": about
        for name, schema in schemas.items()
        for field, about in schema.get("properties", {}).items()
    }
    UndocumentedError.check("field", [name for name, about in fields.items() if not about.get("description")])
    lines = [line for name, operation in found for line in _operation(name, operation)]
    lines += ["## Schemas", ""]
    lines += [line for name in sorted(schemas) for line in _schema(name, schemas[name])]
    return text_of("API", "en", [INTRO, *lines])


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _operation(name: str, operation: dict[str, Any]) -> list[str]:
    lines = [f"## {name}", "", _words(operation["description"]), ""]
    parameters = operation.get("parameters", [])
    if parameters:
        asked: list[tuple[str, ...]] = [
            (code(p["name"]), p["in"], _type(p["schema"]), p.get("description", "")) for p in parameters
        ]
        lines += table(["parameter", "in", "type", "meaning"], asked)
    if "requestBody" in operation:
        lines += [f"Request: {_type(operation['requestBody']['content'][BODY]['schema'])}.", ""]
    answers = {status: _answer(answer) for status, answer in operation["responses"].items()}
    problems = [status for status, answer in answers.items() if answer == PROBLEM]
    rows = [(status, answer) for status, answer in answers.items() if answer != PROBLEM]
    lines += table(["status", "answer"], rows)
    return [*lines, f"{PROBLEM}: {', '.join(problems)}.", ""] if problems else lines


def _answer(answer: dict[str, Any]) -> str:
    types = [
        _type(content["schema"]) for content in answer.get("content", {}).values() if "schema" in content
    ]
    return ", ".join(types) or _words(answer.get("description", ""))


def _schema(name: str, schema: dict[str, Any]) -> list[str]:
    lines = [f"### {name}", ""]
    if schema.get("description"):
        lines += [_words(schema["description"]), ""]
    if "enum" in schema:
        lines += [f"One of {', '.join(code(value) for value in schema['enum'])}.", ""]
    required = set(schema.get("required", ()))
    rows = [
        (code(field), _type(about), "yes" if field in required else "", _words(about.get("description", "")))
        for field, about in schema.get("properties", {}).items()
    ]
    return lines + (table(["field", "type", "required", "meaning"], rows) if rows else [])


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[several]))
    if "enum" in schema or "const" in schema:
        return ", ".join(code(json.dumps(value)) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _words(text: str) -> str:
    return " ".join(text.split())
