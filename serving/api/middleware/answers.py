"""Recorded answers as HTTP responses: the bytes that the audit log holds, and the answer's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from serving.audit.entries import ANSWER_ID_HEADER

if TYPE_CHECKING:
    from serving.audit.answers import Answer


def answer_response(answer: Answer) -> Response:
    """Return an answer as a response."""
    return Response(answer.body, headers={ANSWER_ID_HEADER: answer.answer_id}, media_type="application/json")
