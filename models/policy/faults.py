"""Faults of a policy's text, each with its line, its key, what came and what is allowed.

Owns the words; what is allowed is read from the JSON schema of the document's fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.sections.fields import IN_WORDS
from models.policy.toml_lines import key_lines, key_of, line_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from models.policy.sections.fields import Section
    from models.policy.toml_lines import Path

    Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class PolicyFault:
    """A fault of one key: its line, its name, what came and what is allowed."""

    line: int
    key: str
    words: str

    def told(self, source: str) -> str:
        """Return the fault as `file:line: key: words`."""
        return f"{source}:{self.line}: {self.key}: {self.words}"


def faults_of(error: ValidationError, document: type[Section], text: str) -> tuple[PolicyFault, ...]:
    """Convert a validation error to faults in the order of the text's lines.

    Parameters
    ----------
    error
        What the validation of the text as the document raised.
    """
    lines, schema = key_lines(text), document.model_json_schema()
    found = error.errors(include_url=False, include_context=False)
    return tuple(
        sorted(
            PolicyFault(line_of(one["loc"], lines), key_of(one["loc"]), _words(one, schema)) for one in found
        )
    )


def _words(error: ErrorDetails, schema: Schema) -> str:
    if error["type"] == IN_WORDS:
        return error["msg"]
    if error["type"] == "extra_forbidden":
        known = _at(error["loc"][:-1], schema)["properties"]
        return f"no such key; allowed are {', '.join(sorted(known))}"
    came = "missing" if error["type"] == "missing" else f"got {error['input']!r}"
    return f"{came}; allowed is {_allowed(_at(error['loc'], schema), schema)}"


def _at(path: Path, schema: Schema) -> Schema:
    """Return the schema of the value at a path."""
    found = schema
    for part in path:
        found = _resolved(found["items"] if isinstance(part, int) else found["properties"][part], schema)
    return found


def _resolved(found: Schema, schema: Schema) -> Schema:
    """Resolve a reference or an optional value to the schema itself."""
    found = found.get("anyOf", [found])[0]
    resolved: Schema = schema["$defs"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found
    return resolved


def _allowed(found: Schema, schema: Schema) -> str:
    """Describe what a value may be."""
    if found["type"] == "object":
        return f"a table of {', '.join(found['properties'])}"
    if "description" in found:
        return str(found["description"])
    if "enum" in found:
        return f"one of {', '.join(map(str, found['enum']))}"
    if found["type"] == "array":
        is_table = _resolved(found["items"], schema)["type"] == "object"
        return "a list of tables" if is_table else "a list of texts, none of them empty"
    return "true or false" if found["type"] == "boolean" else _span(found)


def _span(found: Schema) -> str:
    kind, form = ("a whole number", "d") if found["type"] == "integer" else ("a number", ",.10g")
    start = (
        f"from {found['minimum']:{form}}"
        if "minimum" in found
        else f"above {found['exclusiveMinimum']:{form}}"
    )
    return f"{kind} {start} to {found['maximum']:{form}}" if "maximum" in found else f"{kind} {start}"
