"""Pages, tables and lists of what the night published: each view is entered in the log before it goes out.

Owns how a request becomes the audit entry of a view. A page of a customer is entered with the
whole answer shown and what it was computed from, so that it can be computed again; what is entered of a list
is `serving.usecases.lists`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.api.middleware.conditional import conditional
from serving.audit.entries import ANSWER_ID_HEADER, entry_of_file, new_answer_id
from serving.usecases.lists import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import Request, Response

    from serving.audit.recorder import Recorder
    from serving.callers import Caller
    from serving.store import AuditEntry, CustomerFile
    from serving.usecases.lists import PublishedLists

PAGE, SHEET, EXPORT, FILE, LIST = "page", "sheet", "export", "file", "list"


def enter_file(
    request: Request,
    recorder: Recorder,
    caller: Caller,
    action: str,
    found: CustomerFile,
    beside: Mapping[str, Any],
    answer_id: str | None = None,
) -> AuditEntry:
    """Enter a view of a customer, and return the entry; its id goes out with the answer.

    Parameters
    ----------
    beside
        What is shown in addition to the night's assessment, as JSON values.
    answer_id
        The answer's id; a new one without it.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be shown.
    """
    question = {"customer_id": found.stored.row.customer_id, **_asked(request)}
    entry = entry_of_file(caller, action, question, found, beside, answer_id)
    recorder.record(entry)
    return entry


def viewer_of(request: Request, caller: Caller, action: str, answer_id: str = "") -> Viewer:
    """Return whom a list is shown to, with what the request asks for."""
    return Viewer(caller, action, _asked(request), answer_id)


def answer_list(
    request: Request, lists: PublishedLists, caller: Caller, show: Callable[[Viewer], dict[str, Any]]
) -> Response:
    """Answer with a list of the published night, entered in the log, or with 304 where it is known already.

    Parameters
    ----------
    show
        Has the list shown to somebody, and returns it as JSON values.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    StoreError
        The log cannot be written: nothing may be answered.
    """
    answer_id = new_answer_id()
    viewer = viewer_of(request, caller, LIST, answer_id)
    return conditional(request, lists.version, lambda: show(viewer), {ANSWER_ID_HEADER: answer_id})


def _asked(request: Request) -> dict[str, Any]:
    """Return the path and the query of a request."""
    return {"path": request.url.path, "query": dict(request.query_params)}
