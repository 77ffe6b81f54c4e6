"""Errors as problem documents (RFC 9457).

Owns the mapping of exceptions to HTTP statuses. A problem says what is wrong, the field where there is one,
and what to do; names of databases and files are logged only.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from models.errors import (
    CaseAnsweredError,
    CaseRefusedError,
    CollectionActionError,
    CreditError,
    MigrationPeriodError,
    ModelError,
    NoChampionError,
    NotPublishedError,
    OverrideWithdrawnError,
    PolicyError,
    RefusedByPolicyError,
    StateError,
    StoreError,
    UnknownAnswerError,
    UnknownCaseError,
    UnknownClosingError,
    UnknownCustomerError,
    UnknownOverrideError,
    UnknownUserError,
)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:encours:problem:"
OTHER_VERSION = "other-version"
LARGEST_BODY_BYTES = 1_000_000
"""Largest body of a request."""
LONGEST_SHOWN = 100
"""Most characters of a key that a problem quotes."""
_TRIED = re.compile(r"constrained-\w+|literal\[.*\]")
"""Names that pydantic gives to the alternatives of a union field."""
_TEXT = {"type": "string"}
_FAULT = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": _TEXT, "message": _TEXT},
}
PROBLEM = "Problem"
"""Name of the document's schema in the API's description."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong and what to do (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {**_TEXT, "description": f"{TYPE_PREFIX}…, or about:blank"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": {**_TEXT, "description": "path of the request"},
        "errors": {"type": "array", "items": _FAULT, "description": "the invalid fields"},
    },
}
"""The document's JSON schema, for the API's description."""


class Problem(Exception):  # noqa: N818  # the standard's word for what is answered
    """An answer other than success.

    Parameters
    ----------
    status
        The HTTP status.
    slug
        The kind of problem, the end of its `type`; empty for a plain HTTP error.
    errors
        Pairs of a field's name and what is wrong with it.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        title: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.title, self.detail = status, slug, title, detail
        self.errors, self.headers = tuple(errors), headers

    def document(self, instance: str) -> dict[str, Any]:
        """Return the problem as JSON values; `instance` is the path of the request."""
        body: dict[str, Any] = {
            "type": TYPE_PREFIX + self.slug if self.slug else "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": _sound(self.detail),
            "instance": quote(instance),
        }
        if self.errors:
            body["errors"] = [
                {"field": _sound(field), "message": _sound(text)} for field, text in self.errors
            ]
        return body

    def response(self, instance: str) -> JSONResponse:
        """Return the document as a response; `instance` is the path of the request."""
        return JSONResponse(self.document(instance), self.status, headers=self.headers, media_type=MEDIA_TYPE)


class DuplicateKeyError(HTTPException):
    """An object of a JSON body has a key twice; an HTTP error, as only these leave the reading of bodies."""

    def __init__(self, key: str) -> None:
        self.key = key if len(key) <= LONGEST_SHOWN else f"{key[:LONGEST_SHOWN]}…"
        super().__init__(400, f"Duplicate key {self.key!r} in a JSON object; remove one.")


_DOCUMENTED: dict[int, tuple[str, str, str, str]] = {
    400: (
        "The body cannot be read",
        "unreadable",
        "Unreadable body",
        "The body is no JSON in UTF-8, or its numbers or nesting are too large; send valid JSON in UTF-8.",
    ),
    401: (
        "No valid API key and no session",
        "no-key",
        "No valid API key",
        "The API key is unknown, expired or revoked; request a new one.",
    ),
    403: (
        "The role does not allow this, or the request of a session lacks its CSRF token",
        "forbidden",
        "Role not allowed",
        "The key 'erp' has the role sales; this needs analyst or admin.",
    ),
    404: (
        "Not found",
        "unknown-customer",
        "Unknown customer",
        "no customer 'C9' in the portfolio; search for it, or assess it as a prospect",
    ),
    409: (
        "Already done",
        "withdrawn",
        "Already withdrawn",
        "Override 12 was withdrawn by anne already.",
    ),
    413: (
        "The body is too large",
        "too-large",
        "Body too large",
        "The body has more than 1,000,000 bytes; send less, or several requests.",
    ),
    422: (
        "Invalid values, by field",
        "invalid-request",
        "Invalid request",
        "Correct these fields: amount_eur.",
    ),
    429: (
        "Rate limit exceeded; the header Retry-After says when to retry",
        "too-many-requests",
        "Too many requests",
        "The rate limit is exceeded; retry in 3 s.",
    ),
    503: (
        "Unavailable: the detail says what to run",
        "no-run",
        "No scores yet",
        "No scores are published yet; run `encours nightly`, then retry.",
    ),
}
"""Meaning of each status, and an example: the kind, the title and the detail of a problem."""


def no_findings() -> Problem:
    """Return the problem of a night that an earlier version published, without the portfolio's figures."""
    detail = "The last night published no portfolio figures; run `encours nightly`, then retry."
    return Problem(503, "no-findings", "No figures yet", detail)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of problem answers for a route's `responses`, each with an example."""
    shape = {"$ref": f"#/components/schemas/{PROBLEM}"}
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        meaning, *example = _DOCUMENTED[status]
        document = Problem(status, *example).document("/v1/assessments")
        content = {"schema": shape, "examples": {"example": {"value": document}}}
        found[status] = {"description": meaning, "content": {MEDIA_TYPE: content}}
    return found


_UNAVAILABLE: tuple[tuple[type[CreditError] | tuple[type[CreditError], ...], str, str, str], ...] = (
    (
        NoChampionError,
        "no-champion",
        "No model in service",
        (
            "No model is in service yet; run `encours train late`, `encours train default` and "
            "`encours promote`, then retry."
        ),
    ),
    (
        NotPublishedError,
        "no-run",
        "No scores yet",
        "No scores are published yet; run `encours nightly`, then retry.",
    ),
    (
        StoreError,
        "store-away",
        "Store unavailable",
        "The store is unavailable; check that its database runs, and ENCOURS_STORE_URL.",
    ),
    (StateError, OTHER_VERSION, "Scores of another version", ""),
    (
        (PolicyError, ModelError),
        "cannot-assess",
        "Cannot assess",
        "The policy or a model cannot be applied; the server's log has the reason.",
    ),
)
"""Errors that make every answer impossible: the problem's kind, title and detail. Where the detail is empty,
the error's message is it. The first match counts."""


_NOT_DONE = (
    (UnknownOverrideError, 404, "unknown-override", "Unknown override"),
    (OverrideWithdrawnError, 409, "withdrawn", "Already withdrawn"),
    (UnknownUserError, 422, "unknown-user", "Unknown user"),
    (UnknownAnswerError, 404, "unknown-answer", "Unknown answer"),
    (UnknownCaseError, 404, "unknown-case", "Unknown case"),
    (MigrationPeriodError, 422, "migration-period", "No migration over this period"),
    (CaseAnsweredError, 409, "case-answered", "Already answered"),
    (UnknownClosingError, 404, "unknown-closing", "Unknown closing"),
)
"""Errors of a requested change: the problem's status, kind and title."""


def from_error(error: CreditError) -> Problem:
    """Return the problem of an exception of the project."""
    if isinstance(error, UnknownCustomerError):
        return Problem(
            404, "unknown-customer", "Unknown customer", str(error), errors=[("customer_id", str(error))]
        )
    if isinstance(error, RefusedByPolicyError):
        return _refused(error)
    if isinstance(error, CollectionActionError):
        faults = [(field, message) for field, _, message in error.faults]
        return Problem(422, "action-refused", "The action cannot be recorded", str(error), errors=faults)
    for kind, status, slug, title in _NOT_DONE:
        if isinstance(error, kind):
            return Problem(status, slug, title, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    for kinds, slug, title, detail in _UNAVAILABLE:
        if isinstance(error, kinds):
            headers = {"Retry-After": "30"} if slug == "store-away" else None
            return Problem(503, slug, title, detail or str(error), headers=headers)
    return _unexpected()


def problem_of(error: CreditError | ValidationError) -> Problem:
    """Return the problem of one question of a batch; internal details are logged only."""
    if isinstance(error, ValidationError):
        return from_faults([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()])
    problem = from_error(error)
    if problem.status >= 500:
        structlog.get_logger().error("batch_question_with_problem", reason=repr(error))
    return problem


def _refused(error: RefusedByPolicyError) -> Problem:
    if isinstance(error, CaseRefusedError):
        return _case_refused(error)
    roles = [message for field, message in error.faults if field == "role"]
    if roles:
        return Problem(403, "forbidden", "Role not allowed", f"The role {roles[0]}.")
    named = "; ".join(f"{field} {message}" for field, message in error.faults)
    title = "The policy does not allow this override"
    return Problem(422, "override-refused", title, named, errors=error.faults)


def _case_refused(error: CaseRefusedError) -> Problem:
    named = "; ".join(f"{field} {message}" for field, message in error.faults)
    if any(field == "caller" for field, _ in error.faults):
        return Problem(403, "forbidden", "Person not allowed", f"The {named}.")
    return Problem(422, "case-refused", "The policy does not allow this", named, errors=error.faults)


def from_validation(error: RequestValidationError) -> Problem:
    """Return the problem of a request with invalid values, naming each field."""
    return from_faults(error.errors())


def from_faults(found: Sequence[Any]) -> Problem:
    """Return the problem of invalid values as reported by pydantic, from the `body` or elsewhere."""
    faults = [(_field(fault), _message(fault)) for fault in found]
    named = ", ".join(dict.fromkeys(field for field, _ in faults))
    return Problem(
        422, "invalid-request", "Invalid request", f"Correct these fields: {named}.", errors=faults
    )


def install(app: FastAPI) -> None:
    """Make an application answer every error with a problem document."""

    def on_problem(request: Request, error: Exception) -> JSONResponse:
        return response_to(error, request.url.path)

    for kind in (Problem, CreditError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, on_problem)


def response_to(error: Exception, path: str) -> JSONResponse:
    """Return the response to an error at a path; internal details are logged only."""
    problem = error if isinstance(error, Problem) else _problem_of(error)
    if problem.status >= 500 and error is not problem:
        # No traceback here: it would show what was in the variables, keys included.
        structlog.get_logger().error("answered_with_problem", path=path, reason=repr(error))
    return problem.response(path)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, CreditError):
        return from_error(error)
    if isinstance(error, RequestValidationError):
        return from_validation(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    return _unexpected()


def _of_http(error: HTTPException) -> Problem:
    """Return the problem of a plain HTTP error, with clearer words than the framework's for the body's."""
    headers = dict(error.headers) if error.headers else None
    if isinstance(error, DuplicateKeyError):
        faults = [(error.key, error.detail)]
        return Problem(400, "repeated-key", "Duplicate key", error.detail, errors=faults)
    if error.status_code == 400:
        detail = (
            "The body is no JSON in UTF-8, or its numbers or nesting are too large; send valid JSON in UTF-8."
        )
        return Problem(400, "unreadable", "Unreadable body", detail, headers=headers)
    if error.status_code == 413:
        detail = f"The body has more than {LARGEST_BODY_BYTES:,} bytes; send less, or several requests."
        return Problem(413, "too-large", "Body too large", detail, headers=headers)
    details = {
        404: "This path does not exist; /docs lists the paths.",
        405: "This path does not support the method; the header Allow lists those that it does.",
    }
    detail = details.get(error.status_code, f"{error.detail}.")
    return Problem(error.status_code, "", error.detail, detail, headers=headers)


def _unexpected() -> Problem:
    return Problem(
        500, "unexpected", "Unexpected error", "An unexpected error occurred; the server's log has it."
    )


def _field(fault: dict[str, Any]) -> str:
    """Name a field as in the request: `accounts.0.equity`, without FastAPI's prefix.

    A check between several fields names the one to correct in its context. The alternative
    of a union field is left out.
    """
    where = [str(part) for part in fault["loc"]]
    if len(where) > 2 and fault["type"] != "extra_forbidden" and _TRIED.fullmatch(where[-1]):
        where.pop()
    between = fault.get("ctx", {}).get("field")
    if fault["type"] == "json_invalid":
        return where[0]
    return ".".join([*where[1:], between] if between else where[1:]) or where[0]


def _sound(text: str) -> str:
    """Replace invalid Unicode of a request, so that the response can be encoded."""
    return text.encode("utf-8", "replace").decode()


def _message(fault: dict[str, Any]) -> str:
    reason = fault.get("ctx", {}).get("error")
    if fault["type"] == "json_invalid":
        return f"the body is not JSON: {reason}"
    if isinstance(fault.get("input"), bytes):
        return "the body is not read as JSON; send the header Content-Type: application/json"
    return str(fault["msg"])
