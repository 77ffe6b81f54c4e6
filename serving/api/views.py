"""Pages, tables and lists of what the night published: each view is entered in the log before it goes out.

Owns what stands in the audit log about a view. A page of a customer is entered with the whole answer shown
and what it was computed from, so that it can be computed again; a list with the run it comes from and whom it
showed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.api.middleware.conditional import conditional
from serving.audit.entries import ANSWER_ID_HEADER, entry_of, entry_of_file, new_answer_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import Request, Response

    from serving.audit.recorder import Recorder
    from serving.callers import Caller
    from serving.store import AuditEntry, CustomerFile, Run
    from serving.usecases.limit_usage import LimitsInForce

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
    """Enter that somebody is shown a customer, and return the entry; its id goes out with the answer.

    Parameters
    ----------
    beside
        What is shown beside the night's assessment, as JSON values.
    answer_id
        The id that stands on the answer; a new one without it.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be shown.
    """
    question = {"customer_id": found.stored.row.customer_id, **_asked(request)}
    entry = entry_of_file(caller, action, question, found, beside, answer_id)
    recorder.record(entry)
    return entry


def enter_list(
    request: Request,
    recorder: Recorder,
    caller: Caller,
    action: str,
    run: Run,
    customer_ids: Iterable[str] | None = None,
    answer_id: str | None = None,
) -> None:
    """Enter that somebody is shown a list or the portfolio.

    Parameters
    ----------
    customer_ids
        Whom it shows; left out where it shows nobody by name, or everybody that the question finds.
    answer_id
        The id that stands on the answer; a new one without it.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be shown.
    """
    shown: dict[str, Any] = {"run_id": run.run_id, "as_of": run.key.as_of.isoformat()}
    if customer_ids is not None:
        shown["customer_ids"] = list(customer_ids)
    recorder.record(entry_of(caller, action, _asked(request), shown, answer_id=answer_id))


def answer_list(
    request: Request,
    recorder: Recorder,
    limits: LimitsInForce,
    caller: Caller,
    run: Run,
    make: Callable[[], dict[str, Any]],
) -> Response:
    """Answer with a list of the published night, entered in the log, or with 304 where it is known already.

    Parameters
    ----------
    make
        Makes the list; its customers stand in `items`, where it names any.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be answered.
    """
    answer_id = new_answer_id()

    def entered() -> dict[str, Any]:
        document = make()
        items = document.get("items")
        named = None if items is None else (item["customer_id"] for item in items)
        enter_list(request, recorder, caller, LIST, run, named, answer_id)
        return document

    return conditional(request, limits.version, entered, {ANSWER_ID_HEADER: answer_id})


def _asked(request: Request) -> dict[str, Any]:
    """Return the path and the query of a request."""
    return {"path": request.url.path, "query": dict(request.query_params)}
